import { answered, onOneLine, refused, usualLimit, usualTimeout } from './text.ts';
import type { LogEntry, Tool } from './types.ts';

const [usualCommits, mostCommits] = [20, 100];

export const tool: Tool = {
  id: 'log',
  description: `Lists the commits that lead to the merge request, the newest first, or those that changed one path: \`commit day author: subject\`; ${usualCommits} without a number.`,
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      path: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        description: 'A file or a folder of the repository',
      },
      most: { type: 'integer', minimum: 1, maximum: mostCommits, description: 'How many commits' },
    },
  },
  source: 'repository',
  timeout: usualTimeout,
  outputLimit: usualLimit,
  readOn: 'ask for fewer commits by `most`',
  kind: 'function',
  permission: 'read_code',
  risk: 'low',
  replay: 'pure',
  run: async (input, { repository }) => {
    const { path: given, most = usualCommits } = input as { path?: string; most?: number };
    const path = given?.replace(/\/+$/, '');
    const { entries, isWhole } = await repository.readLog(path, most);
    if (entries.length === 0 && path !== undefined && isWhole)
      return refused(await noCommit(path, repository));
    const end = entries.length >= most ? 'there may be more; ask by `most`' : endOfClone;
    return answered([...entries.map(line), ...(isWhole ? [] : [`(${end})`])].join('\n') || 'No commit.');
  },
};

/** Where a clone is shallow. */
const endOfClone = 'this clone holds no older commits';

async function noCommit(
  path: string,
  { whyNot }: { readonly whyNot: (path: string) => Promise<string> },
): Promise<string> {
  return `No commit has changed this path. ${await whyNot(path)}`;
}

function line({ commit, day, author, subject }: LogEntry): string {
  return `${commit.slice(0, 12)} ${day} ${onOneLine(author)}: ${onOneLine(subject).slice(0, 200).toWellFormed()}`;
}
