import { createPathFilter } from './matching/glob.ts';
import { answered, counted, onOneLine, usualLimit, usualTimeout } from './text.ts';
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
      glob: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        description: 'What their paths match, such as `src/**/*.ts`',
      },
    },
  },
  source: 'repository',
  timeout: usualTimeout,
  outputLimit: usualLimit,
  readOn: 'give a longer `prefix`',
  permission: 'read_code',
  risk: 'low',
  replay: 'pure',
  kind: 'function',
  run: async (input, { repository }) => {
    const { prefix = '', glob } = input as { prefix?: string; glob?: string };
    const matches = await createPathFilter(glob === undefined ? [] : [glob]);
    const found = (await repository.listFiles()).filter((path) => path.startsWith(prefix) && matches(path));
    const more = found.length - mostFiles;
    const lines = [
      counted(found.length, 'file'),
      ...found.slice(0, mostFiles).map(onOneLine),
      ...(more > 0 ? [`(and ${more} more; give a longer \`prefix\`)`] : []),
    ];
    return answered(lines.join('\n'));
  },
};
