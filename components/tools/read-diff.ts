import { answered, usualLimit, usualTimeout } from './text.ts';
import type { Tool } from './types.ts';

export const tool: Tool = {
  id: 'read-diff',
  description: 'Gives what the merge request changes as a unified diff, of one file or of all.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      path: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        description: 'A file of the repository; all without',
      },
    },
  },
  source: 'merge-request-diff',
  timeout: usualTimeout,
  outputLimit: usualLimit,
  readOn: 'ask for one file by `path`',
  permission: 'read_code',
  risk: 'low',
  replay: 'pure',
  kind: 'function',
  run: async (input, { repository }) => {
    const { path } = input as { path?: string };
    const diff = await repository.readDiff(path);
    if (diff !== '') return answered(diff);
    return answered(path === undefined ? 'Nothing is changed.' : 'Nothing is changed in this file.');
  },
};
