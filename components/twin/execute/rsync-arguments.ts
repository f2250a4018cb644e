/** One call of rsync, of the forms gitlab-ci-local makes. */
export interface RsyncCall {
  readonly recursive: boolean;
  /** `-R`: sources keep their whole path below the target. */
  readonly relative: boolean;
  readonly deletes: boolean;
  /** Exclude patterns; those of files come in through `excludeFiles`. */
  readonly excludes: readonly string[];
  readonly excludeFiles: readonly string[];
  readonly filesFrom: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

export type ParsedRsyncCall =
  | { readonly ok: true; readonly call: RsyncCall }
  | { readonly ok: false; readonly message: string };

const withValue = new Set(['--exclude', '--exclude-from', '--files-from']);

/** Reads a command line; an option it does not know is refused: ignoring one would lose files silently. */
export function parseRsyncCall(args: readonly string[]): ParsedRsyncCall {
  const values = new Map<string, string[]>();
  const letters = new Set<string>();
  const flags = new Set<string>();
  const words: string[] = [];
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [name = '', inline] = split(word);
    if (!word.startsWith('-')) words.push(word);
    else if (withValue.has(name)) {
      const value = inline ?? rest.shift();
      if (value === undefined) return refused(`${name} has no value`);
      values.set(name, [...(values.get(name) ?? []), value]);
    } else if (word === '--delete' || word === '--delete-excluded') flags.add(word);
    else if (/^-[arR]+$/.test(word)) for (const letter of word.slice(1)) letters.add(letter);
    else return refused(`option ${word}`);
  }
  if (!letters.has('a')) return refused('a call without -a');
  // Only the pair is ever used: `--delete` alone would have to keep excluded files of the target.
  if (flags.size === 1) return refused(`${[...flags][0]} without its partner`);
  const filesFrom = values.get('--files-from') ?? [];
  if (filesFrom.length > 1) return refused('--files-from twice');
  const target = words.pop();
  if (target === undefined) return refused('a call without a target');
  if ([target, ...words].some((word) => /^[^/]*:/.test(word))) return refused('a remote source or target');
  return {
    ok: true,
    call: {
      // With --files-from, -a does not imply -r.
      recursive: filesFrom.length === 0 || letters.has('r'),
      relative: letters.has('R') || filesFrom.length > 0,
      deletes: flags.size > 0,
      excludes: values.get('--exclude') ?? [],
      excludeFiles: values.get('--exclude-from') ?? [],
      filesFrom: filesFrom[0],
      sources: words,
      target,
    },
  };
}

function split(word: string): readonly [string, string?] {
  const equals = word.indexOf('=');
  return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
}

function refused(what: string): ParsedRsyncCall {
  return { ok: false, message: `pipewright's stand-in for rsync does not know ${what}; install rsync` };
}
