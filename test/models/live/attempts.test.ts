import { describe, expect, test } from 'vitest';
import type { Context } from '../../../components/kernel/context.ts';
import type { AttemptRules } from '../../../components/models/live/attempts.ts';
import type { Fallback } from '../../../components/models/open-model.ts';
import { testContext } from '../../support/cli.ts';
import { apis, openApi, requestOf, startServer } from './support.ts';

const [, , chat] = apis;
const ok = JSON.stringify({
  ...{ id: 'x', object: 'chat.completion', created: 1, model: 'm' },
  choices: [{ index: 0, message: { role: 'assistant', content: 'Fine.' }, finish_reason: 'stop' }],
  usage: {
    ...{ prompt_tokens: 90, completion_tokens: 7, total_tokens: 97 },
    prompt_tokens_details: { cached_tokens: 40 },
    completion_tokens_details: { reasoning_tokens: 5 },
  },
});

type Step = number | 'cut' | readonly [status: number, headers: Record<string, string>];

/** Answers in order; the last again and again. */
async function play(steps: readonly Step[]) {
  const models: string[] = [];
  const { url } = await startServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    models.push(JSON.parse(body).model);
    const step = steps[Math.min(models.length, steps.length) - 1] ?? 200;
    if (step === 'cut') return void request.socket.destroy();
    const [status, headers] = typeof step === 'number' ? [step, {}] : step;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(status === 200 ? ok : JSON.stringify({ error: { message: 'no' } }));
  });
  return { url, models };
}

/** A clock whose waits are only noted. */
function patient() {
  const waits: number[] = [];
  const { clock } = testContext('/');
  const sleep: Context['clock']['sleep'] = async (milliseconds, cancel) => {
    if (cancel !== undefined) return clock.sleep(milliseconds, cancel);
    waits.push(milliseconds);
  };
  return { waits, change: { clock: { ...clock, sleep } } };
}

const rules: AttemptRules = { attempts: 3, backoff: 'exponential', initialMs: 100, mostMs: 30_000 };

function fallback(model: string, trigger: Partial<Fallback['trigger']> = {}): Fallback {
  return {
    provider: 'openai',
    model,
    temperature: 0.5,
    trigger: { onError: true, statuses: undefined, ...trigger },
  };
}

async function open(
  url: string,
  fallbacks: readonly Fallback[] = [],
  { own = rules, ...parts }: { own?: AttemptRules } & Partial<Parameters<typeof openApi>[1]> = {},
) {
  const { waits, change } = patient();
  const model = await openApi(chat, {
    ...{ url, wire: { streams: false }, choice: { rules: own, fallbacks } },
    ...parts,
    change: { ...change, ...parts.change },
  });
  return { model, waits };
}

describe('a model that cannot answer now', () => {
  test('is asked again after a while, twice as long each time', async () => {
    const { url, models } = await play([429, 529, 200]);
    const { model, waits } = await open(url);
    expect(await model.generate(requestOf(chat))).toMatchObject({
      text: 'Fine.',
      usage: { inputTokens: 90, outputTokens: 7, cachedInputTokens: 40, reasoningTokens: 5 },
    });
    expect(models).toHaveLength(3);
    expect(waits).toEqual([50, 100]);
  });

  test('is asked when it says, in seconds or by a date', async () => {
    const date = new Date(Date.now() + 20_000).toUTCString();
    const { url } = await play([[429, { 'retry-after': '7' }], [503, { 'retry-after': date }], 200]);
    const { model, waits } = await open(url);
    await model.generate(requestOf(chat));
    expect(waits[0]).toBe(7_000);
    expect(waits[1]).toBeGreaterThan(17_000);
    expect(waits[1]).toBeLessThanOrEqual(20_000);
  });

  test('is not waited for longer than the manifest lets it', async () => {
    const { url, models } = await play([[429, { 'retry-after': '3600' }]]);
    const { model, waits } = await open(url);
    await expect(model.generate(requestOf(chat))).rejects.toMatchObject({
      code: 'MODEL_RATE_LIMITED',
      message: 'openai/m takes no more requests for now (429: no); it asks to wait 3600 s',
    });
    expect([models.length, waits]).toEqual([1, []]);
  });

  test.each(['none', 'fixed', 'linear', 'exponential'] as const)(
    'waits by the manifest: %s',
    async (backoff) => {
      const { url } = await play([500]);
      const { model, waits } = await open(url, [], { own: { ...rules, attempts: 4, backoff } });
      await expect(model.generate(requestOf(chat))).rejects.toMatchObject({ code: 'MODEL_OVERLOADED' });
      const expected = {
        none: [0, 0, 0],
        fixed: [50, 50, 50],
        linear: [50, 100, 150],
        exponential: [50, 100, 200],
      };
      expect(waits).toEqual(expected[backoff]);
    },
  );

  test('what is wrong with the request is asked once', async () => {
    const { url, models } = await play([400]);
    const { model } = await open(url, [fallback('other')]);
    await expect(model.generate(requestOf(chat))).rejects.toMatchObject({ code: 'MODEL_REQUEST_REFUSED' });
    expect(models).toEqual(['m']);
  });
});

describe('what may have to be paid', () => {
  test('is told with the answer that came after it', async () => {
    const { url } = await play(['cut', 200]);
    const { model } = await open(url);
    expect(model.attempts).toBe(2);
    expect(await model.generate(requestOf(chat))).toMatchObject({ text: 'Fine.', unanswered: 1 });
  });

  test('is never more than was reserved, however many may be asked', async () => {
    const { url, models } = await play(['cut']);
    const { model } = await open(url, [fallback('a'), fallback('b')], { own: { ...rules, attempts: 10 } });
    expect(model.attempts).toBe(2);
    await expect(model.generate(requestOf(chat))).rejects.toMatchObject({ unanswered: 2 });
    expect(models).toHaveLength(2);
  });

  test('one request is reserved where one is made', async () => {
    const { url, models } = await play(['cut']);
    const { model } = await open(url, [], { own: { ...rules, attempts: 1 } });
    expect(model.attempts).toBe(1);
    await expect(model.generate(requestOf(chat))).rejects.toMatchObject({ unanswered: 1 });
    expect(models).toHaveLength(1);
  });
});

test('a further model answers what names it, for what it costs, and nothing answers in its place', async () => {
  const { url, models } = await play([200, 200, 400, 503]);
  const { model } = await open(url, [], {
    choice: { rules, fallbacks: [fallback('a')], further: ['cheap'] },
    way: {
      priceOf: ({ model: name }) => ({
        ...{ inputPerToken: name === 'cheap' ? 2n : 100n, outputPerToken: 3n, cachedInputPerToken: 1n },
        ...{ source: '', date: '' },
      }),
    },
  });
  const ask = (name: string) => model.generate({ ...requestOf(chat), model: name });
  expect((await ask('cheap')).costPicoUsd).toBe(50n * 2n + 40n + 7n * 3n);
  expect((await ask('m')).costPicoUsd).toBe(50n * 100n + 40n + 7n * 3n);
  await expect(ask('cheap')).rejects.toMatchObject({ code: 'MODEL_REQUEST_REFUSED' });
  await expect(ask('cheap')).rejects.toMatchObject({ code: 'MODEL_OVERLOADED' });
  expect(models).toEqual(['cheap', 'm', 'cheap', 'cheap', 'cheap', 'cheap']);
});

describe('a model in the place of another', () => {
  test('answers once the first has failed, and the turn says so', async () => {
    const { url, models } = await play([503, 503, 503, 503, 200]);
    const { model } = await open(url, [fallback('a'), fallback('b')]);
    const turn = await model.generate(requestOf(chat));
    expect(turn.answeredBy).toEqual({ provider: 'openai', model: 'b' });
    expect(models).toEqual(['m', 'm', 'm', 'a', 'b']);
  });

  test('costs what it costs', async () => {
    const { url } = await play([503, 503, 503, 200]);
    const { model } = await open(url, [fallback('a')], {
      way: {
        priceOf: ({ model: name }) => ({
          ...{ inputPerToken: name === 'a' ? 2n : 100n, outputPerToken: 3n, cachedInputPerToken: 1n },
          ...{ source: '', date: '' },
        }),
      },
    });
    expect((await model.generate(requestOf(chat))).costPicoUsd).toBe(50n * 2n + 40n + 7n * 3n);
  });

  test.each([
    ['its trigger says so', fallback('a', { onError: false }), undefined],
    ['its trigger names other statuses', fallback('a', { statuses: [429] }), undefined],
    ['a policy does', fallback('a'), 'a policy denies it'],
  ])('does not answer where %s', async (_, other, why) => {
    const { url, models } = await play([503]);
    const { model } = await open(url, [other], { way: { refuses: async () => why } });
    await expect(model.generate(requestOf(chat))).rejects.toMatchObject({ code: 'MODEL_OVERLOADED' });
    expect(models).toEqual(['m', 'm', 'm']);
  });

  test('without a key it is left out, and said to be', async () => {
    const warnings: string[] = [];
    const { url, models } = await play([503]);
    const { log } = testContext('/');
    const warning = (text: string) => void warnings.push(text);
    const other = { ...fallback('a'), provider: 'anthropic' };
    const { model } = await open(url, [other], { change: { log: { ...log, warning } } });
    await expect(model.generate(requestOf(chat))).rejects.toMatchObject({ code: 'MODEL_OVERLOADED' });
    expect(models).toEqual(['m', 'm', 'm']);
    const again = 'openai/m cannot answer now (503: no); it is asked again';
    expect(warnings).toEqual([
      'anthropic/a of spec.llm.fallback_models is left out: there is no key for anthropic/a: ANTHROPIC_API_KEY is not set',
      ...[again, again],
    ]);
  });

  test('answers at once while the first is left alone', async () => {
    const { url, models } = await play([503, 503, 503, 200, 503, 503, 200]);
    const { model } = await open(url, [fallback('a')]);
    for (let call = 0; call < 3; call++) await model.generate(requestOf(chat));
    expect(models).toEqual(['m', 'm', 'm', 'a', 'm', 'm', 'a', 'a']);
  });

  test('and without one the first is not asked either', async () => {
    const { url, models } = await play([503]);
    const { model } = await open(url, [], { own: { ...rules, attempts: 5 } });
    await expect(model.generate(requestOf(chat))).rejects.toMatchObject({ code: 'MODEL_OVERLOADED' });
    await expect(model.generate(requestOf(chat))).rejects.toMatchObject({ code: 'MODEL_RESTING' });
    expect(models).toHaveLength(5);
  });
});
