import type { Command, Word } from './types.ts';

/** The program that a command runs in the end, and what follows it. */
export interface Program {
  /** Without the folder it is in. */
  readonly name: string;
  readonly word: Word;
  readonly args: readonly Word[];
}

/** Programs that run another, with the number of words of their own that are no flags. */
const wrappers: Readonly<Record<string, number>> = {
  ...{ sudo: 0, env: 0, command: 0, exec: 0, nice: 0, nohup: 0, time: 0, timeout: 1, stdbuf: 0, xargs: 0 },
  ...{ npx: 0, bunx: 0, uvx: 0, pnpx: 0, retry: 0, setsid: 0, chronic: 0 },
};
/** Flags of theirs that take the next word. */
const withValue = new Set([
  '-u',
  '-g',
  '-n',
  '-s',
  '-k',
  '-I',
  '-P',
  '-L',
  '--package',
  '-p',
  '--user',
  '--signal',
]);
/** `npm exec`, `pnpm dlx` and the like. */
const twoWords = new Set([
  'npm exec',
  'npm x',
  'pnpm dlx',
  'pnpm exec',
  'yarn dlx',
  'yarn exec',
  'uv run',
  'uv tool',
  'poetry run',
  'pipx run',
  'mise exec',
]);

/** undefined for a command of assignments only. */
export function programOf({ words }: Command): Program | undefined {
  let at = 0;
  for (let rounds = 0; rounds < 8; rounds += 1) {
    const word = words[at];
    if (word === undefined) return undefined;
    const name = baseName(word.text);
    const skipped = skippedBy(name, words, at);
    if (skipped === undefined) return { name, word, args: words.slice(at + 1) };
    at = skipped;
  }
  return undefined;
}

/** Where the program begins that this one runs; undefined where it runs none. */
function skippedBy(name: string, words: readonly Word[], at: number): number | undefined {
  const pair = `${name} ${words[at + 1]?.text ?? ''}`;
  if (twoWords.has(pair)) return skipFlags(words, at + 2 + (pair === 'uv tool' ? 1 : 0), 0);
  const own = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  return own === undefined ? undefined : skipFlags(words, at + 1, own);
}

function skipFlags(words: readonly Word[], start: number, own: number): number {
  let at = start;
  let left = own;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    const { text } = word;
    if (text === '--') return at + 1;
    if (/^[A-Za-z_][A-Za-z0-9_]*=/.test(text)) at += 1;
    else if (text.startsWith('-')) at += withValue.has(text) ? 2 : 1;
    else if (left > 0) {
      left -= 1;
      at += 1;
    } else break;
  }
  return at;
}

function baseName(text: string): string {
  return text.slice(text.lastIndexOf('/', text.length - 2) + 1);
}

/** Name and version of a package, as `npx` takes it, without the version. */
export function packageName(text: string): string {
  const at = text.lastIndexOf('@');
  return at > 0 ? text.slice(0, at) : text;
}
