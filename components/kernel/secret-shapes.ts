import type { DataPath } from './place.ts';
import { tokenForms } from './token-forms.ts';

/** What a secret of a known shape is called; never any of its characters but the public prefix. */
export type SecretName = string;

const words = 'example|placeholder|dummy|sample|changeme|redacted|your|xxxx|\\.\\.\\.|\\*\\*\\*';
const madeUp = new RegExp(words, 'i');

const tokens = new RegExp(
  tokenForms
    .map(({ prefix, body, least, bounded }) => {
      return `${bounded ? '(?<![A-Za-z0-9])' : ''}(?:${prefix})${body}{${least},}`;
    })
    .concat('(?<![\\w-])sk-[A-Za-z0-9]{20,}')
    .join('|'),
  'g',
);
const prefixes = [...tokenForms.map(({ prefix }) => prefix), 'sk-'];

// Each begins where no earlier match could go on, so all are linear.
const privateKey = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----/;
const signedToken = /(?<![\w.-])eyJ[\w-]{10,4096}\.[\w-]{10,16384}\.[\w-]{16,4096}(?![\w.-])/;
const urlPassword = /:\/\/[^\s/?#:@"'<>]{0,256}:([^\s/?#@"'<>]{1,1024})@/g;

/** Shorter texts can hold none of these; most values of a manifest are. */
export const shortestSecret = 12;

/** Names the first secret in a text that can be told by its shape; undefined where there is none, or a made-up one. */
export function secretIn(text: string): SecretName | undefined {
  if (text.length < shortestSecret) return undefined;
  for (const [token] of text.matchAll(tokens)) {
    const prefix = prefixes.find((known) => token.startsWith(known)) ?? '';
    if (!isMadeUp(token.slice(prefix.length))) return `a token that begins with "${prefix}"`;
  }
  if (privateKey.test(text)) return 'a private key';
  if (signedToken.test(text)) return 'a signed token (JWT)';
  for (const [, password = ''] of text.matchAll(urlPassword)) {
    if (!isReference(password) && !isMadeUp(password) && !isWord(password)) return 'the password of a URL';
  }
  return undefined;
}

/** Whether a value is one that documentation shows: words such as "example", or the same few characters over and over. */
export function isMadeUp(value: string): boolean {
  return madeUp.test(value) || new Set(value).size < Math.min(5, value.length);
}

/** Whether a value stands for one that is elsewhere: a variable of any kind, or the address of a secret store. */
export function isReference(value: string): boolean {
  return (
    /\$[{(A-Za-z_]|\{\{|^%[^%]*%$|^<[^>]*>$|^\[\[/.test(value) ||
    /^[A-Z][A-Z0-9_]*$/.test(value) ||
    /^[a-z][a-z0-9+.-]{0,32}:/.test(value) ||
    /^(?:\.{0,2}|~)\/[\w./-]*$/.test(value)
  );
}

/** Whether a value is a plain word or a name of words, such as `npm-token` or `oauth2`: too weak a sign of a secret. */
export function isWord(value: string): boolean {
  return value.split(/[-_./]/).every((part) => /^[A-Za-z]{0,24}\d{0,2}$/.test(part) && !isMixed(part));
}

function isMixed(part: string): boolean {
  return /[a-z][A-Z].*[A-Z]/.test(part) && !/^[a-z]+(?:[A-Z][a-z]+)+$/.test(part);
}

/** The path up to a key that is a secret itself, so that no message repeats it. */
export function withoutSecrets(path: DataPath): DataPath {
  const at = path.findIndex((part) => typeof part === 'string' && secretIn(part) !== undefined);
  return at < 0 ? path : path.slice(0, at);
}
