/** Takes secrets out of a text that comes in pieces. */
export interface Mask {
  /** What can be shown by now; the rest may be the beginning of a secret. */
  readonly push: (piece: string) => string;
  /** The rest, when nothing more comes. */
  readonly end: () => string;
}

const masked = '[MASKED]';

/** @param read - the secrets as they are now; tokens come and go while a job runs */
export function createMask(read: () => Iterable<string>): Mask {
  let held = '';
  const advance = (text: string, last: boolean): string => {
    const secrets = [...new Set(read())].filter((secret) => secret !== '');
    let shown = '';
    let from = 0;
    for (;;) {
      const found = firstOf(secrets, text, from);
      const open = last ? text.length : beginningAt(secrets, text, from);
      if (found === undefined || found.at >= open) {
        held = text.slice(open);
        return shown + text.slice(from, open);
      }
      shown += text.slice(from, found.at) + masked;
      from = found.at + found.secret.length;
    }
  };
  return { push: (piece) => advance(held + piece, false), end: () => advance(held, true) };
}

/** The leftmost secret, and of those that begin there the longest. */
function firstOf(
  secrets: readonly string[],
  text: string,
  from: number,
): { readonly at: number; readonly secret: string } | undefined {
  let first: { at: number; secret: string } | undefined;
  for (const secret of secrets) {
    const at = text.indexOf(secret, from);
    if (at === -1) continue;
    if (first !== undefined && (at > first.at || (at === first.at && secret.length < first.secret.length)))
      continue;
    first = { at, secret };
  }
  return first;
}

/** Where the end of a text begins that could go on as a secret; its length where none does. */
function beginningAt(secrets: readonly string[], text: string, from: number): number {
  let begin = text.length;
  for (const secret of secrets) {
    const first = secret.charAt(0);
    const start = Math.max(from, text.length - secret.length + 1);
    for (let at = text.indexOf(first, start); at !== -1 && at < begin; at = text.indexOf(first, at + 1)) {
      if (secret.startsWith(text.slice(at))) begin = at;
    }
  }
  return begin;
}
