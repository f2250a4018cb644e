import type { Count } from './types.ts';

/** More marks on one letter than any orthography needs cover the lines above and below. */
const mostMarks = 4;

const lineBreak = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
/** Other spaces, and a letter of Braille that is one: they look like U+0020 and are not. */
const otherSpace = /[^\P{Zs} ]|\u2800/gu;
/**
 * Characters without a picture of their own: controls, bidirectional overrides, zero widths, tags, fillers, variation
 * selectors, private use, unassigned, half surrogate pairs. The selector that makes a coloured picture of a sign stays.
 */
const unseen =
  /(?<!\p{Extended_Pictographic}(?<!\p{Cn}))\ufe0f|(?!\ufe0f)[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Co}\p{Cn}\p{Cs}]|[^\P{Cc}\t\n]/gu;
const manyMarks = new RegExp(`([\\p{Mn}\\p{Me}]{${mostMarks}})[\\p{Mn}\\p{Me}]+`, 'gu');

/**
 * Text in normal form C, with `\n` as the only line break, U+0020 and tab as the only spaces, and no character that
 * cannot be seen. Form KC is avoided: it would make a slash of a full-width slash.
 */
export function normaliseCharacters(text: string, count: Count): string {
  const replace = (before: string, pattern: RegExp, by: string, kind: 'characters' | 'line-breaks') =>
    before.replace(pattern, (...match) => {
      count(kind);
      return by.replace('$1', String(match[1]));
    });
  let clean = replace(text, lineBreak, '\n', 'line-breaks');
  clean = replace(clean, unseen, '', 'characters');
  clean = replace(clean, otherSpace, ' ', 'characters');
  // Before as well as after: putting a long run of marks in order takes time by the square of its length.
  clean = replace(clean, manyMarks, '$1', 'characters').normalize('NFC');
  return replace(clean, manyMarks, '$1', 'characters');
}

/** What of `normaliseCharacters` a text still lacks, for those who check. */
export function findCharacters(text: string): string[] {
  const found = new Set<string>();
  for (const pattern of [lineBreak, unseen, otherSpace]) {
    for (const [character] of text.matchAll(pattern)) {
      found.add(`U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
    }
  }
  if (new RegExp(manyMarks.source, 'u').test(text)) found.add(`more than ${mostMarks} marks on a letter`);
  return [...found].sort();
}
