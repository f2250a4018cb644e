import { distance } from 'fastest-levenshtein';

/**
 * The known name a mistyped one most likely meant: one it begins with, else the one with the fewest edits, if those
 * are at most a third of its letters (two in short names, so that swapped letters are found). Undefined otherwise.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.slice(0, 64).toLowerCase();
  let most = wanted.length < 4 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  let best: string | undefined;
  for (const candidate of known) {
    const lower = candidate.toLowerCase();
    const isBegun = lower.length >= 4 && wanted.startsWith(lower);
    // It takes as many edits as there are letters more or less.
    if (!isBegun && Math.abs(lower.length - wanted.length) > most) continue;
    const edits = isBegun ? 1 : distance(wanted, lower);
    if (edits > most) continue;
    // Of equally near ones the last: lists of versions end with the newest.
    [best, most] = [candidate, edits];
  }
  return best;
}

/** A list for people: `a, b, c`, cut with the count of the rest. */
export function listed(items: readonly string[], most = 24): string {
  const shown = items.slice(0, most).join(', ');
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}
