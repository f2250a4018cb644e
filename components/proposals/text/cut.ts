const notice = '… (cut)';

export interface Room {
  readonly characters: number;
  readonly lines: number;
}

/** The lines that can be needed: what comes after is not even read. Sanitising takes little but white space away. */
export function beginningOf(lines: readonly string[], room: Room): readonly string[] {
  let end = 0;
  for (let length = 0; end < lines.length && end <= room.lines && length <= 2 * room.characters; end += 1) {
    length += (lines[end]?.length ?? 0) + 1;
  }
  return lines.slice(0, end);
}

/** Index in the text behind so many code points; undefined where it has no more than these. */
export function indexBehind(text: string, codePoints: number): number | undefined {
  if (text.length <= codePoints) return undefined;
  let index = 0;
  for (let left = codePoints; left > 0 && index < text.length; left -= 1) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return index < text.length ? index : undefined;
}

/** The beginning of a text, up to the last space of the piece that is left, unless that is far away. */
export function cutAtWord(text: string, codePoints: number): string {
  const index = indexBehind(text, Math.max(0, codePoints));
  if (index === undefined) return text;
  const piece = text.slice(0, index);
  if (/\s/.test(text[index] ?? '')) return piece.trimEnd();
  const space = Math.max(piece.lastIndexOf(' '), piece.lastIndexOf('\n'));
  return (space > index - 80 && space > 0 ? piece.slice(0, space) : piece).trimEnd();
}

/** A sanitised text within limits, with a notice where more was meant to come. What the cut left open is closed by sanitising again, which adds some characters. */
export function fitLines(
  text: string,
  limits: Room,
  options: { readonly isBeginning: boolean; readonly again: (lines: readonly string[]) => string },
): { readonly text: string; readonly isCut: boolean } {
  const isLong = (all: string) =>
    indexBehind(all, limits.characters) !== undefined || all.split('\n').length > limits.lines;
  if (!options.isBeginning && !isLong(text)) return { text, isCut: false };
  const lines = text.split('\n').slice(0, Math.max(1, limits.lines - 3));
  for (let room = limits.characters - notice.length - 2; room > 0; room -= Math.ceil(room / 8)) {
    const piece = cutAtWord(lines.join('\n'), room);
    const closed = options.again(piece.split('\n'));
    const whole = closed === '' ? notice : `${closed}\n\n${notice}`;
    if (!isLong(whole)) return { text: whole, isCut: true };
  }
  return { text: notice, isCut: true };
}

/** The same for one line without Markdown: what was apart by length alone may be something once it is cut. */
export function fitLine(
  text: string,
  codePoints: number,
  again: (text: string) => string,
): { readonly text: string; readonly isCut: boolean } {
  if (indexBehind(text, codePoints) === undefined) return { text, isCut: false };
  for (let room = codePoints - notice.length - 1; room > 0; room -= Math.ceil(room / 8)) {
    const whole = `${again(cutAtWord(text, room))} ${notice}`.trimStart();
    if (indexBehind(whole, codePoints) === undefined) return { text: whole, isCut: true };
  }
  return { text: notice, isCut: true };
}
