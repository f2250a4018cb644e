import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Planted } from './places.ts';

/** Files that main has. */
export const onMain: Readonly<Record<string, string>> = {
  'src/price.js': 'export const vat = 0.19;\nexport const net = (gross) => gross / (1 + vat);\n',
  'src/cart.js': "import { net } from './price.js';\nexport const total = (items) => items.map(net);\n",
  'docs/guide.md': '# Guide\n\nHow to recieve an order.\n',
  'README.md': '# Shop\n\nSells things.\n',
  '.gitlab-ci.yml': 'test: {script: [npm test]}\n',
};

export interface Commits {
  readonly base: string;
  /** One for each of what was planted, in order. */
  readonly heads: readonly string[];
}

/** Makes a repository with one commit for each change, all in one program: git is started once and not a thousand times. */
export function makeCommits(
  folder: string,
  changes: readonly Pick<Planted, 'files' | 'subject' | 'author'>[],
): Commits {
  const marks = join(folder, 'marks');
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', folder]);
  const base = { files: onMain, subject: 'main', author: 'Test' };
  const input = [base, ...changes].map((change, index) => commitOf(change, index)).join('');
  execFileSync('git', ['-C', folder, 'fast-import', '--quiet', `--export-marks=${marks}`], { input });
  const shas = new Map(
    readFileSync(marks, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.slice(1).split(' ') as [string, string]),
  );
  const shaOf = (mark: number) => shas.get(String(mark)) ?? '';
  return { base: shaOf(1), heads: changes.map((_, index) => shaOf(index + 2)) };
}

function commitOf(
  { files, subject, author }: Pick<Planted, 'files' | 'subject' | 'author'>,
  index: number,
): string {
  const who = (role: string, name: string) =>
    `${role} ${name.replace(/[<>\n\0]/g, '')} <a@example.com> 1700000000 +0000\n`;
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const changed = Object.entries(files).map(
    ([path, text]) => `M 100644 inline ${JSON.stringify(path)}\n${data(text)}`,
  );
  return [
    `commit refs/heads/${index === 0 ? 'main' : `change-${index}`}\nmark :${index + 1}\n`,
    ...[who('author', author), who('committer', 'Test'), data(subject)],
    ...(index === 0 ? [] : ['from :1\n']),
    ...changed,
    '\n',
  ].join('');
}

/** Lines that a change adds to a file of main, or all of a new one: found by looking, not by a diff. */
export function addedLines(path: string, text: string): ReadonlySet<number> {
  const before = (onMain[path] ?? '').split('\n');
  const after = text.split('\n');
  const last = text.endsWith('\n') ? after.length - 1 : after.length;
  const numbers = Array.from({ length: last }, (_, index) => index + 1);
  return new Set(numbers.filter((line) => !before.includes(after[line - 1] ?? '')));
}
