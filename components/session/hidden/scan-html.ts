import { isDoubtful, readCodeSpan, readFence } from './code.ts';
import {
  elements,
  isHiddenElement,
  rawBlocks,
  readTag,
  shownAttributes,
  type Tag,
  unseen,
  voids,
} from './tags.ts';
import type { HiddenKind, HiddenPart, Part } from './types.ts';

export interface ScannedHtml {
  readonly hidden: readonly HiddenPart[];
  /** What is shown as it is written. */
  readonly code: readonly Part[];
}

/** What is known at a place of the text. */
interface Scan {
  readonly text: string;
  readonly hidden: HiddenPart[];
  readonly code: Part[];
  at: number;
  /** Of the line it is in. */
  lineEnd: number;
  /** Whether there was HTML since the last blank line. */
  html: boolean;
  /** Whether backticks may mean something else, since then. */
  doubt: boolean;
  /** No more code is certain: GitLab may read a structure into what came that is not seen here. */
  lost: boolean;
  /** In `<pre>` and its like, where a blank line ends nothing. */
  raw: boolean;
  /** An element that is not shown and has not ended. */
  open: { readonly name: string; readonly start: number; depth: number } | undefined;
  /** No comment ends from here on. */
  isUnclosed: boolean;
  /** Where the first of several tags begins that have no end so far; a page takes all of them for one. */
  unended: number | undefined;
}

/**
 * Finds what HTML in a Markdown text hides. Where a page may read it in two ways, it counts as hidden: code is only what is
 * certainly shown as code.
 */
export function scanHtml(text: string): ScannedHtml {
  const scan: Scan = {
    ...{ text, hidden: [], code: [], at: 0, lineEnd: -1, html: false, doubt: false, lost: false, raw: false },
    ...{ open: undefined, isUnclosed: false, unended: undefined },
  };
  const interesting = /[`<\n]/g;
  while (scan.at < text.length) {
    if (scan.at > scan.lineEnd && takeLine(scan)) continue;
    interesting.lastIndex = scan.at;
    const found = interesting.exec(text);
    if (found === null) break;
    scan.at = found.index;
    if (found[0] === '\n') scan.at += 1;
    else if (found[0] === '<') scan.at = takeAngle(scan);
    else takeBackticks(scan);
  }
  if (scan.open !== undefined) hide(scan, scan.open.start, text.length, 'element');
  return scan;
}

function hide({ hidden }: Scan, start: number, end: number, kind: HiddenKind): void {
  hidden.push({ start, end, kind });
}

/** Looks at the line that begins here; whether it was the first of a block of code, which is behind it now. */
function takeLine(scan: Scan): boolean {
  const { text, at } = scan;
  const end = text.indexOf('\n', at);
  scan.lineEnd = end < 0 ? text.length : end;
  if (at > 0 && text.charAt(at - 1) !== '\n') {
    // A tag or a comment has gone on over the beginning of this line.
    scan.doubt = true;
    return false;
  }
  const line = text.slice(at, scan.lineEnd);
  if (line.trim() === '') Object.assign(scan, { html: false, doubt: false, unended: undefined });
  scan.doubt ||= isDoubtful(line);
  const fence = scan.html || !mayBeCode(scan) ? undefined : readFence(text, at);
  if (fence === undefined) return false;
  scan.lost = !fence.certain;
  if (scan.lost) return false;
  scan.code.push(fence);
  scan.hidden.push(...fence.comments);
  Object.assign(scan, { at: fence.end, lineEnd: fence.end, doubt: false });
  return true;
}

function mayBeCode({ lost, raw, open }: Scan): boolean {
  return !lost && !raw && open === undefined;
}

function takeBackticks(scan: Scan): void {
  const { text, at, lineEnd } = scan;
  const isCertain = !scan.html && !scan.doubt && mayBeCode(scan);
  const span = isCertain ? readCodeSpan(text, at, lineEnd) : undefined;
  if (span === undefined) scan.doubt = true;
  else scan.code.push(span);
  scan.at = span?.end ?? at;
  while (span === undefined && text.charAt(scan.at) === '`') scan.at += 1;
}

/** What begins with `<`; gives where the text goes on. */
function takeAngle(scan: Scan): number {
  const { text, at } = scan;
  const isDeclaration = /[!?]/.test(text.charAt(at + 1));
  if (isDeclaration || (scan.html && /^<\/[^a-z>]/i.test(text.slice(at, at + 3))))
    return takeDeclaration(scan);
  const tag = readTag(text, at);
  if (tag === undefined) return takeUnended(scan);
  const isHtml = scan.html || scan.open !== undefined;
  if (tag === 'open') {
    if (!isHtml && !isLineStart(text, at)) return at + 1;
    hide(scan, scan.unended ?? at, text.length, 'element');
    return text.length;
  }
  if (!tag.strict && !elements.has(tag.name) && !isHtml) return at + 1;
  scan.unended = undefined;
  scan.html = true;
  if (rawBlocks.has(tag.name)) scan.raw = !tag.closes;
  if (scan.open === undefined) takeTag(scan, tag);
  else takeInside(scan, scan.open, tag);
  return tag.end;
}

/** No tag, and yet the beginning of a block of HTML. */
function takeUnended(scan: Scan): number {
  const name = /^<([a-z]{1,10})/i.exec(scan.text.slice(scan.at, scan.at + 11))?.[1]?.toLowerCase();
  if (name !== undefined) {
    scan.html = true;
    scan.unended ??= scan.at;
    scan.lost ||= rawBlocks.has(name);
  }
  return scan.at + 1;
}

function takeTag(scan: Scan, tag: Tag): void {
  const { name, closes, start, end } = tag;
  const vanishes = unseen.has(name) || isHiddenElement(tag);
  if (!closes && vanishes && !voids.has(name)) scan.open = { name, start, depth: 1 };
  else if (!elements.has(name) || vanishes) hide(scan, start, end, 'element');
  else
    for (const attribute of tag.attributes)
      if (!shownAttributes.has(attribute.name) || /\s/.test(attribute.value))
        hide(scan, attribute.start, attribute.end, 'attribute');
}

/** A tag in an element that is not shown. */
function takeInside(scan: Scan, open: NonNullable<Scan['open']>, { name, closes, end }: Tag): void {
  if (name !== open.name) return;
  open.depth += closes ? -1 : 1;
  if (open.depth > 0) return;
  // An end that may be code is none, and then nobody can tell where the element ends.
  if (/`|~~~|^(?: {4}|\t)/m.test(scan.text.slice(open.start, end))) {
    open.depth = Number.POSITIVE_INFINITY;
    return;
  }
  hide(scan, open.start, end, 'element');
  scan.open = undefined;
}

/** A comment, a declaration, or what a page takes for a comment; gives where the text goes on. */
function takeDeclaration(scan: Scan): number {
  const { text, at } = scan;
  const isComment = text.startsWith('<!--', at);
  const isHtml = scan.html || scan.open !== undefined;
  if (!isComment && !isHtml && !/^<(?:\?|!\[CDATA\[|![a-z])/i.test(text.slice(at, at + 9))) return at + 2;
  const end = isComment ? commentEnd(scan) : text.indexOf('>', at) + 1 || -1;
  if (end < 0) {
    scan.isUnclosed ||= isComment;
    if (isComment && !isHtml && !isLineStart(text, at)) return at + 2;
  }
  // These end for a page where they do not for Markdown.
  scan.lost ||= !isComment || text.startsWith('!>', end - 2);
  scan.html = true;
  hide(scan, at, end < 0 ? text.length : end, 'comment');
  return end < 0 ? text.length : end;
}

/** Where a comment ends; negative where it does not. `<!-->` and `<!--->` are whole. */
function commentEnd({ text, at, isUnclosed }: Scan): number {
  const short = /^<!---?>/.exec(text.slice(at, at + 6));
  if (short !== null) return at + short[0].length;
  if (isUnclosed) return -1;
  const close = /--!?>/g;
  close.lastIndex = at + 4;
  return close.exec(text) === null ? -1 : close.lastIndex;
}

/** Whether only white space and marks of lists and quotations stand before it in its line, as far as is looked at. */
export function isLineStart(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 64), at);
  return /^[\s>*+\-\d.)]*$/.test(before.slice(before.lastIndexOf('\n') + 1));
}
