import { describe, expect, test } from 'vitest';
import { turnOf } from '../../../components/models/live/answer.ts';
import type { Message } from '../../../components/models/types.ts';
import { labelled, openApi, requestOf, startMock } from './support.ts';

/** Usage in the words of all wire formats. */
const usage = {
  ...{ input_tokens: 120, output_tokens: 8, prompt_tokens: 120, completion_tokens: 8, total_tokens: 128 },
  ...{ promptTokenCount: 120, candidatesTokenCount: 8, totalTokenCount: 128 },
};

describe.each(labelled)('%s', (_, api) => {
  test.each([true, false])(
    'a plain answer, its tokens and what it costs (in pieces: %s)',
    async (streams) => {
      const mock = await startMock();
      mock.onMessage(/Begin/, { content: 'The change is fine.', usage });
      const said: (string | undefined)[] = [];
      const perToken = { inputPerToken: 3n, outputPerToken: 15n, cachedInputPerToken: 1n };
      const model = await openApi(api, {
        ...{ url: mock.url + api.path, wire: { streams } },
        way: {
          priceOf: () => ({ ...perToken, source: '', date: '' }),
          onText: (delta) => said.push(delta),
        },
      });
      const turn = await model.generate(requestOf(api));
      expect(turn).toMatchObject({
        ...{ text: 'The change is fine.', toolCalls: [], costPicoUsd: 120n * 3n + 8n * 15n },
        usage: { inputTokens: 120, outputTokens: 8 },
      });
      expect(turn.cut).toBeUndefined();
      expect(said.join('')).toBe(streams ? turn.text : '');
      expect(said.at(-1)).toBeUndefined();
    },
  );

  test.each([true, false])(
    'calls of tools, and their results in the next request (in pieces: %s)',
    async (streams) => {
      const mock = await startMock();
      mock.on(
        { hasToolResult: false },
        {
          content: 'I look.',
          toolCalls: [
            { name: 'read-diff', arguments: '{"path":"a.ts"}', id: 'call_1' },
            { name: 'read-diff', arguments: '{"path":"b.ts"}', id: 'call_2' },
          ],
          ...{ usage, finishReason: 'tool_calls' },
        },
      );
      mock.on({ hasToolResult: true }, { content: 'Both are fine.', usage });
      const model = await openApi(api, { url: mock.url + api.path, wire: { streams } });
      const first = await model.generate(requestOf(api));
      expect(first.text).toBe('I look.');
      expect(first.toolCalls.map(({ name, arguments: input }) => [name, input])).toEqual([
        ['read-diff', { path: 'a.ts' }],
        ['read-diff', { path: 'b.ts' }],
      ]);
      const { text, toolCalls, providerData } = first;
      const results = toolCalls.map(
        ({ id }, index): Message => ({
          ...{ role: 'tool', callId: id, text: `diff ${index}`, failed: index === 1 },
        }),
      );
      const kept = providerData === undefined ? {} : { providerData };
      const second = await model.generate(
        requestOf(api, { role: 'assistant', text, toolCalls, ...kept }, ...results),
      );
      expect(second.text).toBe('Both are fine.');
      const body = JSON.stringify(mock.getLastRequest()?.body);
      for (const sent of ['You review.', 'Begin.', 'I look.', 'a.ts', 'diff 0', 'diff 1'])
        expect(body).toContain(sent);
    },
  );

  test('arguments that are no JSON come as text, and go back as a mapping', async () => {
    const mock = await startMock();
    mock.onMessage(/Begin/, {
      toolCalls: [{ name: 'read-diff', arguments: '{"path": a.ts', id: 'c' }],
      usage,
    });
    mock.onMessage(/Again/, { content: 'Sorry.', usage });
    const model = await openApi(api, { url: mock.url + api.path });
    const { text, toolCalls } = await model.generate(requestOf(api));
    const next = await model.generate(
      requestOf(
        api,
        {
          role: 'assistant',
          text,
          toolCalls: toolCalls.map((call) => ({ ...call, arguments: '{"path": a.ts' })),
        },
        { role: 'tool', callId: toolCalls[0]?.id ?? 'c', text: 'The arguments do not fit.', failed: true },
        { role: 'user', text: 'Again.' },
      ),
    );
    expect(next.text).toBe('Sorry.');
  });

  test('tokens that the provider does not count are booked as what they can be at most', async () => {
    const mock = await startMock();
    const none = Object.fromEntries(Object.keys(usage).map((name) => [name, 0]));
    mock.onMessage(/Begin/, { content: 'Fine.', usage: none });
    const model = await openApi(api, { url: mock.url + api.path });
    const turn = await model.generate(requestOf(api));
    expect(turn.usage.inputTokens).toBeGreaterThan(300);
    expect(turn.usage.outputTokens).toBeGreaterThan(0);
  });
});

// aimock has no such end of a response of the Responses API: kept.test.ts plays it.
const withLength = labelled.filter(([name]) => name !== 'openai responses');

test.each(withLength)('an answer of %s whose tokens are used up says so', async (_, api) => {
  const mock = await startMock();
  const words: Readonly<Record<string, string>> = { google: 'MAX_TOKENS', anthropic: 'max_tokens' };
  mock.onMessage(/Begin/, { content: 'The change is', usage, finishReason: words[api.name] ?? 'length' });
  const model = await openApi(api, { url: mock.url + api.path });
  expect(await model.generate(requestOf(api))).toMatchObject({ text: 'The change is', cut: 'length' });
});

test('a number that JSON cannot say again makes arguments text, which no tool takes', () => {
  const call = (input: string) => ({ type: 'tool-call' as const, toolCallId: 'c', toolName: 't', input });
  const { toolCalls } = turnOf(
    { provider: 'anthropic', model: 'm' },
    {
      content: [call('{"a":[1e999]}'), call('{"a":1e3}')],
      usage: {
        inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 1, text: 1, reasoning: 0 },
      },
      ...{ finishReason: { unified: 'tool-calls', raw: undefined }, warnings: [] },
    },
  );
  expect(toolCalls.map(({ arguments: input }) => input)).toEqual(['{"a":[1e999]}', { a: 1_000 }]);
});
