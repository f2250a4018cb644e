import { takeBracket, takeClosingBracket, takeEscaped } from './brackets.ts';
import { beginScan, escapeOne, keep, peek, replaceBy, type Scan, showAsCode, takeBackticks } from './scan.ts';
import type { ChangeKind, Count } from './types.ts';
import { behindPath, takeColon, takeKeyword, takeWord } from './words.ts';

/** What means nothing at any place of a line. */
const plain = /[^\\`<>[\]!&@#%~$*:A-Za-z0-9+._-]+/y;

/** Signs that are escaped where this follows. */
const meanings: Readonly<Record<string, readonly (readonly [RegExp, ChangeKind])[]>> = {
  $: [[/\$/y, 'math']],
  '&': [
    [/&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{0,31});/iy, 'html'],
    [/&\d/y, 'reference'],
  ],
  '@': [[/@\S/y, 'reference']],
  '#': [[/#\d/y, 'reference']],
  // A milestone's name, or that of a placeholder, but not `50%.`
  '%': [[/%(?!\\?`)[^\s.,;:?)'/=|>(\]}*-]/y, 'reference']],
  // An address of mail may begin with nearly any sign; `a < b` and `<5 ms` are neither that nor a tag.
  '<': [[/<(?![=-]?[\d.]{0,9}(?:\s|$))/y, 'html']],
  '!': [
    [/!\[/y, 'image'],
    [/!\d/y, 'reference'],
  ],
};
const angledAddress = /<[a-z][a-z0-9+.-]{1,31}:[^\s<>`]*>/iy;
/** A label's name, but not `~/.profile`, nor code. */
const labelName = /^~(?!\\?`)[^\s,;:)/=|>(\]}*]/;
/** A stroke through plain words: what is not surely one is not kept. */
const stroke = /~~([A-Za-z0-9](?:[^~`[\]<>\\*_\n]{0,500}[A-Za-z0-9])?)~~(?![~\w])/y;

/**
 * Takes all meaning but emphasis and code from a line of Markdown outside of code: signs are escaped with a backslash, as
 * GitLab's page on Markdown says for references; addresses become code. Nothing is left out, since what was apart could
 * join; nothing reaches over the line.
 */
export function sanitiseInline(text: string, count: Count): string {
  const scan = beginScan(text, count);
  while (scan.at < text.length) takeNext(scan);
  return scan.pieces.join('');
}

const readers: Readonly<Record<string, (scan: Scan) => void>> = {
  '\\': takeEscaped,
  '`': takeBackticks,
  '<': takeAngle,
  '>': takeClosingAngle,
  ':': takeColon,
  '[': takeBracket,
  ']': takeClosingBracket,
  '!': takeExclamation,
  '~': takeTildes,
  '*': (scan) => {
    keep(scan, 1);
    takeKeyword(scan);
  },
};

function takeNext(scan: Scan): void {
  const bulk = peek(scan, plain);
  if (bulk !== undefined) keep(scan, bulk.length);
  else if (!takeWord(scan)) (readers[scan.text.charAt(scan.at)] ?? takeSign)(scan);
}

function takeSign(scan: Scan): void {
  const found = meanings[scan.text.charAt(scan.at)]?.find(([pattern]) => peek(scan, pattern) !== undefined);
  if (found === undefined) keep(scan, 1);
  else escapeOne(scan, found[1]);
}

function takeAngle(scan: Scan): void {
  const angled = peek(scan, angledAddress);
  if (angled === undefined) takeSign(scan);
  else showAsCode(scan, angled.length, angled.slice(1, -1), 'link');
}

/** `group/project>` is a project, escaped or not. */
function takeClosingAngle(scan: Scan): void {
  if (peek(scan, behindPath) === undefined) keep(scan, 1);
  else replaceBy(scan, 1, ' >', 'reference');
}

/** Behind `<` in any case: the marks of our own texts are looked for anywhere, escaped or not. */
function takeExclamation(scan: Scan): void {
  if (scan.text[scan.at - 1] === '<') escapeOne(scan, 'html');
  else takeSign(scan);
}

function takeTildes(scan: Scan): void {
  const { length } = peek(scan, /~+/y) ?? '';
  const before = scan.text[scan.at - 1] ?? '';
  const struck = length === 2 && !/[\w~]/.test(before) ? peek(scan, stroke) : undefined;
  const isName = labelName.test(scan.text.slice(scan.at + length - 1, scan.at + length + 2));
  if (struck !== undefined && isPlain(struck.slice(2, -2))) keep(scan, struck.length);
  else if (length > 2 || isName)
    replaceBy(scan, length, '\\~'.repeat(length), length > 2 ? 'fence' : 'reference');
  else keep(scan, length);
}

function isPlain(text: string): boolean {
  return sanitiseInline(text, () => undefined) === text;
}
