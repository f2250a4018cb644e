/** Lines from `start` up to before `end`. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Tags that begin an HTML block which only an empty line ends, as CommonMark lists them (start condition 6). */
const blockTags =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul';

/** HTML that reaches to a closing line of its own, with what closes it. */
const closedHtml: readonly (readonly [begin: RegExp, end: RegExp])[] = [
  [/^ {0,3}<(?:pre|script|style|textarea)(?:[\s>]|$)/i, /<\/(?:pre|script|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [/^ {0,3}<![a-z]/i, />/],
];
const openHtml = new RegExp(`^ {0,3}</?(?:${blockTags})(?:[\\s/>]|$)`, 'i');
/** One whole tag alone on its line begins a block too, but not in the middle of a paragraph. */
const loneTag =
  /^ {0,3}<(?:\/[a-z][\w-]*\s*|[a-z][\w-]*(?:\s+[\w:.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*\s*\/?)>\s*$/i;

const blank = /^\s*$/;
const heading = /^ {0,3}#{1,6}(?:\s|$)/;
const rule = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
/** Makes a heading of the paragraph above it. */
const underline = /^ {0,3}(?:=+|-+)\s*$/;
const quote = /^ {0,3}>/;
const quoteFence = /^>>>\s*$/;
const item = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;
/** An item that may cut a paragraph short: not empty, and of a numbered list the first. */
const cuttingItem = /^ {0,3}(?:[-*+]|1[.)])\s+\S/;
const fence = /^ {0,3}(`{3,}|~{3,})([^\n]*)$/;

/**
 * The paragraphs of a Markdown text that stand in nothing else: no list, quote, HTML block or code. Only there does GitLab
 * look for quick actions. A line that runs on from a quote or a list item belongs to it, even unindented.
 */
export function topLevelParagraphs(lines: readonly string[]): LineRange[] {
  const found: LineRange[] = [];
  let at = 0;
  while (at < lines.length) {
    const end = skipBlock(lines, at);
    if (end !== undefined) {
      at = end;
      continue;
    }
    const start = at;
    do at += 1;
    while (at < lines.length && !cutsParagraph(lines[at] ?? ''));
    if (!underline.test(lines[at] ?? '')) found.push({ start, end: at });
  }
  return found;
}

/** Where a block that is no paragraph ends, if one begins here. */
function skipBlock(lines: readonly string[], at: number): number | undefined {
  const line = lines[at] ?? '';
  if (blank.test(line) || heading.test(line) || rule.test(line)) return at + 1;
  if (/^(?: {4}|\t)/.test(line)) return at + 1;
  const fenced = openFence(line);
  if (fenced !== undefined) return endOfFence(lines, at, fenced);
  if (quoteFence.test(line)) {
    const end = lines.findIndex((other, index) => index > at && quoteFence.test(other));
    if (end >= 0) return end + 1;
  }
  const html = endOfHtml(lines, at);
  if (html !== undefined) return html;
  if (quote.test(line)) return endOfQuote(lines, at);
  return item.test(line) ? endOfList(lines, at) : undefined;
}

function openFence(line: string): string | undefined {
  const [, mark = '', info = ''] = fence.exec(line) ?? [];
  return mark === '' || (mark.startsWith('`') && info.includes('`')) ? undefined : mark;
}

/** After the closing fence, or the end of the text where nothing closes it. */
function endOfFence(lines: readonly string[], at: number, mark: string): number {
  const closing = new RegExp(`^ {0,3}${mark[0]}{${mark.length},}\\s*$`);
  const end = lines.findIndex((line, index) => index > at && closing.test(line));
  return end < 0 ? lines.length : end + 1;
}

function endOfHtml(lines: readonly string[], at: number): number | undefined {
  const line = lines[at] ?? '';
  const [, closing] = closedHtml.find(([begin]) => begin.test(line)) ?? [];
  if (closing !== undefined) {
    const end = lines.findIndex((other, index) => index >= at && closing.test(other));
    return end < 0 ? lines.length : end + 1;
  }
  return openHtml.test(line) || loneTag.test(line) ? nextBlank(lines, at) : undefined;
}

function nextBlank(lines: readonly string[], at: number): number {
  const end = lines.findIndex((line, index) => index > at && blank.test(line));
  return end < 0 ? lines.length : end;
}

/** With the lines that run on from its last paragraph. */
function endOfQuote(lines: readonly string[], at: number): number {
  let end = at + 1;
  while (end < lines.length) {
    const line = lines[end] ?? '';
    const runsOn = !cutsParagraph(line) && runsOnFrom(lines[end - 1] ?? '', /^ {0,3}>\s?/);
    if (!quote.test(line) && !runsOn) break;
    end += 1;
  }
  return end;
}

/** A list goes on over empty lines as long as what follows is indented or another item. */
function endOfList(lines: readonly string[], at: number): number {
  let end = at + 1;
  while (end < lines.length) {
    const line = lines[end] ?? '';
    if (blank.test(line)) {
      const next = lines.findIndex((other, index) => index > end && !blank.test(other));
      if (next < 0 || !(item.test(lines[next] ?? '') || /^\s{2,}/.test(lines[next] ?? ''))) return end;
      end = next;
      continue;
    }
    const runsOn = !cutsParagraph(line) && runsOnFrom(lines[end - 1] ?? '', /^\s*(?:[-*+]|\d{1,9}[.)])\s+/);
    if (!item.test(line) && !/^\s{2,}/.test(line) && !runsOn) break;
    end += 1;
  }
  return end;
}

/** Whether a paragraph is open at the end of a line of a container: then the next line belongs to it unless it begins a block. */
function runsOnFrom(line: string, marker: RegExp): boolean {
  const inside = line.replace(marker, '');
  const closed = [blank, heading, rule, fence].some((block) => block.test(inside));
  return !closed;
}

function cutsParagraph(line: string): boolean {
  if ([blank, heading, rule, underline, quote].some((block) => block.test(line))) return true;
  if (cuttingItem.test(line) || openFence(line) !== undefined) return true;
  return openHtml.test(line) || closedHtml.some(([begin]) => begin.test(line));
}
