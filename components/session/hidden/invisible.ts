/**
 * What a reader does not see: control characters but tab and line feed, half surrogate pairs, format characters
 * (zero-width, bidirectional, tags), variation selectors, and letters that are drawn as nothing. Text is hidden from a
 * person and not from a model by them.
 */
const invisible =
  /[^\P{Cc}\t\n]|\p{Cs}|\p{Cf}|\u034f|[\u115f\u1160]|[\u17b4\u17b5]|[\u2800\u3164\uffa0]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

export interface Cleaned {
  readonly text: string;
  /** Characters that were taken out. */
  readonly removed: number;
}

/** Takes out what a reader does not see. A carriage return before a line feed is part of the line's end and no loss. */
export function withoutInvisible(text: string): Cleaned {
  let removed = 0;
  const cleaned = text.replaceAll('\r\n', '\n').replace(invisible, () => {
    removed += 1;
    return '';
  });
  return { text: cleaned, removed };
}
