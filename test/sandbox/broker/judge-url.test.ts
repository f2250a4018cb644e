import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../../components/kernel/redact.ts';
import { parseAllowList } from '../../../components/sandbox/broker/allow-list.ts';
import { judgeUrl } from '../../../components/sandbox/broker/judge-url.ts';

const rules = parseAllowList([
  ...['docs.example.com', '*.wiki.example.org', 'api.example.com:8443/v1/', 'http://mirror.example.com'],
  ...['private:http://10.0.0.5:8080', 'private:https://build.corp:8443'],
]);
const redact = createRedactor(['sk-canary-0123456789abcdef']);
const judge = (url: string) => judgeUrl(new URL(url), rules, redact);

describe('an allow-list', () => {
  test.each([
    'https://docs.example.com/guide/',
    'https://docs.example.com:443/guide',
    'https://DOCS.example.com./guide',
    'https://en.wiki.example.org/Page',
    'https://a.b.wiki.example.org/',
    'https://api.example.com:8443/v1/users',
    'http://mirror.example.com/debian/',
    'http://10.0.0.5:8080/health',
    'https://build.corp:8443/status',
  ])('lets %s through', (url) => expect(judge(url)).toMatchObject({ ok: true }));

  test.each([
    'https://example.com/',
    'https://docs.example.com.evil.org/',
    'https://evildocs.example.com/',
    'https://wiki.example.org/',
    'https://evilwiki.example.org/',
    'http://docs.example.com/',
    'https://docs.example.com:8443/',
    'https://api.example.com/v1/users',
    'https://api.example.com:8443/v2/users',
    'https://api.example.com:8443/v1/../admin',
    'https://api.example.com:8443/v10/',
    'https://mirror.example.com/',
    'http://10.0.0.5/',
    'http://10.0.0.6:8080/',
    'ftp://docs.example.com/',
    'file:///etc/passwd',
    'data:text/plain,x',
  ])('does not let %s through', (url) => expect(judge(url)).toMatchObject({ ok: false }));

  test('credentials in a URL are not sent', () =>
    expect(judge('https://user:pass@docs.example.com/')).toEqual({
      ok: false,
      reason: 'it holds a user name or a password',
    }));

  test.each([
    '',
    '*',
    '*.com.',
    '*.localhost',
    'https://',
    'ftp://docs.example.com',
    'docs.example.com?x',
    'docs.example.com#x',
    'user@docs.example.com',
    'docs.example.com:99999',
    '10.0.0.5',
    '127.0.0.1:80',
    '0x7f.1',
    '[::1]:443',
    'private:docs.example.com',
    'docs.example.com/a/../b',
    'a b.example.com',
  ])('%j is no entry of one', (entry) => {
    expect(() => parseAllowList([entry])).toThrow(expect.objectContaining({ code: 'BROKER_SETTINGS' }));
  });
});

const at = (path: string) => judge(`https://docs.example.com/${path}`);

describe('paths and queries of people', () => {
  test.each([
    'en-us/guide/getting-started/installation.html',
    'blog/2026/11/29/how-to-write-a-good-gitlab-pipeline-with-components/',
    'api/v2/reference/getElementById',
    'search?q=how+to+cache+node_modules&page=2',
    'npm/@types/node/v/24.19.2',
    'releases/tag/v24.21.0',
    'rfc/rfc9110.html#section-7',
    'debian/pool/main/b/bubblewrap/bubblewrap_0.8.0-2_amd64.deb',
    'wiki/Übersicht_der_Systeme',
    'package.json',
    'docs/latest/ES2024/utf8mb4',
    'ee/ci/yaml/index.html',
  ])('%s', (path) => expect(at(path)).toMatchObject({ ok: true }));

  test('what could be anything is counted', () => {
    expect(at('guide/installation')).toMatchObject({ doubtful: 0 });
    expect(at('v8/es2024')).toMatchObject({ doubtful: 0 });
    expect(at('x7f3a9c')).toMatchObject({ ok: true, doubtful: 7 });
    expect(at('wrtqzk')).toMatchObject({ ok: true, doubtful: 6 });
    expect(at('12345678')).toMatchObject({ ok: true, doubtful: 8 });
  });
});

describe('what a secret reads like is not sent', () => {
  test.each([
    'AbC9xYz0QwErTy12',
    '?q=c2VjcmV0LXRva2VuLW9mLW91cnM',
    '4d2c9f1e7a8b3c5d6e0f',
    'onswg4tforvwk6i',
    '8412094120941209',
    '0101010101110101',
    'a/b/c/d/e/f/g/h/i/j',
    'a.b.c.d.e.f.g.h.i',
    '.-.-..-.--..-.',
    'secret%2520token',
    '%00%01%02',
    '%e2%80%8b%e2%80%8c',
    '%ff%fe',
    `${'word-'.repeat(30)}`,
    `a${'/b'.repeat(300)}`,
    'zqxwvkjhgfdsprtn',
    '?token=glpat-AbCdEfGhIjKlMnOpQrSt',
  ])('%s', (path) => expect(at(path)).toMatchObject({ ok: false }));

  test('nor the keys themselves, in any form or backwards', () => {
    expect(at('sk-canary-0123456789abcdef')).toMatchObject({ reason: 'it holds a secret' });
    expect(at('fedcba9876543210-yranac-ks')).toMatchObject({ reason: 'it holds a secret' });
  });

  test('a name below a wildcard is judged as well', () => {
    expect(judge('https://c2vjcmv0lxrva2vulw9mlw91cnm.wiki.example.org/')).toMatchObject({ ok: false });
  });

  test.each([
    [16, 'hex', 0],
    [32, 'hex', 0],
    [16, 'base64', 0.01],
    [32, 'base64', 0],
    [16, 'base64url', 0.02],
    [32, 'base64url', 0],
  ] as const)('of random secrets of %i bytes in %s at most that share passes: %d', (size, how, most) => {
    const passed = Array.from({ length: 2_000 }, (_, seed) => {
      const secret = createHash('sha256').update(String(seed)).digest().subarray(0, size);
      return at(`search?q=${encodeURIComponent(secret.toString(how))}`).ok;
    }).filter(Boolean);
    expect(passed.length / 2_000).toBeLessThanOrEqual(most);
  });
});
