import { keep, peek, replaceBy, type Scan, showAsCode } from './scan.ts';
import { behindPath, takeColon, takeKeyword } from './words.ts';

const punctuation = /[!-/:-@[-`{-~]/;
const wikiLink = /\[\[[^[\]`]{1,200}\]\]/y;
const destination = /(?:[^\s<>`()]|\([^\s<>`()]*\))+/y;

export function takeBracket(scan: Scan): void {
  const wiki = peek(scan, wikiLink);
  if (wiki === undefined) {
    keep(scan, 1);
    takeBracketed(scan);
  } else showAsCode(scan, wiki.length, wiki, 'directive');
}

/** After a bracket: another one would be a page of the wiki, and `[toc]` is a table of contents, escaped or not. */
function takeBracketed(scan: Scan): void {
  if (peek(scan, /\\?\[|toc\\?\]/iy) !== undefined) replaceBy(scan, 0, ' ', 'directive');
  else takeKeyword(scan);
}

/** `](` is what makes a link or an image, `]:` what defines one; without both, brackets are only brackets. */
export function takeClosingBracket(scan: Scan): void {
  const next = scan.text[scan.at + 1];
  if (next === '(') {
    replaceBy(scan, 2, '] (', 'link');
    const to = peek(scan, destination);
    if (to !== undefined) showAsCode(scan, to.length, to, 'link');
  } else if (next !== ':') keep(scan, 1);
  else if (peek(scan, /\]:\\?\/\\?\//y) !== undefined) replaceBy(scan, 1, '] ', 'link');
  else replaceBy(scan, 2, ']\\:', 'link');
}

/** What is escaped already stays so; GitLab joins most such signs with their neighbours before it looks for references. */
export function takeEscaped(scan: Scan): void {
  const next = scan.text[scan.at + 1] ?? '';
  if (next === ':') takeColon(scan);
  else {
    if (peek(scan, behindPath) !== undefined) replaceBy(scan, 0, ' ', 'reference');
    keep(scan, punctuation.test(next) ? 2 : 1);
  }
  if (next === '[') takeBracketed(scan);
  if (next === '*') takeKeyword(scan);
}
