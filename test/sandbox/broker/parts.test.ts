import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretForms } from '../../../components/kernel/secret-forms.ts';
import { answerHeaders, fetchedHeaders, requestHeaders } from '../../../components/sandbox/broker/headers.ts';
import { createKeySearch } from '../../../components/sandbox/broker/holds-key.ts';
import {
  isKeyVariable,
  partEnvironment,
  tokenVariable,
} from '../../../components/sandbox/broker/key-names.ts';
import type { Upstream } from '../../../components/sandbox/broker/types.ts';
import { assertUpstreams, pathBelow, urlBelow } from '../../../components/sandbox/broker/upstream-url.ts';
import { createKeyCover } from '../../../components/sandbox/broker/without-key.ts';

const upstream: Upstream = {
  ...{ id: 'example', baseUrl: 'https://api.example.com/v1', keyVariables: ['EXAMPLE_API_KEY'] },
  keyHeader: { name: 'x-custom', prefix: 'Bearer ' },
};

describe('headers', () => {
  test("a caller's credentials are not sent, the key is", () => {
    const sent = requestHeaders(
      [
        ['Content-Type', 'application/json'],
        ['anthropic-version', '2023-06-01'],
        ...[
          'Authorization',
          'x-api-key',
          'api-key',
          'X-CUSTOM',
          'Cookie',
          'Proxy-Authorization',
          'x-goog-api-key',
        ].map((name): [string, string] => [name, 'of the caller']),
        ...['Host', 'Connection', 'Content-Length', 'Transfer-Encoding', 'X-Forwarded-For'].map(
          (name): [string, string] => [name, 'x'],
        ),
      ],
      upstream,
      'key',
    );
    expect(sent).toEqual([
      ['Content-Type', 'application/json'],
      ['anthropic-version', '2023-06-01'],
      ['x-custom', 'Bearer key'],
    ]);
  });

  test('an answer sets no cookie, leads nowhere and does not speak for the broker', () => {
    const names = [
      'Set-Cookie',
      'Location',
      'x-pipewright-broker',
      'Transfer-Encoding',
      'Content-Encoding',
      'retry-after',
    ];
    const pairs = names.map((name): [string, string] => [name, 'x']);
    expect(answerHeaders(pairs).map(([name]) => name)).toEqual(['retry-after']);
    expect(fetchedHeaders([...pairs, ['Content-Type', 'x'], ['X-Any', 'x']]).map(([name]) => name)).toEqual([
      'retry-after',
      'Content-Type',
    ]);
  });
});

describe('an upstream', () => {
  test.each([
    ['https://api.example.com/v1/messages?beta=true', 'messages?beta=true'],
    ['https://api.example.com:443/v1/a/../b', 'b'],
    ['https://api.example.com/v1/', ''],
  ])('%s is below it', (url, path) => {
    expect(pathBelow(upstream, url)).toBe(path);
    expect(urlBelow(upstream, path)).toBe(`https://api.example.com/v1/${path}`);
  });

  test.each([
    'https://api.example.com/v2/messages',
    'https://api.example.com/v1',
    'https://api.example.com/v10/x',
    'http://api.example.com/v1/x',
    'https://api.example.com:8443/v1/x',
    'https://evil.example.com/v1/x',
    'https://user@api.example.com/v1/x',
    'https://api.example.com/v1/../admin',
    'https://api.example.com/v1/%2e%2e/admin',
    'https://api.example.com/v1/a%2f..%2f..%2fadmin',
    'https://api.example.com/v1//evil.org/',
    'no url',
  ])('%s is not', (url) => expect(pathBelow(upstream, url)).toBeUndefined());

  test.each(['../admin', '%2e%2e/admin', '..%2fadmin', '/evil.org/', '\\evil.org', '@evil.org/../../x'])(
    'no path leads out of it: %s',
    (path) => {
      const url = urlBelow(upstream, path);
      if (url !== undefined) expect(url.startsWith('https://api.example.com/v1/')).toBe(true);
      else expect(url).toBeUndefined();
    },
  );

  test('whatever the path is, the request stays below', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('..', '/', '\\', '%2e', '%2F', '@', ':', '?', '#', 'a', '\t') }),
        (path) => {
          const url = urlBelow(upstream, path);
          if (url !== undefined)
            expect(new URL(url).href.startsWith('https://api.example.com/v1/')).toBe(true);
        },
      ),
    );
  });

  test.each([
    { ...upstream, id: 'a/b' },
    { ...upstream, baseUrl: 'ftp://x' },
    { ...upstream, baseUrl: 'https://user:x@api.example.com' },
    { ...upstream, baseUrl: 'https://api.example.com/?a' },
    { ...upstream, keyHeader: { name: 'a: b', prefix: '' } },
  ])('is refused where it is none: %j', (wrong) => {
    expect(() => assertUpstreams([wrong])).toThrow(expect.objectContaining({ code: 'BROKER_SETTINGS' }));
  });

  test('two of one id are refused', () =>
    expect(() => assertUpstreams([upstream, upstream])).toThrow(/two APIs called example/));
});

describe('a key', () => {
  test.each([
    'ANTHROPIC_API_KEY',
    'OPENAI_API_KEY',
    'GEMINI_API_KEY',
    'GOOGLE_GENERATIVE_AI_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'HF_TOKEN',
    'AZURE_OPENAI_API_KEY',
    'MY_APIKEY',
    'PIPEWRIGHT_MODEL_KEY',
    'PIPEWRIGHT_MODEL_A_TOKEN',
    tokenVariable('my-glossary'),
  ])('is in %s', (name) => expect(isKeyVariable(name)).toBe(true));

  test.each([
    'PATH',
    'CI_JOB_TOKEN',
    'PIPEWRIGHT_SESSION_KEY',
    'PIPEWRIGHT_GITLAB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'PIPEWRIGHT_POSTGRES_URL',
    'KEYBOARD',
    'OPENAI_BASE_URL',
  ])('is not in %s, which the session itself needs', (name) => expect(isKeyVariable(name)).toBe(false));

  test('is parted from all else; an empty one is none', () => {
    const env = { OPENAI_API_KEY: ' sk-1\n', GEMINI_API_KEY: ' ', PATH: '/bin', NONE: undefined };
    expect(partEnvironment(env)).toEqual({
      keys: { OPENAI_API_KEY: 'sk-1' },
      rest: { GEMINI_API_KEY: ' ', PATH: '/bin' },
    });
  });

  test('is covered in an answer, however that is cut into pieces; all else stays', () => {
    const piece = fc.constantFrom('sk-1', '23', 'sk-123', 's', 'k', '-', 'text', 'sk-12', 'sk-sk-123');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const { cover, end } = createKeyCover('sk-123');
        const out = Buffer.concat([...pieces.map((text) => cover(Buffer.from(text))), end()]).toString();
        expect(out).toBe(pieces.join('').replaceAll('sk-123', '******'));
      }),
    );
  });

  test('is found in what goes out, in any form, backwards and broken over lines, and where it is not it is not', () => {
    const key = 'tok/canary+0123ä';
    const holds = createKeySearch([key, 'short']);
    const forms = [...secretForms(key).map(({ text }) => text), [...key].reverse().join('')];
    const around = fc.string({ unit: fc.constantFrom('a', '"', ' ', '{', '/', '0'), maxLength: 8 });
    fc.assert(
      fc.property(around, fc.constantFrom(...forms), around, fc.nat(8), (before, form, after, at) => {
        expect(holds(`${before}${form}${after}`)).toBe(true);
        expect(holds(`${before}${form.slice(0, at)}\n ${form.slice(at)}${after}`)).toBe(true);
        expect(holds(`${before}${after} short`)).toBe(false);
      }),
    );
  });

  test('what cannot be its beginning is held back from nobody', () => {
    const { cover } = createKeyCover('sk-123');
    expect(Buffer.from(cover(Buffer.from('data: hello\n\n'))).toString()).toBe('data: hello\n\n');
  });
});
