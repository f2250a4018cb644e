import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findApi } from '../../../components/models/find-api.ts';
import { providers } from '../../../components/models/providers.gen.ts';
import type { ModelApi } from '../../../components/models/types.ts';
import { isKeyVariable } from '../../../components/sandbox/broker/key-names.ts';
import { modelKeys, readWire } from '../../../scripts/wire/model-inputs.ts';
import { type Asked, createOutside } from '../../../scripts/wire/run-outside.ts';
import { atEnd } from '../../support/at-end.ts';
import { startBrokerHere } from '../../support/broker.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { key, labelled, openApi, requestOf, startServer } from './support.ts';

const of = { provider: 'anthropic', model: 'm' };

async function access(
  api: Partial<ModelApi>,
  env: Readonly<Record<string, string>> = { ANTHROPIC_API_KEY: key },
) {
  const found = { ...findApi(of, 'http://127.0.0.1:1/v1').api, ...api };
  const outside = createOutside(testContext(workspace(), startBrokerHere(env)), [], async () => undefined);
  atEnd(outside.close);
  return (await outside.openModels([found]))(found, of);
}

describe.each(labelled)('%s', (_, api) => {
  test('is shown its key in its header, and nothing of ours besides', async () => {
    let seen: Record<string, unknown> = {};
    const { url } = await startServer((request, response) => {
      seen = request.headers;
      response.writeHead(418, { 'content-type': 'application/json' });
      response.end('{}');
    });
    const model = await openApi(api, { url, wire: { headers: { 'x-team': 'blue' } } });
    await expect(model.generate(requestOf(api))).rejects.toMatchObject({ code: 'MODEL_REQUEST_REFUSED' });
    const { name = '', prefix } = findApi({ provider: api.name, model: 'm' }, url).api.keyHeader ?? {};
    expect(seen[name]).toBe(`${prefix}${key}`);
    expect(seen['x-team']).toBe('blue');
    expect(JSON.stringify(seen)).not.toContain('held-elsewhere');
    expect(JSON.stringify(seen).split(key)).toHaveLength(2);
  });
});

describe('the way to a provider', () => {
  test.each([
    'http://127.0.0.1:2/v1/messages',
    'http://127.0.0.1:1/v2/messages',
    'http://127.0.0.1:1/v1',
    'http://127.0.0.1:1/v1/../admin',
    'http://127.0.0.1:1/v1/%2e%2e/admin',
    'http://127.0.0.1:1/v1/..%2fadmin',
    'http://127.0.0.1:1/v1x/messages',
    'http://user@127.0.0.1:1/v1/messages',
    'https://127.0.0.1:1/v1/messages',
  ])('ends before %s', async (url) => {
    const send = await access({});
    await expect(send(url, { method: 'POST' })).rejects.toMatchObject({
      code: 'MODEL_ADDRESS',
      kind: 'misuse',
    });
  });

  test('leads nowhere but below its address, whatever is asked', async () => {
    const asked: string[] = [];
    const { url } = await startServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('{}');
    });
    const send = await access({ baseUrl: `${url}/llm/v1` });
    const part = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2f',
      '\\',
      'v1',
      'messages',
      '@evil.example',
      '?',
      '#',
      '//',
    );
    const hosts = fc.constantFrom(`${url}/llm/v1/`, `${url}/`, 'https://evil.example/');
    await fc.assert(
      fc.asyncProperty(hosts, fc.array(part, { maxLength: 6 }), async (host, parts) => {
        await send(`${host}${parts.join('/')}`, { method: 'POST' }).catch(() => undefined);
      }),
    );
    expect(asked.length).toBeGreaterThan(0);
    for (const path of asked) expect(path).toMatch(/^\/llm\/v1\//);
  });

  test('is closed without a key, and says where it is expected', async () => {
    await expect(access({}, { ANTHROPIC_API_KEY: ' ' })).rejects.toMatchObject({
      ...{ code: 'MODEL_KEY_MISSING', kind: 'misuse' },
      message: 'there is no key for anthropic/m: ANTHROPIC_API_KEY is not set',
    });
  });

  test('sends no key without encryption but to this machine', async () => {
    await expect(access({ baseUrl: 'http://llm.example.com/v1' })).rejects.toMatchObject({
      code: 'MODEL_URL',
    });
    await access({ baseUrl: 'http://llm.example.com/v1', keyOptional: true }, {});
    await access({ baseUrl: 'http://localhost:11434/v1' });
  });
});

describe('an address', () => {
  test.each([
    ['ollama', '', 'only you know its address'],
    ['azure', '', 'only you know its address'],
    ['openai', 'ftp://a.example.com', 'the address is none of https: or http:'],
    ['openai', 'https://a:b@a.example.com', 'the address holds a name or a password'],
    ['openai', 'https://a.example.com/v1?key=1', 'the address holds more than a path'],
    ['openai', 'nowhere', 'the address is none'],
  ])('of %s cannot be %j', (provider, url, reason) => {
    expect(() => findApi({ provider, model: 'm' }, url)).toThrowError(
      expect.objectContaining({ code: 'MODEL_URL', message: `${provider} cannot be asked: ${reason}` }),
    );
  });

  test.each([
    ['antropic', 'did you mean the provider anthropic?'],
    [`\${LLM_PROVIDER:-anthropic}`, 'the provider is a variable, and whoever starts a pipeline could set it'],
    ['toString', 'the providers are anthropic, azure, cohere'],
  ])('of %s is not guessed', (provider, known) => {
    expect(() => findApi({ provider, model: 'm' }, '')).toThrowError(
      expect.objectContaining({ code: 'MODEL_MISSING', message: expect.stringContaining(known) }),
    );
  });

  test("every provider of OSSA's has one, or takes the operator's", () => {
    const ossa =
      'openai anthropic google azure ollama mistral cohere groq together fireworks deepseek custom';
    for (const provider of ossa.split(' '))
      expect(findApi({ provider, model: 'm' }, 'https://a.example.com/v1/').api).toMatchObject({
        ...{ id: provider, baseUrl: 'https://a.example.com/v1' },
      });
  });
});

test('every variable that may hold a key is taken out of what is written', () => {
  const variables = providers.flatMap(({ apis }) =>
    Object.values(apis).flatMap(({ keyVariables }) => keyVariables),
  );
  expect(
    Object.values(modelKeys)
      .map(({ variable }) => variable)
      .sort(),
  ).toEqual([...new Set(variables)].sort());
});

test('every variable that may hold a key is taken away before a session begins', () => {
  for (const { variable } of Object.values(modelKeys)) expect(isKeyVariable(variable), variable).toBe(true);
});

test('of two providers with one address each is shown its own key', async () => {
  const seen: unknown[] = [];
  const { url } = await startServer((request, response) => {
    seen.push(request.headers.authorization ?? request.headers['x-api-key']);
    response.end('{}');
  });
  const apis = ['mistral', 'groq'].map((provider) => findApi({ provider, model: 'm' }, `${url}/v1`).api);
  const here = startBrokerHere({ MISTRAL_API_KEY: 'key-of-mistral', GROQ_API_KEY: 'key-of-groq' });
  const outside = createOutside(testContext(workspace(), here), [], async () => undefined);
  atEnd(outside.close);
  const open = await outside.openModels(apis);
  for (const api of apis)
    await open(api, { provider: api.id, model: 'm' })(`${url}/v1/x`, { method: 'POST' });
  expect(seen).toEqual(['Bearer key-of-mistral', 'Bearer key-of-groq']);
});

test('a broker that is gone is asked once, and what it was doing counts as paid for', async () => {
  const here = startBrokerHere({ ANTHROPIC_API_KEY: key });
  const context = testContext(workspace(), here);
  const kept: Asked[] = [];
  const outside = createOutside(context, [], async (asked) => void kept.push(asked));
  const { api } = findApi(of, 'http://127.0.0.1:1/v1');
  const send = (await outside.openModels([api]))(api, of);
  await here.end();
  await expect(send('http://127.0.0.1:1/v1/messages', { method: 'POST' })).rejects.toMatchObject({
    ...{ failure: { code: 'BROKER_GONE' }, facts: { canRepeat: false, mayBePaid: true } },
  });
  await outside.close();
  expect(kept).toEqual([{ requests: [], isAll: false }]);
});

test.each([
  'authorization=x',
  'Api-Key=x',
  'x y=z',
  'x-my-token=x',
  'x-team',
  '=x',
  'x-a=ü',
  'host=evil.example',
])('the header %j is refused', (header) => {
  const inputs = {
    ...({
      cassette: '',
      playbook: '',
      record: '',
      'model-url': '',
      'model-api': 'responses',
      stream: true,
    } as const),
    ...{ 'model-timeout': 1, 'model-header': [header] },
  };
  expect(() => readWire(inputs)).toThrowError(expect.objectContaining({ code: 'MODEL_HEADER' }));
});
