import type { Detector, Span } from '../types.ts';

const domain =
  /(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}([A-Za-z]{2,24})(?![\w-]|\.[A-Za-z0-9])/y;

/** Longer top-level domains that people have mail at; all of two letters count. A list of all would take `this@x.run` for one. */
const top: ReadonlySet<string> = new Set(
  (
    'com org net edu gov mil int info biz name pro mobi app dev cloud tech online site xyz email agency digital global ' +
    'group company consulting academy health bank law legal team world life live news store shop berlin hamburg koeln ' +
    'bayern wien london paris nyc tokyo swiss scot cat asia eu'
  ).split(' '),
);

/** Names of nobody (RFC 2606, RFC 6761), and senders and users that are no person. */
const nobody = /(?:^|\.)(?:example|test|invalid|localhost|local|internal)$|(?:^|\.)example\.[a-z]{2,3}$/i;
const machines = /^(?:git|hg|svn|noreply|no-reply|donotreply|do-not-reply|mailer-daemon|postmaster)$/i;

/** Names of files as they end with a top-level domain of two letters. */
const files =
  /^(?:[1-4]x|main|index|test|app|server|client|lib|mod|script|setup|config)\.(?:ts|js|py|rs|sh|md|pl|so|cc|ml)$/i;

export const detector: Detector = {
  id: 'email',
  dataClass: 'pii',
  names: ['email', 'email_address', 'emails', 'e_mail'],
  decides:
    'a local part, a domain and a common top-level domain; not reserved domains such as example.com, not git@',
  misses: 'addresses at rare top-level domains, in other alphabets, or written as "at" and "dot"',
  find: ({ text }) => {
    const spans: Span[] = [];
    for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      const end = domainEnd(text, at + 1);
      if (end === undefined) continue;
      const start = localStart(text, at);
      if (start === at || at - start > 64 || machines.test(text.slice(start, at))) continue;
      // The user of a URL, or the password.
      if (/:\/\/[^\s/]*$/.test(text.slice(Math.max(0, start - 80), start))) continue;
      spans.push([start, end]);
    }
    return spans;
  },
};

function domainEnd(text: string, start: number): number | undefined {
  domain.lastIndex = start;
  const [found, last = ''] = domain.exec(text) ?? [];
  if (found === undefined || nobody.test(found) || files.test(found)) return undefined;
  const known = last.length === 2 || top.has(last.toLowerCase());
  return known && (last === last.toLowerCase() || found === found.toUpperCase())
    ? start + found.length
    : undefined;
}

function localStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start <= 65 && /[\w.+%'-]/.test(text.charAt(start - 1))) start -= 1;
  // A quotation before it, and a dot or a dash at its beginning are not of it.
  while (start < at && /[.'%+-]/.test(text.charAt(start))) start += 1;
  return start;
}
