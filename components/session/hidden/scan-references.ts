import { isLineStart } from './scan-html.ts';
import type { HiddenKind, HiddenPart } from './types.ts';

/** A pair of square brackets. */
interface Brackets {
  readonly open: number;
  readonly close: number;
  /** Without others in it. */
  readonly isInner: boolean;
}

/**
 * Finds what links, images and definitions of a Markdown text hide: titles, alternative texts, definitions and footnotes
 * that nothing refers to, which is how comments are written in Markdown.
 *
 * @param text - without code and without what HTML hides, at the same places
 */
export function scanReferences(text: string): readonly HiddenPart[] {
  const pairs = readBrackets(text);
  if (pairs.length === 0) return [];
  const hidden: HiddenPart[] = [];
  const hide = (start: number, end: number, kind: HiddenKind) => {
    if (start < end && text.slice(start, end).trim() !== '') hidden.push({ start, end, kind });
  };
  const ends = createEnds(text);
  const definitions = findDefinitions(text, pairs, ends);
  const defined = new Set(definitions.map(({ label }) => label));
  const opens = new Set(definitions.map(({ start }) => start));
  const used = new Set(
    pairs.filter(({ open, isInner }) => isInner && !opens.has(open)).map((pair) => labelOf(text, pair)),
  );
  for (const { open, close } of pairs) {
    if (opens.has(open)) continue;
    const next = text.charAt(close + 1);
    const label = text.charAt(open - 1) === '!' ? labelOf(text, { open, close }) : '';
    if (text.charAt(open - 1) === '!' && (next === '(' || next === '[' || defined.has(label)))
      hide(open + 1, close, 'attribute');
    if (next !== '(') continue;
    const target = readTarget(text, close + 2, ends);
    if (target.isText) hide(target.start + 1, target.end - 1, 'attribute');
    if (target.title !== undefined && /^\s{0,100}\)/.test(text.slice(target.title, target.title + 101)))
      hide(target.end, target.title, 'attribute');
  }
  for (const { start, end, label, target, title } of definitions) {
    if (!used.has(label)) hide(start, end, 'reference');
    else if (title) hide(target, end, 'attribute');
    used.delete(label);
  }
  return hidden;
}

function labelOf(text: string, { open, close }: Pick<Brackets, 'open' | 'close'>): string {
  return text
    .slice(open + 1, Math.min(close, open + 1000))
    .trim()
    .replace(/\s+/g, ' ')
    .toLowerCase();
}

const blankLine = /\n[ \t]*\n/g;

/** In the order they end in. None reaches over a blank line. */
function readBrackets(text: string): readonly Brackets[] {
  const pairs: Brackets[] = [];
  let stack: { readonly at: number; isInner: boolean }[] = [];
  for (const { 0: found, index } of text.matchAll(/\\[[\]\\]|[[\]]|\n[ \t]*(?=\n)/g)) {
    if (found.startsWith('\n')) stack = [];
    else if (found === '[') {
      const around = stack.at(-1);
      if (around !== undefined) around.isInner = false;
      stack.push({ at: index, isInner: true });
    } else if (found === ']') {
      const begun = stack.pop();
      if (begun !== undefined) pairs.push({ open: begun.at, close: index, isInner: begun.isInner });
    }
  }
  return pairs;
}

type FindNext = (from: number) => number;

interface Ends {
  readonly space: FindNext;
  readonly angle: FindNext;
  readonly blank: FindNext;
  readonly quote: Readonly<Record<string, FindNext>>;
}

function createEnds(text: string): Ends {
  return {
    space: createNext(text, /\s/g),
    angle: createNext(text, /[>\n]/g),
    blank: createNext(text, blankLine),
    quote: {
      '"': createNext(text, /(?<!\\)"/g),
      "'": createNext(text, /(?<!\\)'/g),
      '(': createNext(text, /(?<!\\)\)/g),
    },
  };
}

/** Looks for the next of a kind from a place on. Asked in the order of places, it reads a text once. */
function createNext(text: string, wanted: RegExp): FindNext {
  let [from, found] = [0, -1];
  return (at) => {
    if (at < from || at > found) {
      const search = new RegExp(wanted.source, 'g');
      search.lastIndex = at;
      found = search.exec(text)?.index ?? Number.POSITIVE_INFINITY;
      from = at;
    }
    return found;
  };
}

interface Target {
  readonly start: number;
  readonly end: number;
  /** Whether it holds white space, as no address does. */
  readonly isText: boolean;
  /** Where a title behind it ends. */
  readonly title: number | undefined;
}

/** The address of a link from a place on, and its title. */
function readTarget(text: string, from: number, ends: Ends): Target {
  const start = skipSpace(text, from);
  const bracket = text.charAt(start) === '<' ? ends.angle(start) : Number.POSITIVE_INFINITY;
  const isAngle = text.charAt(bracket) === '>';
  const end = isAngle ? bracket + 1 : Math.min(ends.space(start), text.length);
  const isText = isAngle && /\s/.test(text.slice(start, end));
  return { start, end, isText, title: readTitle(text, end, ends) };
}

function readTitle(text: string, from: number, { quote, blank }: Ends): number | undefined {
  const start = skipSpace(text, from);
  const next = quote[text.charAt(start)];
  if (start === from || next === undefined) return undefined;
  const close = next(start + 1);
  return close < blank(start) ? close + 1 : undefined;
}

function skipSpace(text: string, from: number): number {
  let [at, lines] = [from, 0];
  while (at - from < 100 && /[ \t\n]/.test(text.charAt(at))) {
    if (text.charAt(at) === '\n') lines += 1;
    if (lines > 1) break;
    at += 1;
  }
  return at;
}

interface Definition {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** Where its address ends. */
  readonly target: number;
  readonly title: boolean;
}

function findDefinitions(text: string, pairs: readonly Brackets[], ends: Ends): readonly Definition[] {
  return pairs.flatMap((pair): readonly Definition[] => {
    const { open, close, isInner } = pair;
    if (!isInner || text.charAt(close + 1) !== ':' || !isLineStart(text, open)) return [];
    const label = labelOf(text, pair);
    if (label === '') return [];
    if (label.startsWith('^')) {
      const end = footnoteEnd(text, close, ends);
      return [{ start: open, end, label, target: end, title: false }];
    }
    const { start, end, title } = readTarget(text, close + 2, ends);
    if (start === end) return [];
    if (title !== undefined && restIsBlank(text, title))
      return [{ start: open, end: title, label, target: end, title: true }];
    return restIsBlank(text, end) ? [{ start: open, end, label, target: end, title: false }] : [];
  });
}

function restIsBlank(text: string, at: number): boolean {
  return /^[ \t]{0,100}(?:\n|$)/.test(text.slice(at, at + 101));
}

/** To the blank line, and the paragraphs below it that are indented. */
function footnoteEnd(text: string, at: number, { blank }: Ends): number {
  const end = Math.min(blank(at), text.length);
  const more = /(?:\n[ \t]*)*(?:\n(?: {4}|\t)[^\n]*)+/y;
  more.lastIndex = end;
  return more.exec(text) === null ? end : more.lastIndex;
}
