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

/** An element that is not shown and has not ended. */
interface OpenElement {
  readonly name: string;
  readonly start: number;
  depth: number;
}

/**
 * Finds what HTML in a Markdown text hides. Where a page may read it in two ways, it counts as hidden: code is only what is
 * certainly shown as code.
 */
export function scanHtml(text: string): ScannedHtml {
  const hidden: HiddenPart[] = [];
  const code: Part[] = [];
  const hide = (start: number, end: number, kind: HiddenKind) => hidden.push({ start, end, kind });
  const interesting = /[`<\n]/g;
  /** Since the last blank line: whether there was HTML, and whether backticks may mean something else. */
  let [html, doubt] = [false, false];
  /** No more code is certain: after what GitLab may read otherwise, and in `<pre>` and its like. */
  let [lost, raw] = [false, false];
  let open: OpenElement | undefined;
  let isUnclosed = false;
  /** Where the first of several tags begins that have no end so far; a page takes all of them for one. */
  let unended: number | undefined;
  let [at, lineEnd] = [0, -1];

  const beginLine = (): boolean => {
    lineEnd = text.indexOf('\n', at);
    if (lineEnd < 0) lineEnd = text.length;
    const line = text.slice(at, lineEnd);
    if (line.trim() === '') [html, doubt, unended] = [false, false, undefined];
    doubt ||= isDoubtful(line);
    if (html || lost || raw || open !== undefined) return false;
    const fence = readFence(text, at);
    if (fence === undefined) return false;
    if (!fence.certain) {
      lost = true;
      return false;
    }
    code.push(fence);
    hidden.push(...fence.comments);
    at = fence.end;
    lineEnd = fence.end;
    doubt = false;
    return true;
  };

  /** What follows the mark at the beginning of a comment or a declaration; gives where it goes on. */
  const skipDeclaration = (): number => {
    const isComment = text.startsWith('<!--', at);
    if (
      !isComment &&
      !html &&
      open === undefined &&
      !/^<(?:\?|!\[CDATA\[|![a-z])/i.test(text.slice(at, at + 9))
    )
      return at + 2;
    const isBlock = !isComment || html || open !== undefined || isLineStart(text, at);
    const end = isComment ? commentEnd(text, at, isUnclosed) : text.indexOf('>', at) + 1 || -1;
    if (end < 0) {
      isUnclosed ||= isComment;
      if (!isBlock) return at + 2;
    }
    // These end for a page where they do not for Markdown.
    lost ||= !isComment || text.startsWith('!>', end - 2);
    hide(at, end < 0 ? text.length : end, 'comment');
    html = true;
    return end < 0 ? text.length : end;
  };

  const takeTag = (tag: Tag): void => {
    const { name, closes, start, end } = tag;
    html = true;
    if (rawBlocks.has(name)) raw = !closes;
    if (open !== undefined) {
      if (name !== open.name) return;
      open.depth += closes ? -1 : 1;
      if (open.depth > 0) return;
      // An end that may be code is none, and then nobody can tell where the element ends.
      if (/`|~~~|^(?: {4}|\t)/m.test(text.slice(open.start, end))) open.depth = Number.POSITIVE_INFINITY;
      else {
        hide(open.start, end, 'element');
        open = undefined;
      }
      return;
    }
    const vanishes = unseen.has(name) || isHiddenElement(tag);
    if (!closes && vanishes && !voids.has(name)) open = { name, start, depth: 1 };
    else if (!elements.has(name) || vanishes) hide(start, end, 'element');
    else
      for (const attribute of tag.attributes)
        if (!shownAttributes.has(attribute.name) || /\s/.test(attribute.value))
          hide(attribute.start, attribute.end, 'attribute');
  };

  const takeAngle = (): number => {
    if (/[!?]/.test(text.charAt(at + 1)) || (html && /^<\/[^a-z>]/i.test(text.slice(at, at + 3))))
      return skipDeclaration();
    const tag = readTag(text, at);
    if (tag === undefined) {
      const name = /^<([a-z]{1,10})/i.exec(text.slice(at, at + 11))?.[1]?.toLowerCase();
      if (name === undefined) return at + 1;
      html = true;
      unended ??= at;
      lost ||= rawBlocks.has(name);
      return at + 1;
    }
    if (tag === 'open') {
      if (!html && open === undefined && !isLineStart(text, at)) return at + 1;
      hide(unended ?? at, text.length, 'element');
      return text.length;
    }
    if (!tag.strict && !elements.has(tag.name) && !html && open === undefined) return at + 1;
    unended = undefined;
    takeTag(tag);
    return tag.end;
  };

  while (at < text.length) {
    // A tag or a comment may have gone on over ends of lines.
    if (at > lineEnd || (at === 0 && lineEnd < 0)) {
      if (at === 0 || text.charAt(at - 1) === '\n') {
        if (beginLine()) continue;
      } else {
        lineEnd = text.indexOf('\n', at);
        if (lineEnd < 0) lineEnd = text.length;
        doubt = true;
      }
    }
    interesting.lastIndex = at;
    const found = interesting.exec(text);
    if (found === null) break;
    at = found.index;
    const [character] = found;
    if (character === '\n') at += 1;
    else if (character === '<') at = takeAngle();
    else {
      const isCertain = !html && !doubt && !lost && !raw && open === undefined;
      const span = isCertain ? readCodeSpan(text, at, lineEnd) : undefined;
      if (span === undefined) doubt = true;
      else code.push(span);
      at = span?.end ?? afterRun(text, at);
    }
  }
  if (open !== undefined) hide(open.start, text.length, 'element');
  return { hidden, code };
}

function afterRun(text: string, at: number): number {
  let end = at;
  while (text.charAt(end) === '`') end += 1;
  return end;
}

/** Where a comment ends; negative where it does not. `<!-->` and `<!--->` are whole. */
function commentEnd(text: string, at: number, isUnclosed: boolean): number {
  const short = /^<!---?>/.exec(text.slice(at, at + 6));
  if (short !== null) return at + short[0].length;
  if (isUnclosed) return -1;
  const close = /--!?>/g;
  close.lastIndex = at + 4;
  return close.exec(text) === null ? -1 : close.lastIndex;
}

/** Whether only white space and marks of lists and quotations stand before it in its line. */
function isLineStart(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 64), at);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return (line.length < 64 || at === 64) && /^(?:[\s>*+-]|\d{1,9}[.)])*$/.test(line);
}
