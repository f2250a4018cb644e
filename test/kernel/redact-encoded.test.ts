import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../components/kernel/redact.ts';
import { tokenForms } from '../../components/kernel/token-forms.ts';
import { processorTime } from '../support/processor-time.ts';

const redact = createRedactor();
// Bodies that fit each form; AWS keys have capitals and digits only.
const body = fc.stringMatching(/^[A-Z0-9]{40}$/);
const forms = [...tokenForms.map(({ prefix }) => prefix), 'eyJhbGciOi', 'eyJ0eXAiOi', 'eyJraWQiOi'];

describe('tokens nobody declared, in disguise', () => {
  test.each(forms)('%s in hex and in base64, whatever stands before and after', (prefix) => {
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
      { numRuns: 20 },
    );
  });

  test.each(tokenForms.map(({ prefix }) => prefix))('%s as it is, and with its dash as %%2D', (prefix) => {
    const token = `${prefix}${'A1B2C3D4'.repeat(5)}`;
    expect(redact(`see ${token}.`)).toBe('see [redacted].');
    expect(redact(`see ${token.replace(/-$|-(?=A1)/, '%2D')}.`)).toBe('see [redacted].');
  });

  test('a JWT broken over lines, a private key in base64', () => {
    const jwt = `eyJhbGciOiJSUzI1NiJ9.${'abcdefgh'.repeat(20)}.${'ijklmnop'.repeat(20)}`;
    const wrapped = jwt.replace(/.{60}/g, '$&\n');
    expect(redact(`token:\n${wrapped}\n`)).not.toMatch(/abcdefghabcdefgh|ijklmnopijklmnop/);
    const pem = Buffer.from(`-----BEGIN PRIVATE KEY-----\n${'MIIE'.repeat(30)}`).toString('base64');
    expect(redact(`key ${pem}`)).toBe('key [redacted]');
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
      const spent = processorTime();
      redact(hostile.repeat(Math.ceil(1_000_000 / hostile.length)));
      expect(spent()).toBeLessThan(5_000);
    }
  });
});
