// Limits: what is cut off must not make something of what is left.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findUnsafe, findUnsafeLine } from '../../../components/proposals/text/find-unsafe.ts';
import { sanitiseBody } from '../../../components/proposals/text/sanitise-body.ts';
import { sanitiseLine } from '../../../components/proposals/text/sanitise-line.ts';
import { hostileText } from './fragments.ts';

const notice = '… (cut)';
const isCut = (changes: readonly { kind: string }[]) => changes.some(({ kind }) => kind === 'cut');

/** Sanitises within limits, and checks what must hold of every cut. */
function cutBody(text: string, characters: number, lines = 400): string {
  const { text: body, changes } = sanitiseBody(text, { characters, lines });
  expect([...body].length).toBeLessThanOrEqual(characters);
  expect(body.split('\n').length).toBeLessThanOrEqual(lines);
  expect(findUnsafe(body), JSON.stringify(body)).toEqual([]);
  expect(body.isWellFormed()).toBe(true);
  expect(sanitiseBody(body, { characters, lines }).text).toBe(body);
  if (body.endsWith(notice)) expect(isCut(changes)).toBe(true);
  // Nothing is open behind the cut.
  expect(findUnsafe(`${body}\n\n@root`)).toHaveLength(1);
  return body;
}

function cutLine(text: string, characters: number): string {
  const { text: line } = sanitiseLine(text, { characters });
  expect([...line].length).toBeLessThanOrEqual(characters);
  expect(findUnsafeLine(line), JSON.stringify(line)).toEqual([]);
  expect(line.isWellFormed()).toBe(true);
  expect(sanitiseLine(line, { characters }).text).toBe(line);
  return line;
}

/** Each has something at every place that a cut may go through. */
const fragile: readonly (readonly [string, string])[] = [
  ['code spans', '`@root` and ``#1`` '.repeat(8)],
  ['long code spans', `\`${'@root '.repeat(30)}\``],
  ['escapes', '@a#1!1&1~b$c<d'.repeat(10)],
  ['escaped escapes', '\\\\@a\\\\#1'.repeat(15)],
  ['pairs of surrogates', '😀'.repeat(120)],
  ['letters with marks', 'e\u0323\u0301'.repeat(60)],
  ['addresses', 'https://evil.example/@root '.repeat(6)],
  ['one address', `https://evil.example/${'a/'.repeat(70)}`],
  ['links', '[x](https://evil.example) '.repeat(8)],
  ['entities', '&lt;b&gt; &#64;root '.repeat(8)],
  ['strokes', '~~two words~~ ~~gone~~ '.repeat(8)],
  ['ids in longer words', `${'0a1b2c3d'.repeat(20)} ${'g0a1b2c3d'.repeat(9)}`],
  ['keys', 'SHOP-123 GL-12 '.repeat(12)],
  ['fences', '```js\n@root\n```\n'.repeat(10)],
  ['a fence in a list', `- \`\`\`\n${'  @root\n'.repeat(20)}  \`\`\``],
  ['a fence in a quote', `> ~~~\n${'> @root\n'.repeat(20)}> ~~~`],
  ['a table', `| a | b |\n|---|---|\n${'| `@root` | `x|y` |\n'.repeat(8)}`],
  ['commands', '/close\n'.repeat(30)],
  ['commands in code', `\`\`\`\n${'/close\n'.repeat(30)}\`\`\``],
  ['nothing', '\n'.repeat(300)],
];

describe('at every place of a body', () => {
  test.each(fragile)('%s', (_, text) => {
    for (let characters = 20; characters <= 120; characters += 1) cutBody(text, characters);
    for (let lines = 1; lines <= 30; lines += 1) cutBody(text, 10_000, lines);
  });
});

describe('at every place of a title', () => {
  test.each(fragile)('%s', (_, text) => {
    for (let characters = 20; characters <= 120; characters += 1) cutLine(text, characters);
  });
});

test('wherever a hostile text is cut', () => {
  const limit = fc.integer({ min: 20, max: 300 });
  const lines = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(hostileText, limit, lines, (...given) => void cutBody(...given)),
    { numRuns: 3_000 },
  );
  fc.assert(
    fc.property(hostileText, limit, (...given) => void cutLine(...given)),
    { numRuns: 3_000 },
  );
});

describe('what is left', () => {
  test.each([
    ['words words words words words', 24, 'words words\n\n… (cut)'],
    ['one\ntwo three four five six', 20, 'one\ntwo\n\n… (cut)'],
    [`\`\`\`js\n${'code\n'.repeat(9)}\`\`\``, 30, '```js\ncode\ncode\n```\n\n… (cut)'],
    ['😀'.repeat(30), 20, `${'😀'.repeat(11)}\n\n… (cut)`],
    ['`some more code` and more', 20, '\\`some more\n\n… (cut)'],
  ])('%j within %i', (text, characters, expected) => {
    expect(cutBody(text, characters)).toBe(expected);
  });

  test('a text that just fits is whole', () => {
    expect(cutBody('x'.repeat(50), 50)).toBe('x'.repeat(50));
    expect(cutBody('😀'.repeat(50), 50)).toBe('😀'.repeat(50));
    expect(cutLine('x'.repeat(50), 50)).toBe('x'.repeat(50));
    expect(sanitiseBody('x\n'.repeat(10), { characters: 100, lines: 10 }).changes).toEqual([]);
  });

  test('a title ends with the notice', () => {
    expect(cutLine('words words words words words', 24)).toBe('words words … (cut)');
    expect(cutLine('word https://evil.example', 20)).toBe('word … (cut)');
    expect(cutLine('x'.repeat(300), 20)).toBe(`${'x'.repeat(12)} … (cut)`);
  });

  test.each([
    ['of prose', `${'word '.repeat(2000)}@root`],
    ['of one word', 'x'.repeat(9_000)],
    ['of signs that are escaped', '@'.repeat(9_000)],
    ['of signs that make it longer', '@'.repeat(3_000)],
    ['of pairs of surrogates', `x${'😀'.repeat(5_000)}`],
    ['of a code span', `\`${'@'.repeat(9_000)}\``],
    ['of code', `\`\`\`\n${'@'.repeat(9_000)}\n\`\`\``],
    ['of code in pairs of surrogates', `\`\`\`\n${'😀'.repeat(5_000)}\n\`\`\``],
  ])('a line is 4,000 characters at most: %s', (_, text) => {
    const { text: body, changes } = sanitiseBody(text, { characters: 20_000 });
    expect(Math.max(...body.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(4_000);
    expect(body).toContain(' …');
    expect(isCut(changes)).toBe(true);
    cutBody(text, 20_000);
  });
});
