// What holds of every text, however hostile.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findUnsafe } from '../../../components/proposals/text/find-unsafe.ts';
import { hostileText } from './fragments.ts';
import { sanitised, sanitisedLine } from './sanitised.ts';

const runs = { numRuns: 3_000 };
const binary = fc.string({ unit: 'binary', maxLength: 300 });

describe('a body', () => {
  test('is harmless, and harmless text comes through as it is', () => {
    fc.assert(
      fc.property(hostileText, (text) => void sanitised(text)),
      runs,
    );
  });

  test('is harmless whatever characters it is made of', () => {
    fc.assert(
      fc.property(binary, (text) => void sanitised(text)),
      runs,
    );
  });

  test('leaves nothing open: what stands behind an empty line is read as ever', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const lines = `${sanitised(text)}\n\n@root`.split('\n');
        expect(findUnsafe(lines.join('\n'))).toEqual([`line ${lines.length}: a mention`]);
      }),
      runs,
    );
  });

  test('stays harmless between texts of ours, and beside another', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        const whole = `### review\n\n${sanitised(one)}\n\n---\n\n${sanitised(other)}\n\n_footer_`;
        expect(findUnsafe(whole)).toEqual([]);
      }),
      runs,
    );
  });

  test('loses no letter or digit where no block of code is', () => {
    const letters = (text: string) => text.normalize('NFD').replace(/[^A-Za-z0-9]/g, '');
    fc.assert(
      fc.property(hostileText, (text) => {
        const given = text.replace(/`{2,}|~{2,}/g, '').slice(0, 150);
        fc.pre(!/[`~]{3}/.test(given));
        expect(letters(sanitised(given))).toBe(letters(given));
      }),
      runs,
    );
  });
});

describe('a title', () => {
  test('is harmless, in a body as well', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const title = sanitisedLine(text);
        expect(title).not.toMatch(/[\n\r\t]/);
        expect(findUnsafe(sanitised(title))).toEqual([]);
      }),
      runs,
    );
  });

  test('is harmless whatever characters it is made of', () => {
    fc.assert(
      fc.property(binary, (text) => void sanitisedLine(text)),
      runs,
    );
  });
});
