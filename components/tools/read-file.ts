import { cutText } from './text.ts';
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
  replay: 'pure',
  kind: 'function',
  risk: 'low',
  permission: 'read_code',
  run: async (input, repository) => {
    const {
      path,
      from = 1,
      to = from + usualLines - 1,
    } = input as { path: string; from?: number; to?: number };
    const text = await repository.readFile(path);
    if (text === undefined)
      return { text: 'There is no text file of at most 1 MiB at this path.', failed: true };
    const lines = linesOf(text);
    if (from > to || from > Math.max(1, lines.length))
      return {
        text: `The file has ${lines.length} lines: there is no line from ${from} to ${to}.`,
        failed: true,
      };
    const last = Math.min(to, lines.length);
    const shown = lines.slice(from - 1, last).map((line, index) => `${from + index}: ${line}`);
    const more = last < lines.length ? [`(the file goes on to line ${lines.length})`] : [];
    return {
      text: cutText([...shown, ...more].join('\n'), 'ask for fewer lines by `from` and `to`'),
      failed: false,
    };
  },
};

/** What follows the last line feed is no line where it is empty. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
