import { parseShell } from './parse.ts';
import { programOf } from './program.ts';
import type { Command, Expansion, Word } from './types.ts';

/** Shells that take a script after `-c`, or on their standard input. */
export const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash']);
const deepest = 4;
/** Commands of one pipeline that are looked back on: of each of a hundred thousand it would take forever. */
const farthest = 32;

/**
 * All commands of a script in the order a shell comes to them: those of substitutions before the command they are part of, those
 * of `sh -c '…'` after it.
 */
export function* commandsOf(text: string, shift = 0, depth = 0): Generator<Command> {
  for (const command of parseShell(text)) yield* walk(command, shift, depth);
}

function* walk(command: Command, shift: number, depth: number): Generator<Command> {
  const words = [...command.words, ...command.assignments.map(({ word }) => word), ...command.input];
  for (const word of words) for (const inner of word.inner) yield* walk(inner, shift, depth);
  yield shift === 0 ? command : shifted(command, shift);
  const script = depth < deepest ? scriptOf(command) : undefined;
  if (script?.literalAt !== undefined) yield* commandsOf(script.text, shift + script.literalAt, depth + 1);
}

/** The commands whose output one reads, from the nearest on. */
export function* upstreamOf({ from }: Command): Generator<Command> {
  let count = 0;
  for (let one = from; one !== undefined && count < farthest; one = one.from) {
    count += 1;
    yield one;
  }
}

/** The script that a shell is given after `-c`. */
export function scriptOf(command: Command): Word | undefined {
  const program = programOf(command);
  if (program === undefined || !shells.has(program.name)) return undefined;
  const at = program.args.findIndex(({ text }) => /^-[a-z]*c[a-z]*$/.test(text));
  return at < 0 ? undefined : program.args[at + 1];
}

function shifted(command: Command, by: number): Command {
  const move = (word: Word): Word => ({
    ...word,
    offset: word.offset + by,
    expansions: word.expansions.map((one) => ({ ...one, offset: one.offset + by })),
  });
  return {
    ...command,
    offset: command.offset + by,
    words: command.words.map(move),
    assignments: command.assignments.map(({ name, word }) => ({ name, word: move(word) })),
    input: command.input.map(move),
  };
}

/** All that is expanded in a word, in the commands it substitutes too, but for what comes out of those without its text. */
export function expansionsIn(word: Word): readonly Expansion[] {
  if (word.inner.length === 0) return word.expansions;
  const found = [...word.expansions];
  const open = [...unreduced(word.inner)];
  for (let command = open.pop(); command !== undefined; command = open.pop()) {
    for (const one of [...command.words, ...command.input, ...command.assignments.map((a) => a.word)]) {
      for (const expansion of one.expansions) found.push(expansion);
      for (const inner of unreduced(one.inner)) open.push(inner);
    }
  }
  return found;
}

/** The commands of a substitution without those that reduce their text, and those they read from. */
function unreduced(commands: readonly Command[]): readonly Command[] {
  const reduced = new Set<Command>();
  for (const command of commands) {
    if (!reduces(command)) continue;
    for (let one: Command | undefined = command; one !== undefined && !reduced.has(one); one = one.from)
      reduced.add(one);
  }
  return reduced.size === 0 ? commands : commands.filter((command) => !reduced.has(command));
}

const reducing = new Set([
  'sha256sum',
  'sha1sum',
  'md5sum',
  'sha512sum',
  'wc',
  'cksum',
  'base64',
  'test',
  '[',
]);

/** Whether the output of a command is a checksum, a count or a few kinds of characters of what went in. */
function reduces(command: Command): boolean {
  const program = programOf(command);
  if (program === undefined) return false;
  if (reducing.has(program.name)) return true;
  const flags = program.args.map(({ text }) => text).filter((text) => text.startsWith('-'));
  // `tr -cd a-z` keeps what it names; `tr -c a-z -` replaces all else.
  if (program.name === 'tr') return flags.some((flag) => /^-[a-zA-Z]*[cC]/.test(flag));
  return program.name === 'grep' && flags.some((flag) => /^-[a-zA-Z]*[qc]/.test(flag));
}
