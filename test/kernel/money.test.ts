import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseUsd, renderUsd } from '../../components/kernel/money.ts';

test('dollars are exact, where a double is not', () => {
  expect(parseUsd('0.1')).toBe(100_000_000_000n);
  expect(parseUsd('3.000001')).toBe(3_000_001_000_000n);
  expect(parseUsd('0.000000000001')).toBe(1n);
  expect(parseUsd('1000000')).toBe(10n ** 18n);
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 18n), (pico) => {
      expect(parseUsd(renderUsd(pico).replace(' USD', ''))).toBe(pico);
      expect(renderUsd(-pico)).toBe(pico === 0n ? '0 USD' : `-${renderUsd(pico)}`);
    }),
  );
});

test.each([
  ['signs', '-1'],
  ['exponents', '1e3'],
  ['what is no number', 'NaN'],
  ['infinity', 'Infinity'],
  ['nothing', ''],
  ['a comma', '1,5'],
  ['no whole part', '.5'],
  ['no fraction', '1.'],
  ['more than a token can cost a part of', '0.0000000000001'],
  ['leading zeros', '01'],
  ['white space', ' 1'],
  ['too much', '1000000.000000000001'],
  ['far too much', '9'.repeat(400)],
])('refused: %s', (_, text) => expect(parseUsd(text)).toBeUndefined());
