import { linesOf } from './matching/lines.ts';
import { answered, refused, usualLimit, usualTimeout } from './text.ts';
import type { Tool } from './types.ts';

/** Lines that are given without a range. */
const usualLines = 400;

export const tool: Tool = {
  id: 'read-file',
  description: `Gives lines of a text file as the merge request leaves it, each with its number; the first ${usualLines} without a range.`,
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: {
      path: { type: 'string', minLength: 1, maxLength: 4096, description: 'A file of the repository' },
      from: { type: 'integer', minimum: 1, description: 'First line, from 1' },
      to: { type: 'integer', minimum: 1, description: 'Last line' },
    },
  },
  source: 'repository',
  timeout: usualTimeout,
  outputLimit: usualLimit,
  readOn: 'ask for fewer lines by `from` and `to`',
  permission: 'read_code',
  risk: 'low',
  replay: 'pure',
  kind: 'function',
  run: async (input, { repository }) => {
    const {
      path,
      from = 1,
      to = from + usualLines - 1,
    } = input as { path: string; from?: number; to?: number };
    const text = await repository.readFile(path);
    if (text === undefined) return refused(await repository.whyNot(path));
    const lines = linesOf(text);
    if (from > to || from > Math.max(1, lines.length))
      return refused(`The file has ${lines.length} lines: there is no line from ${from} to ${to}.`);
    const last = Math.min(to, lines.length);
    const shown = lines.slice(from - 1, last).map((line, index) => `${from + index}: ${line}`);
    const more = last < lines.length ? [`(the file goes on to line ${lines.length})`] : [];
    return answered([...shown, ...more].join('\n'));
  },
};
