import { languages } from './languages.ts';

/** A line, or a cell of a table, outside of code. */
export interface Prose {
  readonly line: number;
  /** Whether it begins the line. */
  readonly isFirst: boolean;
  /** Each code span has U+0000 in its place. */
  readonly text: string;
}

export interface Told {
  readonly line: number;
  readonly what: string;
}

interface OpenFence {
  readonly depth: number;
  readonly indent: number;
  readonly marks: string;
}

const fenceLine = /^(\s*(?:(?:[-*+]|\d{1,9}[.)]) {1,4})?)(`{3,}(?!`)|~{3,}(?!~))(.*)$/;
const rowOfDashes = /^[\s>]*[|:-][\s|:-]*$/;

/**
 * Divides a Markdown text into code and prose for `findUnsafe`, apart from the code that sanitises it, and tells what is
 * wrong with its code. Expects what sanitising leaves; all else is told rather than understood.
 */
export function readProse(text: string): {
  readonly prose: readonly Prose[];
  readonly told: readonly Told[];
} {
  const prose: Prose[] = [];
  const told: Told[] = [];
  let open: OpenFence | undefined;
  let inTable = false;
  let tableDepth = 0;
  const lines = text.split('\n');
  lines.forEach((whole, index) => {
    const line = index + 1;
    const { marks, rest, depth } = unquote(whole, open?.depth);
    const indent = columns(rest, marks.length);
    if (open !== undefined && open.depth !== depth) {
      told.push({ line, what: 'a code block is open where its quote ends' });
      open = undefined;
    }
    if (open !== undefined) {
      if (rest.trim() !== '' && indent < open.indent)
        told.push({ line, what: 'a line of a code block is less indented than its fence' });
      if (indent <= open.indent + 3 && closes(rest, open)) open = undefined;
      return;
    }
    open = openedBy(rest, depth);
    if (open !== undefined) {
      const [language = ''] = /\S+.*$/.exec(fenceLine.exec(rest)?.[3] ?? '') ?? [];
      if (language !== '' && !languages.has(language.trim().toLowerCase()))
        told.push({ line, what: `"${language}" is no language of code that is only shown` });
      return;
    }
    const next = unquote(lines[index + 1] ?? '');
    const begins = [{ rest, depth }, next].some((row) => row.depth === depth && isRowOfDashes(row.rest));
    // A table ends where a quote begins or ends.
    inTable = rest.trim() !== '' && ((inTable && depth === tableDepth) || begins);
    tableDepth = depth;
    const cells = inTable ? rest.split(/(?<=(?:^|[^\\])(?:\\\\)*)\|/) : [rest];
    cells.forEach((cell, place) => {
      const shown = withoutCode(cell, (what) => told.push({ line, what }));
      prose.push({ line, isFirst: place === 0, text: shown });
    });
  });
  if (open !== undefined) told.push({ line: lines.length, what: 'a code block is left open' });
  return { prose, told };
}

/** Takes the marks of quotes off, as many as may be. */
function unquote(
  line: string,
  most?: number,
): { readonly marks: string; readonly rest: string; readonly depth: number } {
  const [marks = ''] = new RegExp(`^(?: {0,3}>(?!>>) ?){0,${most ?? ''}}`).exec(line) ?? [];
  return { marks, rest: line.slice(marks.length), depth: marks.split('>').length - 1 };
}

function isRowOfDashes(row: string): boolean {
  return rowOfDashes.test(row) && row.includes('-') && /[|:]/.test(row);
}

function openedBy(rest: string, depth: number): OpenFence | undefined {
  const [, before = '', marks = '', info = ''] = fenceLine.exec(rest) ?? [];
  if (marks === '' || (marks.startsWith('`') && info.includes('`'))) return undefined;
  return { depth, indent: before.length, marks };
}

function closes(rest: string, { marks }: OpenFence): boolean {
  const mark = rest.trim();
  return mark.length >= marks.length && mark === marks.charAt(0).repeat(mark.length);
}

/** How far a line is indented that begins behind so many columns of marks: tabs reach to every fourth of the whole line. */
function columns(line: string, before: number): number {
  const [space = ''] = /^[ \t]*/.exec(line) ?? [];
  let column = before;
  for (const character of space) column += character === '\t' ? 4 - (column % 4) : 1;
  // A tab right behind a mark is in part the space that belongs to it.
  return column - before - (before > 0 && space.startsWith('\t') ? 1 : 0);
}

/** Pairs runs of backticks of one length, from left to right. */
function withoutCode(text: string, tell: (what: string) => void): string {
  const parts = text.split(/(`+)/);
  const later = new Map<number, number[]>();
  for (let at = parts.length - 2; at > 0; at -= 2) {
    const { length } = parts[at] ?? '';
    const known = later.get(length);
    if (known === undefined) later.set(length, [at]);
    else known.push(at);
  }
  let result = parts[0] ?? '';
  for (let at = 1; at < parts.length; ) {
    const isEscaped = /(?<!\\)(?:\\\\)*\\$/.test(parts[at - 1] ?? '');
    const length = (parts[at] ?? '').length - (isEscaped ? 1 : 0);
    const end = length === 0 ? undefined : nextAfter(later.get(length) ?? [], at);
    if (end === undefined) {
      if (length > 0) tell('a code span is left open');
    }
    const last = end ?? at;
    result += `\0${parts[last + 1] ?? ''}`;
    at = last + 2;
  }
  return result;
}

/** From a list that ends with the smallest. */
function nextAfter(places: number[], at: number): number | undefined {
  while ((places.at(-1) ?? Number.POSITIVE_INFINITY) <= at) places.pop();
  return places.at(-1);
}
