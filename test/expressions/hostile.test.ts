import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FactValue } from '../../components/expressions/types.ts';
import { processorTime } from '../support/processor-time.ts';
import { condition, mistakes, outcome, sample } from './evaluators.ts';

// Alone each takes at most 90 ms, most below 10; the machine of a test may be busy.
const mostMs = 1000;
const tooMuch = 'limit: this needs more work than one evaluation may do';

function quickly<T>(work: () => T): T {
  const spent = processorTime();
  const result = work();
  expect(spent()).toBeLessThan(mostMs);
  return result;
}

/** As many copies as an expression may hold. */
function repeated(part: string, separator: string, nodes: number): string {
  const most = Math.min(Math.floor(1000 / (part.length + separator.length)), Math.floor(299 / (nodes + 1)));
  return Array.from({ length: most }, () => part).join(separator);
}

describe('expressions that are to be refused', () => {
  test.each([
    ['brackets', '('.repeat(999), 'the expression is too deep'],
    ['lists', '['.repeat(999), 'the expression is too deep'],
    ['maps', '{"a":'.repeat(199), 'the expression is too deep'],
    ['conditions', 'true?'.repeat(199), 'the expression is too deep'],
    ['negations', `${'!'.repeat(996)}b`, 'the expression is too large'],
    ['signs', `${'-'.repeat(996)}1`, 'the expression is too large'],
    ['fields', `d${'.a'.repeat(499)}`, 'the expression is too deep'],
    ['indices', `d${'[0]'.repeat(333)}`, 'the expression is too deep'],
    ['calls', `size(${'size('.repeat(190)}`, 'the expression is too deep'],
    ['operators', `${'b||'.repeat(333)}b`, 'the expression is too large'],
    ['characters', 'b||'.repeat(1_000_000), 'the expression is too long'],
    [
      'quantifiers',
      'd.all(a, d.all(c, d.all(e, true)))',
      'all() stands inside of another one; only one level is allowed',
    ],
    [
      'map in map',
      'd.map(a, d.map(c, d)) == []',
      'map() stands inside of another one; only one level is allowed',
    ],
    ['binding', 'cel.bind(a, d, a == a)', 'there is no function "bind" here'],
    [
      'counts',
      's.matches("((a{100}){100}){100}")',
      'the regular expression is wrong: invalid repeat count: `{100}`',
    ],
    [
      'classes',
      repeated('s.matches("(?i)\\\\pL{990}b")', '||', 3),
      'more than 8 regular expressions; join them with "|"',
    ],
  ])('%s', (_, source, message) => {
    const found = quickly(() => mistakes(sample, source));
    expect(found.map((issue) => issue.message)).toContain(message);
  });

  test('the largest regular expressions compile in time', () => {
    const source = Array.from({ length: 8 }, () => 's.matches("(((a?){10}){10}){10}")').join('||');
    expect(quickly(() => mistakes(sample, source))[0]?.message).toBe('the regular expression is too large');
  });
});

describe('work that never ends', () => {
  const numbers = Array.from({ length: 10_000 }, (_, n) => n);
  const large = 'a'.repeat(500_000);
  const rows = numbers.map((n) => ({ a: [n] }));
  test.each<readonly [string, string, Readonly<Record<string, FactValue>>, boolean | string]>([
    ['every item', 'input.all(n, n >= 0)', { input: numbers }, true],
    ['every item of the longest list', 'input.all(n, n >= 0)', { input: new Array(99_999).fill(1) }, true],
    ['items times items', 'input.all(n, n in output)', { input: numbers, output: numbers }, tooMuch],
    [
      'items times equality',
      'input.exists(n, input == output)',
      { input: rows, output: [...rows.slice(0, -1), 0] },
      tooMuch,
    ],
    ['lists times lists', 'input.map(n, input + input) == []', { input: numbers }, tooMuch],
    ['lists of long lists', 'input.map(n, [n, n, n, n]) == []', { input: numbers }, false],
    [
      // 18 s with the search of the engine alone.
      'a search that goes back and forth',
      'input.contains(output)',
      { input: large, output: `${'a'.repeat(500)}b${'a'.repeat(32_000)}` },
      tooMuch,
    ],
    [
      'many searches',
      'output.all(t, !input.contains(t))',
      { input: large, output: numbers.map((n) => `b${n}`) },
      tooMuch,
    ],
    ['an evil regular expression', 'input.matches("^(a+)+$")', { input: `${'a'.repeat(5_000)}b` }, false],
    ['(x+x+)+y', 'input.matches("(x+x+)+y")', { input: 'x'.repeat(30_000) }, false],
    ['a large automaton', 'input.matches("[ab]*a[ab]{200}c*$")', { input: 'abbaababb'.repeat(1_000) }, true],
    ['a large automaton on much text', 'input.matches("[ab]*a[ab]{200}c*$")', { input: large }, tooMuch],
    ['a long text', 'input.matches("a$")', { input: large + large }, tooMuch],
    ['a text that doubles', `size(${repeated('input', '+', 1)}) > 0`, { input: large + large }, tooMuch],
    ['texts in a loop', 'output.all(n, size(input + input) > n)', { input: large, output: numbers }, tooMuch],
    ['sizes', `${repeated('size(input)', '+', 2)} > 0`, { input: large + large }, tooMuch],
    ['equality, many times', repeated('input != output', '&&', 2), { input: rows, output: [...rows] }, false],
    [
      'comparison, many times',
      repeated('input < output', '&&', 2),
      { input: `${large}a`, output: `${large}b` },
      tooMuch,
    ],
    [
      'an error per item',
      'input.all(n, n.a == 1 || n.b == 2)',
      { input: numbers },
      'evaluation: double has no fields',
    ],
    [
      'an error that decides nothing',
      'input.all(n, n in output) || true',
      { input: numbers, output: numbers },
      tooMuch,
    ],
  ])('%s', (_, source, facts, expected) => {
    expect(quickly(() => outcome(condition, source, facts))).toBe(expected);
  });
});

describe('names of prototypes', () => {
  const names = Object.getOwnPropertyNames(Object.prototype).concat('prototype', 'then', 'length', 'caller');
  test.each(names)('%s', (name) => {
    expect(mistakes(sample, `${name} == d`), 'variable').not.toEqual([]);
    expect(mistakes(sample, `${name}(d) == d`), 'function').not.toEqual([]);
    expect(mistakes(sample, `d.${name}() == d`), 'method').not.toEqual([]);
    expect(mistakes(sample, `i.${name} == d`), 'part of an int').not.toEqual([]);
    expect(mistakes(sample, `l.${name} == d`), 'part of a list').not.toEqual([]);
    for (const d of [{}, [], 'text', 1, true, null, { a: 1 }]) {
      expect(outcome(sample, `d.${name} == d`, { d }), 'part of JSON').toMatch(/^evaluation: /);
      expect(outcome(sample, `d["${name}"] == d`, { d }), 'index of JSON').toMatch(/^evaluation: /);
      const has = outcome(sample, `has(d.${name})`, { d });
      expect(has === false || /has no fields/.test(String(has))).toBe(true);
    }
  });
});

const alphabet = [
  'd',
  's',
  'l',
  '.',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '\\',
  'a',
  '0',
  '1u',
  '-',
  '!',
  '?',
  ':',
];
const words = [
  ...alphabet,
  ' ',
  ',',
  '&&',
  '||',
  '==',
  'in',
  'all',
  'has',
  'matches',
  '__proto__',
  '//',
  '\n',
  '🦊',
  '\0',
];

test.each<readonly [string, fc.Arbitrary<string>]>([
  ['any text', fc.string({ unit: 'binary', maxLength: 1_100 })],
  ['any words', fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join(''))],
])('%s compiles or is refused with places inside of it, and never throws', (_, sources) => {
  const facts = { i: 1, j: 2, x: 0.5, y: 1.5, s: 'a', t: 'b', b: true, l: ['a'], d: { a: [1] } };
  fc.assert(
    fc.property(sources, (source) => {
      const compiled = sample.compile(source);
      if (compiled.ok) {
        const result = compiled.expression.evaluate(sample.check(facts));
        expect(typeof result === 'boolean' || result.kind === 'evaluation' || result.kind === 'limit').toBe(
          true,
        );
        return;
      }
      for (const { offset, length, message } of compiled.issues) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(length).toBeGreaterThanOrEqual(0);
        expect(offset + length).toBeLessThanOrEqual(source.length);
        expect(message).not.toBe('');
      }
    }),
    { numRuns: 1_000 },
  );
});

test('any JSON value is a fact or refused, and a copy of itself is equal to it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const d = value as FactValue;
      const copy = JSON.parse(JSON.stringify(value)) as FactValue;
      expect(outcome(condition, 'input == output', { input: d, output: copy })).toBe(true);
    }),
    { numRuns: 500 },
  );
});
