import type { Sample, Span } from './types.ts';

const number = /\d(?:[ \u00a0./()-]{0,2}\d){5,}/g;

export function sampleOf(text: string): Sample {
  let numbers: readonly Span[] | undefined;
  return {
    text,
    numbers: () => {
      numbers ??= Array.from(text.matchAll(number), ({ index, 0: found }) => [index, index + found.length]);
      return numbers;
    },
  };
}

/** What a pattern finds in the numbers of a text, with what stands right before and behind it. */
export function inNumbers(
  { text, numbers }: Sample,
  pattern: RegExp,
  holds: (found: string, before: string, behind: string) => boolean,
): readonly Span[] {
  return numbers().flatMap(([start, end]) =>
    [...text.slice(start, end).matchAll(pattern)].flatMap(({ index, 0: found }): Span[] => {
      const [from, to] = [start + index, start + index + found.length];
      return holds(found, text.charAt(from - 1), text.charAt(to)) ? [[from, to]] : [];
    }),
  );
}

export function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

/** Words in front of a value that say what it is, within its line. */
export function isLabelled(text: string, at: number, label: RegExp): boolean {
  const before = text.slice(Math.max(0, at - 40), at);
  return label.test(before.slice(before.lastIndexOf('\n') + 1));
}

/** Bits a character carries in a text, by how often each stands in it. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
