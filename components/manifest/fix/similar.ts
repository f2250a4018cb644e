import { distance } from 'fastest-levenshtein';

/**
 * The one allowed word that was certainly meant: the same but for case, dashes and underscores; with one wrong letter of
 * at least five, or an ending too many (`escalated`); or the same words and one more (`code-execution`, `direct-message`).
 * Undefined where none or several could be meant: a guess may be shown to people, never written for them.
 */
export function certainWord(given: string, allowed: readonly string[]): string | undefined {
  if (given.length > 100 || allowed.includes(given)) return undefined;
  for (const isMeant of [isSameButForStyle, isSlip, sharesItsWords]) {
    const meant = allowed.filter((word) => isMeant(given, word));
    if (meant.length === 1) return meant[0];
    if (meant.length > 1) return undefined;
  }
  return undefined;
}

/** The same for the name of a field. */
export function certainName(given: string, allowed: readonly string[]): string | undefined {
  if (given.length > 100 || allowed.includes(given)) return undefined;
  for (const isMeant of [isSameButForStyle, isSlip]) {
    const meant = allowed.filter((word) => isMeant(given, word));
    if (meant.length === 1) return meant[0];
    if (meant.length > 1) return undefined;
  }
  return undefined;
}

export function isSameButForStyle(given: string, word: string): boolean {
  return lettersOf(given) === lettersOf(word);
}

function lettersOf(word: string): string {
  return word.toLowerCase().replace(/[\s_-]+/g, '');
}

function isSlip(given: string, word: string): boolean {
  const [a, b] = [lettersOf(given), lettersOf(word)];
  if (Math.min(a.length, b.length) < 5) return false;
  const isLonger = a.startsWith(b) && a.length - b.length <= 2;
  return isLonger || distance(a, b) === 1 || isSwap(a, b);
}

/** Two letters beside each other that changed places. */
function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  return at >= 0 && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

function sharesItsWords(given: string, word: string): boolean {
  const [mine, theirs] = [wordsOf(given), wordsOf(word)];
  const [fewer, more] = mine.length < theirs.length ? [mine, theirs] : [theirs, mine];
  return more.length - fewer.length === 1 && fewer.every((part) => part.length >= 4 && more.includes(part));
}

function wordsOf(word: string): readonly string[] {
  return word
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[\s_-]+/)
    .filter((part) => part !== '');
}
