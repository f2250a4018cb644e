import { isMadeUp, isReference, isWord } from '../../../kernel/secret-shapes.ts';
import { entropyOf } from '../sample.ts';
import type { Detector, Span } from '../types.ts';

/** What a name ends with that holds a secret. */
const telling = /(?:key|secret|token|password|passwd|passphrase|pwd)["'\]]{0,2}[ \t]{0,4}:?$/i;
const opening = /[=>]?[ \t]{0,4}(["'`]?)/y;
const secretName =
  /(?:^|[^a-z])(?:pass(?:word|wd|phrase)|pwd)$|(?:secret|token|api_?key|access_?key|secret_?key|private_?key|signing_?key|encryption_?key|auth_?key|master_?key|account_?key|shared_?key)$/;
/** Names of what is shown to everyone. */
const publicName =
  /public|max_?tokens?|next_?token|page_?token|csrf|sort_?key|primary_?key|foreign_?key|cache_?key|object_?key/;

const bare = /[\w+/=.~!@#$%^&*?-]{8,200}/y;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Bits a character of chance carries; words have fewer. */
const least = { secret: 3, password: 2.5 };

export const detector: Detector = {
  id: 'assigned-secret',
  dataClass: 'secret',
  names: [
    'password',
    'passwords',
    'secret',
    'secrets',
    'api_key',
    'api_keys',
    'credentials',
    'keys',
    'generic_secret',
  ],
  decides:
    'a value of 8 characters and more, without a space, that is assigned to a name such as `api_key` or `password`; by its entropy, its digits, and that it is no word, variable, path, call, UUID or digest',
  misses: 'secrets under other names, passwords of words, values over lines',
  find: ({ text }) => {
    const spans: Span[] = [];
    for (const index of signs(text)) {
      const before = text.slice(Math.max(0, index - 20), index);
      const [found] = telling.exec(before) ?? [];
      if (found === undefined) continue;
      opening.lastIndex = index + 1;
      const [open = '', quote = ''] = opening.exec(text) ?? [];
      const start = index + 1 + open.length;
      const end = valueEnd(text, start, quote);
      if (end === undefined) continue;
      const name = nameBefore(text, index - (/["'\]]{0,2}[ \t]{0,4}:?$/.exec(found)?.[0].length ?? 0));
      if (isSecret(name, text.slice(start, end), quote !== '')) spans.push([start, end]);
    }
    return spans;
  },
};

/** Places of `=` and `:` behind the last letter of a name that tells, with what may stand between. */
function signs(text: string): readonly number[] {
  const places: number[] = [];
  for (const sign of ['=', ':'])
    for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1))
      if (mayTell(text, at)) places.push(at);
  return places.sort((a, b) => a - b);
}

/** The last two letters of the names, in small ones: key, secret, token, password, passwd, passphrase. */
const endings: ReadonlySet<number> = new Set(
  ['ey', 'et', 'en', 'rd', 'wd', 'se'].map((end) => (end.charCodeAt(0) << 8) | end.charCodeAt(1)),
);

/** Without a regular expression: most signs of a text are of something else. */
function mayTell(text: string, at: number): boolean {
  let before = at - 1;
  let code = text.charCodeAt(before);
  while (
    before > at - 8 &&
    (code === 32 || code === 9 || code === 34 || code === 39 || code === 93 || code === 58)
  ) {
    before -= 1;
    code = text.charCodeAt(before);
  }
  return endings.has(((text.charCodeAt(before - 1) | 32) << 8) | (code | 32));
}

/** Undefined where there is no value of the length of one. */
function valueEnd(text: string, start: number, quote: string): number | undefined {
  if (quote !== '') {
    const close = text.slice(start, start + 201).indexOf(quote);
    return close < 8 ? undefined : start + close;
  }
  bare.lastIndex = start;
  const value = bare.exec(text)?.[0];
  if (value === undefined || /^[[(]/.test(text.slice(start + value.length))) return undefined;
  return start + value.length;
}

function nameBefore(text: string, end: number): string {
  const before = /[\w.-]{1,64}$/.exec(text.slice(Math.max(0, end - 64), end))?.[0] ?? '';
  return before
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[-.]/g, '_');
}

function isSecret(name: string, value: string, isQuoted: boolean): boolean {
  if (!secretName.test(name) || publicName.test(name) || /\s/.test(value)) return false;
  if (value.startsWith('[redacted') || isReference(value) || isMadeUp(value) || isWord(value)) return false;
  // A call, a property, a type, an address, an identity, or what names a thing by its contents.
  if (/^[a-z_$][\w$]*(?:\.[\w$]+)+$/i.test(value) || /[(){}<>]|^https?:|^\.{0,2}\//.test(value)) return false;
  if (uuid.test(value) || /^sha(?:1|256|384|512)[-:]/i.test(value) || /^(?:\d+|v?\d+(?:\.\d+)+)$/.test(value))
    return false;
  const isPassword = /pass|pwd/.test(name);
  if (!isPassword && (!/\d/.test(value) || !/[a-z]/i.test(value) || value.length < 12)) return false;
  if (!isQuoted && !(/\d/.test(value) && /[a-z]/i.test(value))) return false;
  return entropyOf(value) >= (isPassword ? least.password : least.secret);
}
