import { gzipSync } from 'node:zlib';

const bytesOf = (text: string) => [...Buffer.from(text)];
const each = (text: string, how: (byte: number) => string, between = '') =>
  bytesOf(text).map(how).join(between);
const chars = (text: string, how: (char: string) => string) => [...text].map(how).join('');

function toBase(text: string, alphabet: string, bits: number): string {
  const all = each(text, (byte) => byte.toString(2).padStart(8, '0'));
  return (all.match(new RegExp(`.{1,${bits}}`, 'g')) ?? [])
    .map((group) => alphabet[Number.parseInt(group.padEnd(bits, '0'), 2)])
    .join('');
}

function base58(text: string): string {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  let value = BigInt(`0x${Buffer.from(text).toString('hex')}`);
  let out = '';
  for (; value > 0n; value /= 58n) out = alphabet[Number(value % 58n)] + out;
  return out;
}

function ascii85(text: string): string {
  const out: string[] = [];
  for (let at = 0; at < text.length; at += 4) {
    let value = Buffer.from(text.slice(at, at + 4).padEnd(4, '\0')).readUInt32BE();
    let group = '';
    for (let digit = 0; digit < 5; digit += 1, value = Math.floor(value / 85))
      group = String.fromCharCode(33 + (value % 85)) + group;
    out.push(group);
  }
  return out.join('');
}

function proquint(text: string): string {
  const [con, vow] = ['bdfghjklmnprstvz', 'aiou'];
  return (Buffer.from(text).toString('hex').match(/.{4}/g) ?? [])
    .map((group) => {
      const n = Number.parseInt(group, 16);
      return `${con[n >> 12]}${vow[(n >> 10) & 3]}${con[(n >> 6) & 15]}${vow[(n >> 4) & 3]}${con[n & 15]}`;
    })
    .join('-');
}

const nato =
  'alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa'.split(
    ' ',
  );
const fruit =
  'apple banana cherry grape lemon mango olive peach plum quince raisin tomato melon orange pear fig'.split(
    ' ',
  );
const morse = Object.fromEntries(
  '0=----- 1=.---- 2=..--- 3=...-- 4=....- 5=..... 6=-.... 7=--... 8=---.. 9=----. a=.- b=-... c=-.-. d=-.. e=. f=..-.'
    .split(' ')
    .map((pair) => pair.split('=')),
);
const words = (text: string, list: string[]) =>
  [...Buffer.from(text).toString('hex')].map((digit) => list[Number.parseInt(digit, 16)]).join('-');
const rotate = (text: string, from: number, size: number, by: number) =>
  chars(text, (char) => {
    const at = char.charCodeAt(0) - from;
    return at >= 0 && at < size ? String.fromCharCode(from + ((at + by) % size)) : char;
  });

/** Ways to write a secret, as far as they may stand in a URL or a text. */
export const encodings: Readonly<Record<string, (secret: string) => string>> = {
  plain: (text) => text,
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64-backwards': (text) => [...Buffer.from(text).toString('base64url')].reverse().join(''),
  hex: (text) => Buffer.from(text).toString('hex'),
  'hex-upper': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'hex-colons': (text) => each(text, (byte) => byte.toString(16), ':'),
  'hex-dashes': (text) => (Buffer.from(text).toString('hex').match(/.{4}/g) ?? []).join('-'),
  percent: (text) => each(text, (byte) => `%${byte.toString(16).padStart(2, '0')}`),
  'percent-twice': (text) => each(text, (byte) => `%25${byte.toString(16).padStart(2, '0')}`),
  backwards: (text) => [...text].reverse().join(''),
  rot13: (text) => rotate(rotate(text, 97, 26, 13), 65, 26, 13),
  rot47: (text) => rotate(text, 33, 94, 47),
  base32: (text) => toBase(text, 'abcdefghijklmnopqrstuvwxyz234567', 5),
  base16letters: (text) => toBase(text, 'abcdefghijklmnop', 4),
  base58,
  ascii85,
  octal: (text) => each(text, (byte) => `\\${byte.toString(8)}`),
  binary: (text) => each(text, (byte) => byte.toString(2).padStart(8, '0')),
  decimal: (text) => each(text, (byte) => String(byte), '.'),
  entities: (text) => each(text, (byte) => `&#${byte};`),
  unicode: (text) => each(text, (byte) => `\\u00${byte.toString(16)}`),
  'utf-16': (text) => each(text, (byte) => `%00%${byte.toString(16).padStart(2, '0')}`),
  gzip: (text) => gzipSync(text).toString('base64url'),
  xor: (text) => each(text, (byte) => (byte ^ 0x55).toString(16).padStart(2, '0')),
  morse: (text) => [...Buffer.from(text).toString('hex')].map((digit) => morse[digit]).join('_'),
  nato: (text) => words(text, nato),
  codebook: (text) => words(text, fruit),
  proquint,
  'zero-width': (text) =>
    each(text, (byte) => byte.toString(2).replaceAll('0', '\u200b').replaceAll('1', '\u200c'), '\u200d'),
  fullwidth: (text) => chars(text, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)),
  'one-by-one': (text) => [...text].join('/'),
  dotted: (text) => [...text].join('.'),
  'in-pairs': (text) => (text.match(/.{1,2}/g) ?? []).join('-'),
  'in-words': (text) => (text.match(/.{1,4}/g) ?? []).map((part) => `page${part}`).join('/'),
  'quoted-printable': (text) => each(text, (byte) => `=${byte.toString(16).toUpperCase()}`),
};
