import { cutText } from './text.ts';
import type { Tool } from './types.ts';

const mostFiles = 1_000;

export const tool: Tool = {
  id: 'list-files',
  description: `Lists the files of the repository as the merge request leaves it, one a line, ${mostFiles} at most.`,
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      prefix: { type: 'string', maxLength: 4096, description: 'What their paths begin with, such as `src/`' },
    },
  },
  source: 'repository',
  replay: 'pure',
  kind: 'function',
  risk: 'low',
  permission: 'read_code',
  run: async (input, repository) => {
    const { prefix = '' } = input as { prefix?: string };
    const found = (await repository.listFiles()).filter((path) => path.startsWith(prefix));
    const more = found.length - mostFiles;
    const lines = [
      `${found.length} ${found.length === 1 ? 'file' : 'files'}`,
      // A path may hold a line feed, which would make two of it.
      ...found.slice(0, mostFiles).map((path) => path.replaceAll('\n', '\\n')),
      ...(more > 0 ? [`(and ${more} more; give a longer \`prefix\`)`] : []),
    ];
    return { text: cutText(lines.join('\n'), 'give a longer `prefix`'), failed: false };
  },
};
