import fc from 'fast-check';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { openTokenCounter } from '../../components/models/count-tokens.ts';

const count = await openTokenCounter();

test.each([
  ['', 0],
  ['hello world', 2],
  ['export const vat = 0.19;\n', 9],
  // Names of special tokens are text like any other.
  ['<|endoftext|>', 7],
])('%j has %i tokens', (text, tokens) => {
  expect(count(text)).toBe(tokens);
});

test('in pieces a text counts hardly more than as a whole, and never much less', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,9}[ .,;(){}\n]{1,3}$/), { maxLength: 300 });
  fc.assert(
    fc.property(
      fc.oneof(
        words.map((each) => each.join('')),
        fc.string({ unit: 'grapheme', maxLength: 2_000 }),
      ),
      (text) => {
        const whole = encode(text).length;
        const cuts = Math.floor(text.length / 256);
        expect(count(text)).toBeGreaterThanOrEqual(whole - cuts);
        expect(count(text)).toBeLessThanOrEqual(whole + 3 * cuts);
      },
    ),
    { numRuns: 60 },
  );
});

test.each(['a', '漢', ' ', '-', '😀', '\ud800'])(
  'the time for a run of %j grows with its length, not with its square',
  (one) => {
    const time = (length: number) => {
      const text = one.repeat(length);
      const start = performance.now();
      expect(count(text)).toBeGreaterThan(0);
      return performance.now() - start;
    };
    time(1_000);
    // Counted at once 200,000 of them take minutes.
    expect(time(200_000)).toBeLessThan(2_000);
  },
);
