import { keep, peek, replaceBy, type Scan, showAsCode } from './scan.ts';

/** All that a scheme, a host or a key of a tracker is made of; a backslash before such a sign is not shown, and joins. */
const word = /(?:[A-Za-z0-9+._-]|\\[+._-])+/y;
const schemeEnd = /\\?:\\?\/\\?\//y;
/** No brackets: what follows a link in brackets is no part of its address. */
const address = /(?:[^\s<>`|()[\]]|\([^\s<>`|()[\]]*\))*/y;
const notOfAddress = /[.,;:!?'"*_~}\\]+$/;

/**
 * `SHOP-12`: with Jira connected, GitLab tells that issue where it was named. `GL-12` is an issue of GitLab itself, and of the
 * signs around it only what follows matters. Underscores before a word may be emphasis, which nobody sees.
 */
const trackerKey = /(?<![A-Za-z0-9_])_*([A-Z][A-Z0-9_]+)-\d|GL-\d/g;
/** What looks so and is none. */
const standards = new Set(
  'AES ANSI ARM BASE BCP BLAKE CP CVE CWE CUDA EC ECMA EN ES GPL GPT HTTP IEC IEEE IPV ISO JEP LGPL LTO MD MPEG MPL OAUTH OWASP PCI PEP PKCS POSIX RFC RSA SHA SHAKE SPDX SSL STD TLS UCS UTF UUID WCAG WIN XEP'.split(
    ' ',
  ),
);

/** Whether a word holds the key of an issue in another tracker. */
export function hasTrackerKey(text: string): boolean {
  for (const [, key = ''] of text.matchAll(trackerKey)) if (!standards.has(key)) return true;
  return false;
}

/** The end of `group/project>`, which is a project; what is escaped counts too. */
export const behindPath = /(?<=[\w.-]\\?\/[\w.\\-]{1,300})\\?>/y;

const commit = /(?<![A-Za-z0-9_])(_*)(?=[a-f]*\d)(?=\d*[a-f])([0-9a-f]{7,64})(?!_*[A-Za-z0-9])/gi;

/**
 * Whether a text holds what may be the id of a commit: GitLab links words of 7 to 40 hexadecimal digits, 64 where git uses
 * SHA-256, and tells that commit where it was named. Plain numbers and plain words are left alone; few ids look so.
 */
export function hasCommit(text: string): boolean {
  return text.search(commit) >= 0;
}

/** The ids of commits in a title, so short that they are none. */
export function shortenCommits(text: string, count: () => void): string {
  return text.replace(commit, (_, before: string, id: string) => {
    count();
    return `${before}${id.slice(0, 6)}…`;
  });
}

/** Reads a word, if one stands here: addresses, keys and ids become code, where GitLab makes no link of them. */
export function takeWord(scan: Scan): boolean {
  const found = peek(scan, word);
  if (found === undefined) return false;
  const plain = found.replaceAll('\\', '');
  const start = scan.at;
  scan.at += found.length;
  const end = peek(scan, schemeEnd);
  const rest = end === undefined && !/www\./i.test(plain) ? undefined : readAddress(scan, end?.length ?? 0);
  scan.at = start;
  if (rest !== undefined) {
    const content = `${plain}${end === undefined ? '' : '://'}${rest}`;
    showAsCode(scan, found.length + (end?.length ?? 0) + rest.length, content, 'link');
  } else if (hasTrackerKey(plain) || hasCommit(plain)) showAsCode(scan, found.length, plain, 'reference');
  else keep(scan, found.length);
  return true;
}

/** At a colon, escaped or not, with no scheme before it: GitLab makes an address of `://host` alone. */
export function takeColon(scan: Scan): void {
  const start = scan.at;
  const end = peek(scan, schemeEnd) ?? '';
  const rest = end === '' ? '' : readAddress(scan, end.length);
  scan.at = start;
  if (rest === '') keep(scan, scan.text[start] === '\\' ? 2 : 1);
  else showAsCode(scan, end.length + rest.length, `://${rest}`, 'link');
}

function readAddress(scan: Scan, skipped: number): string {
  scan.at += skipped;
  return (peek(scan, address) ?? '').replace(notOfAddress, '');
}

/** Kinds of references that have their name before a colon: `[vulnerability:12]`, `*iteration:3`. */
export const keywords: readonly string[] =
  'vulnerability feature_flag contact wiki_page work_item issue epic cadence iteration task'.split(' ');
const keyword = /(?:[A-Za-z]|\\?_)+\\?:(?=\S)/y;

/** After `[` or `*`: a space takes the meaning from what looks like a reference by name. */
export function takeKeyword(scan: Scan): void {
  const found = peek(scan, keyword);
  if (found === undefined) return;
  const name = found.slice(0, -1).replaceAll('\\', '');
  if (keywords.includes(name.toLowerCase())) replaceBy(scan, found.length, `${name}: `, 'reference');
}
