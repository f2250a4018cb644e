// Linear time: a mebibyte of the signs that begin something, and less of all, and of pairs of signs that make a careless
// reader look again from each of them. Nothing here is compared with a clock; by the square of the length, one of these
// would run for an hour.
import { expect, test } from 'vitest';
import { noteBody, titleLine } from '../../../components/proposals/limits.ts';
import { findUnsafe, findUnsafeLine } from '../../../components/proposals/text/find-unsafe.ts';
import { sanitiseBody } from '../../../components/proposals/text/sanitise-body.ts';
import { sanitiseLine } from '../../../components/proposals/text/sanitise-line.ts';

const mebibyte = 1024 * 1024;
const signs = [...'@`<>[]()&*_~#!%$^|:/.-+\\=0aA "\u200b\u0301\u3000\ud800\t\r\n'];
const pairs =
  `@a \`a \`\`a\` <a <! </ [[a [a]( [a]: ![ &a &#1 ~~a ~a a_ A_ _A _a1 A- A1- GL- 0a 0a1b2c3_ a/ a/b> /> \\> \\[
  \\\` a:/ :/ :// ://( a://( a://a( www. *a: [a: %{ $\` |- |\` \\| coding: 😀 e\u0301 \u1100\u1161 \u0301\u0323 \u00e9\ufe0f`.split(
    /\s+/,
  );
const lines = '/ |- |-|- ``` ~~~ --- === > - :: [a]: \u0301'
  .split(' ')
  .flatMap((start) => [`\n${start}`, `${start}\n`]);
const spaced = [
  '- ',
  '-\t',
  '> ',
  '1. ',
  'a ',
  '. ',
  '  \n',
  '\n  - ',
  '\n - ```',
  '\n\n',
  '\n> - ',
  '- [ ] ',
];
const all = [...new Set([...signs, ...pairs, ...lines, ...spaced])];

const long = (text: string, length: number) => text.repeat(Math.ceil(length / text.length));
const generous = { timeout: 240_000 };
const kibibyte = 1024;

/** Each of all, and a mebibyte of those that begin something. */
const longOnes = [
  ...all.map((part) => long(part, 8 * kibibyte)),
  ...['@', '`', '<', '[', '&', '*', '>', '\n/', '\u200b', '://a('].map((part) => long(part, mebibyte)),
];

test('a body that is cut', generous, () => {
  for (const whole of longOnes) {
    const { text } = sanitiseBody(whole, noteBody);
    expect(text.length).toBeLessThanOrEqual(2 * noteBody.characters);
    expect(findUnsafe(text), JSON.stringify(whole.slice(0, 9))).toEqual([]);
  }
});

test('a body that is not, and the second look at one that was never sanitised', generous, () => {
  for (const part of all) {
    const whole = long(part, 8 * kibibyte);
    const { text } = sanitiseBody(whole, { characters: mebibyte, lines: mebibyte });
    expect(findUnsafe(text), JSON.stringify(part)).toEqual([]);
    findUnsafe(whole);
  }
});

test('a title', generous, () => {
  for (const whole of longOnes) {
    const { text } = sanitiseLine(whole, titleLine);
    expect(findUnsafeLine(text), JSON.stringify(whole.slice(0, 9))).toEqual([]);
  }
});

test('a body that is nested as deep as it can be', generous, () => {
  const deep = (line: (depth: number) => string) =>
    Array.from({ length: 250 }, (_, depth) => line(depth)).join('\n');
  for (const text of [
    deep((depth) => `${'  '.repeat(depth)}- x`),
    deep((depth) => `${'> '.repeat(depth)}x`),
    deep((depth) => `${' > '.repeat(depth)}\t`),
    deep((depth) => `${'>'.repeat(depth)} \`x|y`),
    deep((depth) => `${'  '.repeat(depth)}- \`\`\``),
    deep((depth) => '`'.repeat(depth)),
    deep((depth) => `${'- '.repeat(depth)}@root`),
  ]) {
    const { text: safe } = sanitiseBody(text, { characters: 2 * mebibyte, lines: 10_000 });
    expect(findUnsafe(safe)).toEqual([]);
  }
});
