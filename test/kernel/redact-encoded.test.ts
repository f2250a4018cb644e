import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../components/kernel/redact.ts';

const redact = createRedactor();
const prefixes = [
  'glpat-',
  'glcbt-',
  'gldt-',
  'glrt-',
  'glptt-',
  'glft-',
  'glsoat-',
  'sk-ant-',
  'sk-proj-',
  'github_pat_',
];
const body = fc.stringMatching(/^[A-Za-z0-9_]{26,40}$/);

describe('tokens nobody declared, in disguise', () => {
  test.each(prefixes)('%s in hex and in base64, whatever stands before and after', (prefix) => {
    fc.assert(
      fc.property(body, fc.stringMatching(/^[a-z ]{0,8}$/), (rest, before) => {
        const token = prefix + rest;
        const bytes = Buffer.from(before + token + before);
        for (const encoded of [
          bytes.toString('hex'),
          bytes.toString('base64'),
          bytes.toString('base64url'),
        ]) {
          const left = redact(`see ${encoded}.`);
          const decoded =
            Buffer.from(left, 'base64').toString('latin1') + Buffer.from(left, 'hex').toString('latin1');
          expect(left).toContain('[redacted]');
          expect(decoded).not.toContain(rest.slice(4, 16));
        }
      }),
      { numRuns: 50 },
    );
  });

  test.each(['\n', '\n    ', '\r\n', '\\\n  '])('broken over lines by %j', (lineBreak) => {
    expect(redact(`a glpat-abcdefgh${lineBreak}ijklmnopqrstuv z`)).toBe('a [redacted] z');
    expect(redact(`a glpat-${lineBreak}abcdefgh${lineBreak}ijklmnopqrst z`)).toBe('a [redacted] z');
  });

  test.each([
    'use `glpat-` tokens\nor others',
    'Z2xwYXQt',
    '676c7061742d',
    'a glpat-x\n\nb',
    'gldt-\n- item',
  ])('%j stays', (text) => expect(redact(text)).toBe(text));

  test('1 MB of beginnings takes no time', () => {
    for (const hostile of ['glpat-\n', 'glpat-a\nbcde\n', 'Z2xwYXQt', '676c', 'AIza']) {
      const started = performance.now();
      redact(hostile.repeat(Math.ceil(1_000_000 / hostile.length)));
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });
});
