import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../components/kernel/redact.ts';
import { processorTime } from '../support/processor-time.ts';

// Put together here, so that no scanner takes this file for a leak.
const x = (length: number): string => 'aB3dE6gH9'.repeat(20).slice(0, length);
const jwt = `eyJ${x(30)}.eyJ${x(40)}.${x(43)}`;
const pem = (kind: string): string =>
  `-----BEGIN ${kind}-----\nMIIE\n${x(64)}\n${x(20)}==\n-----END ${kind}-----`;

describe('tokens nobody declared', () => {
  const redact = createRedactor();

  test.each([
    ...['pat', 'cbt', 'dt', 'rt', 'rtr', 'ptt', 'ft', 'soat', 'imt', 'agent', 'ffct', 'wt', 'oas'].map(
      (kind) => `gl${kind}-${x(20)}`,
    ),
    `glpat-${x(27)}.01.1a2b3c4d5`,
    `glcbt-64_${x(20)}`,
    `GR1348941${x(20)}`,
    `sk-ant-api03-${x(40)}-AA`,
    `sk-proj-${x(40)}`,
    `sk-${x(48)}`,
    `AIza${x(35)}`,
    `AKIA${'IOSFODNN7EXAMPLE'}`,
    `ASIA${'IOSFODNN7EXAMPLE'}`,
    ...['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map((kind) => `${kind}_${x(36)}`),
    `github_pat_${x(22)}_${x(59)}`,
    ...['a', 'b', 'p', 'r', 's'].map((kind) => `xox${kind}-123456789012-${x(12)}`),
    `hf_${x(34)}`,
    `npm_${x(36)}`,
    jwt,
    `eyJ${x(20)}.eyJ${x(20)}.`,
    `eyJ${x(20)}.${x(8)}.${x(8)}.${x(8)}.${x(8)}`,
    pem('RSA PRIVATE KEY'),
    pem('PRIVATE KEY'),
    pem('OPENSSH PRIVATE KEY'),
    pem('PGP PRIVATE KEY BLOCK'),
    pem('EC PRIVATE KEY').replaceAll('\n', '\\n'),
  ])('%s', (token) => {
    expect(redact(token)).toBe('[redacted]');
    expect(redact(`TOKEN=${token} rest`)).toBe('TOKEN=[redacted] rest');
    expect(redact(`{"a": "${token}", "b": 1}`)).toBe('{"a": "[redacted]", "b": 1}');
  });

  test.each([
    [`Authorization: Bearer ${x(8)}`, 'Authorization: Bearer [redacted]'],
    [`{"authorization":"Basic ${x(8)}=="}`, '{"authorization":"Basic [redacted]"}'],
    [`used bearer ${x(24)} for it`, 'used bearer [redacted] for it'],
    ['PRIVATE-TOKEN: abc123', 'PRIVATE-TOKEN: [redacted]'],
    ["curl -H 'Job-Token: 64_abcdef'", "curl -H 'Job-Token: [redacted]'"],
    ['"x-api-key": "k3yk3yk3y"', '"x-api-key": "[redacted]"'],
    ['https://user:pa:ss@host/x?y', 'https://user:[redacted]@host/x?y'],
    ['postgres://:secret@db:5432/x', 'postgres://:[redacted]@db:5432/x'],
    ['https://u:p@ss@host', 'https://u:[redacted]@host'],
    [`cut off:\n${pem('PRIVATE KEY').slice(0, 70)}`, 'cut off:\n[redacted]'],
    [`header.${jwt}`, 'header.[redacted]'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test.each([
    'sk-learn and scikit-learn, risk-management-for-everyone',
    'task-0123456789abcdef0123456789abcdef',
    'glpatterns, glossary-of-all-the-terms-we-use, glpat-short',
    'AKIA in prose, and AKIAS',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
    '123e4567-e89b-12d3-a456-426614174000',
    '4a5c9d3f1b2e8a7c6d5e4f3a2b1c0d9e8f7a6b5c',
    'the bearer of good news, bearer authentication-mechanisms',
    'Authorization: none; private-token: missing',
    'https://example.org:8080/a@b, https://example.org/a:b@c, user@example.org',
    'version 1.2.3, a.b.c, eyJ is how a JWT begins, eyJ.x.y',
    'npm_config_cache, hf_hub, xoxo-hugs, ghp_short',
    '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
    '-----BEGIN PUBLIC KEY-----\nMIIE\n-----END PUBLIC KEY-----',
    'registry.gitlab.com/group/project:1.0@sha256:0a1b',
  ])('stays: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Each way a secret may stand in a text, with what must not be left of it. */
const forms: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  'base64, first alignment': (secret) => base64(secret),
  'base64, second alignment': (secret) => base64(`:${secret}!`),
  'base64, third alignment': (secret) => base64(`u:${secret}`),
  base64url: (secret) => Buffer.from(`user:${secret}?`).toString('base64url'),
  'hex, lower': (secret) => Buffer.from(secret).toString('hex'),
  'hex, upper': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  URL: (secret) => encodeURIComponent(secret),
  'URL, lower-case octets': (secret) =>
    encodeURIComponent(secret).replace(/%../g, (octet) => octet.toLowerCase()),
  'URL, form': (secret) => new URLSearchParams({ a: secret }).toString().slice(2),
  'JSON text': (secret) => JSON.stringify(secret),
  'JSON text, slashes escaped': (secret) => JSON.stringify(secret).replaceAll('/', '\\/'),
  'split over lines': (secret) => secret.replace(/(.{3})/gsu, '$1\n    '),
  'split with backslashes': (secret) => secret.replace(/(.{4})/gsu, '$1\\\n'),
  'split, then JSON': (secret) => JSON.stringify(secret.replace(/([^\\]{4})(?!["\\nrt])/gsu, '$1\n')),
  'base64 in lines': (secret) => base64(`key=${secret}`).replace(/(.{5})/g, '$1\r\n'),
  'hex in lines': (secret) =>
    Buffer.from(secret)
      .toString('hex')
      .replace(/(.{16})/g, '$1\n'),
};

describe('declared secrets', () => {
  const secret = 'p@ss "w/ö\\rd=+ 7';

  test.each(Object.entries(forms))('%s', (_, form) => {
    const text = form(secret);
    const result = createRedactor([secret])(`before ${text} after`);
    expect(result).toMatch(/^before .{0,8}\[redacted\].{0,8} after$/s);
  });

  test('more than once, overlapping, and next to each other', () => {
    const redact = createRedactor(['abcdef', 'defghi']);
    expect(redact('abcdefghi abcdefabcdef')).toBe('[redacted] [redacted][redacted]');
  });

  test('added later; with white space around; shorter than 6 not at all', () => {
    const redact = createRedactor(['short']);
    redact.add('  hunter22\n');
    expect(redact('short hunter22')).toBe('short [redacted]');
    redact.add('four44');
    expect(redact('four44')).toBe('[redacted]');
  });

  test('a backslash before the secret hides nothing', () => {
    expect(createRedactor(['nsecret1'])('C:\\nsecret1 and\nmore')).toBe('C:\\[redacted] and\nmore');
  });

  test('no form survives in any surroundings', () => {
    const value = fc
      .string({ unit: 'grapheme', minLength: 8, maxLength: 40 })
      .filter((text) => text.trim() === text && !/\s/.test(text) && Buffer.byteLength(text) >= 8);
    fc.assert(
      fc.property(
        value,
        fc.string(),
        fc.string(),
        fc.constantFrom(...Object.keys(forms)),
        (hidden, before, after, name) => {
          const text = forms[name]?.(hidden) ?? '';
          const result = createRedactor([hidden])(`${before} ${text} ${after}`);
          expect(result).toContain('[redacted]');
          expect(result.replaceAll('[redacted]', '')).not.toContain(hidden);
          expect(result.replaceAll('[redacted]', '')).not.toContain(text);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('text without secrets stays as it is', () => {
    const redact = createRedactor([`only${x(20)}`]);
    fc.assert(fc.property(fc.string(), (text) => redact(text) === text));
  });
});

describe('time is linear', () => {
  const redact = createRedactor(['correct horse battery', x(40)]);
  const million = (piece: string): string => piece.repeat(Math.ceil(1_000_000 / piece.length));

  test.each([
    'a',
    'eyJ',
    'eyJ-',
    'eyJ.',
    'eyJa.a.',
    'a.',
    'a-',
    '.',
    ' ',
    '\n',
    '\\',
    '\\n',
    'glpat-',
    'glpat-.',
    'sk-',
    'sk-ant-',
    'AKIA',
    'AIza',
    'bearer ',
    'Bearer a',
    'authorization: ',
    'private-token:',
    '://',
    '://a:',
    'http://a:b',
    '@',
    ':',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN ',
    '-',
    'xoxb-',
    'ghp_',
    'npm_',
    'x-api-key=',
  ])('1 MB of %j', (piece) => {
    const text = million(piece);
    redact(text.slice(0, 1_000));
    const spent = processorTime();
    redact(text);
    // About 20 to 100 ms on one core; ten times that is still not quadratic.
    expect(spent()).toBeLessThan(5_000);
  });
});

test('a text too short to be looked through holds nothing that would be found in a longer one', () => {
  const redact = createRedactor();
  const piece = fc.constantFrom(
    ...['glpat-', 'xoxb-', 'hf_', 'gsk_', 'AKIA', 'eyJ', 'a', '7Z', '.', ':', '/', '@', ' ', '\n', '-', '_'],
    ...['://', 'bearer ', 'x-api-key:', 'token', '=', '"'],
  );
  const short = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('').slice(0, 13));
  fc.assert(
    fc.property(short, (text) => {
      const padding = ' '.repeat(20);
      expect(redact(text)).toBe(redact(text + padding).slice(0, -padding.length));
    }),
    { numRuns: 3_000 },
  );
});
