import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDuration, renderDuration } from '../../../components/twin/review/duration.ts';

test.each([
  ['1h 30m', 5400],
  ['1d', 28_800],
  ['1w 3d 2h 14m', 144_000 + 86_400 + 7200 + 840],
  ['-30m', -1800],
  ['0', 0],
  ['1.5h', 5400],
  ['soon', undefined],
  ['', undefined],
])('%s is %s seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (seconds) => {
      expect(parseDuration(renderDuration(seconds))).toBe(seconds);
    }),
  );
});
