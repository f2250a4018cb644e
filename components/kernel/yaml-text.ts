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
  const starts = text.includes('\r') ? startsAfter(text, /\r\n?|\n/g) : startsAfterFeeds(text);
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

function startsAfter(text: string, ends: RegExp): readonly number[] {
  return [0, ...text.matchAll(ends).map((end) => end.index + end[0].length)];
}

/** Several times faster, for the texts that nearly all are. */
function startsAfterFeeds(text: string): readonly number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}
