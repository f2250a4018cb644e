import { isMadeUp, isReference, isWord } from '../../../kernel/secret-shapes.ts';
import { entropyOf } from '../sample.ts';
import type { Detector, Span } from '../types.ts';

/** What a name ends with that holds a secret. */
const telling = /(?:key|secret|token|password|passwd|passphrase|pwd)["'\]]{0,2}[ \t]{0,4}:?$/i;
const sign = /[=:]/g;
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
    for (const { index } of text.matchAll(sign)) {
      // Most names end otherwise, and most signs are of something else.
      if (!/[ydtne"'\]: \t]/i.test(text.charAt(index - 1))) continue;
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
