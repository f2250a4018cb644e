import { findCharacters } from './characters.ts';
import { type Prose, readProse, type Told } from './prose.ts';
import { hasCommit, hasTrackerKey, keywords } from './words.ts';

/** Looked for in the source of prose, what is escaped with a backslash left out. */
const inSource: readonly (readonly [RegExp, string])[] = [
  [/<(?![=\d.-]*(?:\s|$))/, 'HTML'],
  [/&(?:#\w{1,8}|[a-z]\w{0,31});/i, 'an entity of HTML'],
  [/\]\(/, 'a link or an image'],
  [/\]:/, 'the definition of a link'],
  [/!\[/, 'an image'],
  [/\[\[/, 'a link to the wiki'],
  [/\$/, 'a formula'],
];

/** Looked for at the beginning of a line. */
const atStart: readonly (readonly [RegExp, string])[] = [
  [/^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+|>(?!>>)\s?)*(?:>>>|~~~)/, 'a block that is not closed'],
  [/^\s*\/[^\s/*]/, 'a quick action'],
];

/** Looked for in prose as GitLab searches it for references: most escaped signs are joined with their neighbours before. */
const inText: readonly (readonly [RegExp, string])[] = [
  [/@[\w.-]/, 'a mention'],
  [/[#!&]\d/, 'a reference'],
  [/%(?:[\w"{]|[^\0-\x7f\s])/, 'a reference'],
  [/~(?:["\w]|[^\0-\x7f\s])/, 'a label'],
  [new RegExp(`[[*](?:${keywords.join('|')}):\\S`, 'i'), 'a reference'],
  [/[a-z0-9+.-]:\/\/|:\/\/[\p{L}\p{N}]/iu, 'an address'],
  [/(?<![a-z0-9])www\.\S/i, 'an address'],
  [/\[toc\]/i, 'a table of contents'],
  [/\[\[/, 'a link to the wiki'],
  [/[\w.-]\/[\w.-]+>/, 'a project'],
];

/** In a title a space stands behind what would mean something. */
const inTitle: readonly (readonly [RegExp, string])[] = [
  ...inSource.filter(([, what]) => !['a formula', 'an image'].includes(what)),
  ...inText.filter(([, what]) => !['an address', 'a label'].includes(what)),
  [/\$\S/, 'a formula'],
  [/:\/\/\S|(?<![a-z0-9])www\.\S/i, 'an address'],
  [/~[\w"]/, 'a label'],
];

const stroke = /(?<![\w~])~~[A-Za-z0-9](?:[^~]*[A-Za-z0-9])?~~(?![~\w])/g;

/** Signs that GitLab keeps apart where they are escaped. */
const keptApart = new Set(['$', '%', '#', '&', '@', '!', '~', '^']);

/**
 * What in a finished text would act on GitLab, a sentence each; empty where it is harmless. It shares little with the code
 * that sanitises, so that one's mistake is seen by the other. Each text of `ours` (a marker, a link of a template) is
 * overlooked once: where a stranger wrote the same, the second is found.
 */
export function findUnsafe(text: string, ours: readonly string[] = []): readonly string[] {
  const theirs = ours.reduce((rest, own) => {
    const at = own === '' ? -1 : rest.indexOf(own);
    return at < 0 ? rest : `${rest.slice(0, at)} ${rest.slice(at + own.length)}`;
  }, text);
  const { prose, told } = readProse(theirs);
  const found = [...told, ...findInLines(theirs), ...prose.flatMap(findInProse)];
  const sentences = found.sort((a, b) => a.line - b.line).map(({ line, what }) => `line ${line}: ${what}`);
  return [...findCharacters(theirs), ...new Set(sentences)];
}

/** What no line may hold, be it code or not. */
function findInLines(text: string): Told[] {
  return text.split('\n').flatMap((whole, index) => {
    const line = index + 1;
    const found: Told[] = [];
    if (/^\/[^\s/*]/.test(whole)) found.push({ line, what: 'a quick action' });
    if (whole.startsWith('::include')) found.push({ line, what: 'the inclusion of a file' });
    if (whole.includes('<!--')) found.push({ line, what: 'a comment, as our own marks are' });
    return found;
  });
}

function findInProse({ line, isFirst, text }: Prose): Told[] {
  const source = text.replace(/\\[!-/:-@[-`{-~]/g, '\0');
  const joined = text
    .replace(/\\([!-/:-@[-`{-~])/g, (_, sign: string) => (keptApart.has(sign) ? '\0' : sign))
    .replace(stroke, ' ');
  const found = [
    ...(isFirst ? atStart : []).filter(([pattern]) => pattern.test(source)),
    ...inSource.filter(([pattern]) => pattern.test(source)),
    ...inText.filter(([pattern]) => pattern.test(joined)),
  ].map(([, what]) => what);
  if (hasTrackerKey(joined)) found.push('the key of an issue in a tracker');
  if (hasCommit(joined)) found.push('the id of a commit');
  return found.map((what) => ({ line, what }));
}

/** The same for a title, in which GitLab reads no Markdown. */
export function findUnsafeLine(text: string): readonly string[] {
  const found = [...findCharacters(text)];
  if (/[\n\t]/.test(text)) found.push('more than a line');
  if (/^(?:[\s/>]|[#=+*|~-]+(?:\s|$)|\d{1,9}[.)](?:\s|$)|:{2}|`{3}|~{3}|-{3})/.test(text))
    found.push('what a quick action or a block begins with');
  if (text.includes('``') || text.split('`').length % 2 === 0) found.push('a code span that is left open');
  const patterns = inTitle.filter(([pattern]) => pattern.test(text));
  if (hasTrackerKey(text)) found.push('the key of an issue in a tracker');
  if (hasCommit(text)) found.push('the id of a commit');
  return [...new Set([...found, ...patterns.map(([, what]) => what)])];
}
