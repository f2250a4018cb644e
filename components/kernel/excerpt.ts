import { quote } from './schema-terms.ts';

/** The part of a text around where it begins to differ from another, quoted; of a text that is not there it says so. */
export function excerpt(text: string | undefined, other: string | undefined): string {
  if (text === undefined) return 'nothing';
  let same = 0;
  while (same < text.length && text[same] === other?.[same]) same += 1;
  const start = Math.max(0, same - 30);
  return quote(`${start > 0 ? '…' : ''}${text.slice(start)}`);
}
