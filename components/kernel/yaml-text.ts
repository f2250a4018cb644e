import type { Position } from './place.ts';

/** A byte order mark at the start is no part of the first line; editors do not show it. */
export function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Line and column of a UTF-16 offset into a text; CR LF, LF and CR end a line, as in YAML. */
export function positionAt(text: string, offset: number): Position {
  return positionsOf(text)(offset);
}

/** Like `positionAt` for many offsets of one text: lines are counted once. */
export function positionsOf(text: string): (offset: number) => Position {
  const starts = [0];
  for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    const place = Math.min(Math.max(0, offset), text.length);
    let [low, high] = [1, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return { line: low, column: place - (starts[low - 1] ?? 0) + 1 };
  };
}
