import { array, assert, nat, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { createMask } from '../../../components/twin/pipelines/runner/mask.ts';

function maskPieces(pieces: readonly string[], secrets: readonly string[]): string {
  const mask = createMask(() => secrets);
  return pieces.map(mask.push).join('') + mask.end();
}

test('a secret is masked wherever the pieces are cut', () => {
  const text = 'a token-1234 and token-12345, token-123';
  const secrets = ['token-1234', 'token-12345'];
  for (let at = 0; at <= text.length; at += 1) {
    const pieces = [text.slice(0, at), text.slice(at)];
    expect(maskPieces(pieces, secrets)).toBe('a [MASKED] and [MASKED], token-123');
  }
});

test('pieces change nothing, and no secret comes through', () => {
  const letters = string({ unit: array(nat(2)).map(([n = 0]) => 'abc'.charAt(n)), maxLength: 30 });
  assert(
    property(array(letters), array(letters, { maxLength: 3 }), (pieces, secrets) => {
      const shown = maskPieces(pieces, secrets);
      expect(shown).toBe(maskPieces([pieces.join('')], secrets));
      for (const secret of secrets.filter((one) => one !== ''))
        expect(shown.split('[MASKED]').some((part) => part.includes(secret))).toBe(false);
    }),
  );
});

test('what cannot be a secret is shown at once', () => {
  const mask = createMask(() => ['token-1234']);
  expect(mask.push('50 %\nto')).toBe('50 %\n');
  expect(mask.push('day')).toBe('today');
});
