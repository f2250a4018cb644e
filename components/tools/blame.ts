import { linesOf } from './matching/lines.ts';
import { answered, onOneLine, refused, usualLimit, usualTimeout } from './text.ts';
import type { BlamedLine, Tool } from './types.ts';

const mostLines = 200;

interface Asked {
  readonly path: string;
  readonly from: number;
  readonly to?: number;
}

export const tool: Tool = {
  id: 'blame',
  description: `Says which commit changed each line of a text file last: \`line commit day author: text\`, and below the subjects of the commits; ${mostLines} lines at most.`,
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['path', 'from'],
    properties: {
      path: { type: 'string', minLength: 1, maxLength: 4096, description: 'A file of the repository' },
      from: { type: 'integer', minimum: 1, description: 'First line, from 1' },
      to: { type: 'integer', minimum: 1, description: 'Last line; the first alone without' },
    },
  },
  source: 'repository',
  timeout: usualTimeout,
  outputLimit: usualLimit,
  readOn: 'ask for fewer lines by `from` and `to`',
  kind: 'function',
  permission: 'read_code',
  risk: 'low',
  replay: 'pure',
  run: async (input, { repository }) => {
    const { path, from, to = from } = input as unknown as Asked;
    if (to - from >= mostLines) return refused(`At most ${mostLines} lines are asked for at once.`);
    const text = await repository.readFile(path);
    if (text === undefined) return refused(await repository.whyNot(path));
    const count = linesOf(text).length;
    if (from > to || from > count)
      return refused(`The file has ${count} lines: there is no line from ${from} to ${to}.`);
    const { entries, isWhole } = await repository.readBlame(path, from, Math.min(to, count));
    const subjects = new Map(entries.map(({ commit }) => [commit.commit.slice(0, 12), commit.subject]));
    const lines = [
      ...entries.map(row),
      '',
      ...[...subjects].map(
        ([commit, subject]) => `${commit}: ${onOneLine(subject).slice(0, 200).toWellFormed()}`,
      ),
      ...(isWhole ? [] : ['(this clone is shallow: its oldest commit stands for all before it)']),
    ];
    return answered(lines.join('\n'));
  },
};

function row({ line, text, commit: { commit, day, author } }: BlamedLine): string {
  return `${line} ${commit.slice(0, 12)} ${day} ${onOneLine(author)}: ${text}`;
}
