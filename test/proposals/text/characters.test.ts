// Characters that are not what they look like, or look like nothing.
import { describe, expect, test } from 'vitest';
import { sanitised } from './sanitised.ts';

describe('invisible ones go away', () => {
  test.each([
    ['a\u200bb', 'ab'],
    ['a\u200cb', 'ab'],
    ['a\u200db', 'ab'],
    ['a\u2060b', 'ab'],
    ['a\ufeffb', 'ab'],
    ['a\u00adb', 'ab'],
    ['a\u034fb', 'ab'],
    ['a\u061cb', 'ab'],
    ['a\u180eb', 'ab'],
    ['a\u3164b', 'ab'],
    ['a\uffa0b', 'ab'],
    ['a\u115fb', 'ab'],
    ['a\u{e0001}\u{e0041}\u{e007f}b', 'ab'],
    ['a\ufe0fb', 'ab'],
    ['a\u{e0100}b', 'ab'],
    ['👨\u200d👩', '👨👩'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

describe('so do those that turn the direction of reading', () => {
  test.each([
    ['a\u202eb\u202c', 'ab'],
    ['a\u202db', 'ab'],
    ['a\u2066b\u2069', 'ab'],
    ['a\u2067b', 'ab'],
    ['a\u2068b', 'ab'],
    ['a\u200eb\u200f', 'ab'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

describe('controls, halves of pairs, private and unassigned ones as well', () => {
  test.each([
    ['a\u0000b', 'ab'],
    ['a\u0007b', 'ab'],
    ['a\u001b[31mb', 'a[31mb'],
    ['a\u007fb', 'ab'],
    ['a\u0090b', 'ab'],
    ['\ud800x', 'x'],
    ['x\udc00', 'x'],
    ['\udc00\ud800', ''],
    ['\ue000x', 'x'],
    ['\u{f0000}x', 'x'],
    ['a\uffffb', 'ab'],
    ['a\u{10ffff}b', 'ab'],
    ['a\ufff9b', 'ab'],
    ['\u{1f1ae}\ufe0f', ''],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

describe('other spaces become one of ours', () => {
  test.each([
    ['a\u00a0b', 'a b'],
    ['a\u1680b', 'a b'],
    ['a\u2003b', 'a b'],
    ['a\u202fb', 'a b'],
    ['a\u205fb', 'a b'],
    ['a\u3000b', 'a b'],
    ['a\u2800b', 'a b'],
    ['- \u00a0x', '-  x'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

describe('letters take normal form C, with four marks at most', () => {
  test.each([
    ['e\u0301', 'é'],
    ['\u212b', 'Å'],
    ['\u1fef\u1fef\u1fefmermaid\nx', '```text\nx\n```'],
    ['\u037e', ';'],
    ['Z\u0301\u0302\u0303\u0304\u0305\u0306', 'Ź\u0302\u0303\u0304'],
    [`Z${'\u0301'.repeat(30)}`, 'Ź\u0301\u0301\u0301'],
    ['\u0301\u0301\u0301\u0301\u0301', '\u0301\u0301\u0301\u0301'],
    ['<\u0338b>', '\u226eb>'],
    ['1\ufe0f\u20e3', '1\u20e3'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

describe('scripts and pictures stay', () => {
  test.each(['漢字', 'עברית', 'العربية', 'हिन्दी', 'Ελληνικά', '😀', '❤\ufe0f', 'é', '…', '“x”', 'a\tb'])(
    '%j stays',
    (text) => {
      expect(sanitised(text)).toBe(text);
    },
  );
});

// Form KC would make slashes and signs of ASCII of them, after everything else was judged.
describe('signs that look like ours stay what they are', () => {
  test.each([
    '＠root',
    '／close',
    '＃1',
    '﹫root',
    '\uff011',
    '\u29f8close',
    '\u2044close',
    '\u201a',
    'ｈttp\uff1a//x',
    '\uff1cb\uff1e',
  ])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});
