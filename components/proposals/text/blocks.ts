import { parseFence, renderOpening, takeFence } from './fence.ts';
import { sanitiseInline } from './inline.ts';
import { expandIndent, indentOf, isBlank, OpenItems, splitCells, tableLines } from './lines.ts';
import type { Count } from './types.ts';

/** Quotes in quotes that are read as such; deeper ones are lines of text. */
const deepestQuote = 6;
/** Characters of a line. */
export const longestLine = 4000;

/**
 * Sanitises the lines of a Markdown text, without any break but the end of each. A fence counts as one only where it is
 * one for every reader of CommonMark; else it becomes text.
 */
export function sanitiseLines(
  lines: readonly string[],
  count: Count,
  { depth, first, tables } = { depth: 0, first: 0, tables: tableLines(lines) },
): string[] {
  const result: string[] = [];
  const items = new OpenItems();
  for (let at = 0; at < lines.length; ) {
    const line = expandIndent(lines[at] ?? '');
    const quote = depth < deepestQuote ? parseQuote(line) : undefined;
    if (quote !== undefined) {
      const { inner, end } = gatherQuote(lines, at, quote);
      items.leave(indentOf(line));
      const within = { depth: depth + 1, first: first + at, tables };
      for (const text of sanitiseLines(inner, count, within)) result.push(`${quote} ${text}`.trimEnd());
      at = end;
      continue;
    }
    const fence = parseFence(line);
    if (fence !== undefined && items.mayBegin(fence.indent)) {
      items.leave(fence.indent);
      const { code, end } = takeFence(lines, at + 1, fence, count);
      result.push(' '.repeat(fence.indent) + renderOpening(fence, count));
      for (const text of code) result.push(cutCode(text, count));
      at = end;
      continue;
    }
    const column = items.enter(line);
    const inItem = column === undefined ? undefined : parseFence(line.slice(column));
    if (column !== undefined && inItem?.indent === 0) {
      const { code, end } = takeFence(lines, at + 1, { ...inItem, indent: column }, count);
      result.push(line.slice(0, column) + renderOpening(inItem, count));
      for (const text of code) result.push(cutCode(text, count));
      at = end;
      continue;
    }
    result.push(isBlank(line) ? '' : sanitiseText(line, tables.has(first + at), count));
    at += 1;
  }
  return result;
}

/** The mark of a quote with what stands before it; `>>>` begins GitLab's own kind of quote instead. */
function parseQuote(line: string): string | undefined {
  return /^ {0,3}>(?!>>)/.exec(line)?.[0];
}

/**
 * The lines of one quote, marks off: what is indented otherwise may be a quote in another list. A tab would reach less far
 * behind the marks than without them.
 */
function gatherQuote(
  lines: readonly string[],
  start: number,
  mark: string,
): { readonly inner: readonly string[]; readonly end: number } {
  const inner: string[] = [];
  let end = start;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    if (!line.startsWith(mark) || line.startsWith(`${mark}>>`)) break;
    const text = line.slice(mark.length);
    inner.push(expandIndent(text.startsWith(' ') ? text.slice(1) : text));
  }
  return { inner, end };
}

const markers = /^(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>(?!>>)[ \t]*)*/;

function sanitiseText(line: string, inTable: boolean, count: Count): string {
  if (line.length <= longestLine) {
    const whole = renderText(line, inTable, count);
    if (whole.length <= longestLine) return whole;
  }
  count('cut');
  const shorter = renderText(cutTo(line, longestLine - 2), inTable, () => undefined);
  if (shorter.length <= longestLine - 2) return `${shorter} …`;
  // Nothing grows to more than three times its length.
  return `${renderText(cutTo(line, longestLine / 4), inTable, () => undefined)} …`;
}

function renderText(line: string, inTable: boolean, count: Count): string {
  const indent = ' '.repeat(indentOf(line));
  const text = line.slice(indent.length);
  const safe = inTable
    ? splitCells(text)
        .map((cell) => sanitiseInline(cell, count))
        .join('|')
    : sanitiseInline(text, count);
  return indent + withoutCommand(safe, count);
}

/** Takes the meaning from what only the beginning of a line has. */
function withoutCommand(text: string, count: Count): string {
  if (/^\/[^\s/*]/.test(text)) {
    count('quick-action');
    return `\\${text}`;
  }
  const [before = ''] = markers.exec(text) ?? [];
  const rest = text.slice(before.length);
  if (!/^(?:>>>|::)/.test(rest)) return text;
  count('directive');
  return `${before}\\${rest}`;
}

function cutCode(line: string, count: Count): string {
  if (line.length <= longestLine) return line;
  count('cut');
  return `${cutTo(line, longestLine - 2)} …`;
}

/** Never through the middle of a surrogate pair. */
function cutTo(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
