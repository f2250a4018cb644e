import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import type { Message } from '../../../components/models/types.ts';
import { cleanTurn } from '../../../components/session/clean-turn.ts';
import { testContext } from '../../support/cli.ts';
import { apis, openApi, requestOf, startServer } from './support.ts';

const [anthropic, responses, , google] = apis;

/** Streams the same events to each request, and keeps what was asked. */
async function streaming(events: readonly object[]) {
  const bodies: string[] = [];
  const listener: RequestListener = async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of events)
      response.write(
        `event: ${(event as { type?: string }).type ?? 'message'}\ndata: ${JSON.stringify(event)}\n\n`,
      );
    response.end();
  };
  return { bodies, ...(await startServer(listener)) };
}

const thinking = [
  {
    type: 'message_start',
    message: {
      ...{ id: 'm', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null },
      usage: {
        input_tokens: 100,
        cache_read_input_tokens: 60,
        cache_creation_input_tokens: 0,
        output_tokens: 1,
      },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'I think.' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'c2lnbmF0dXJl' } },
  { type: 'content_block_stop', index: 0 },
  {
    type: 'content_block_start',
    index: 1,
    content_block: { type: 'tool_use', id: 't1', name: 'read-diff', input: {} },
  },
  {
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'input_json_delta', partial_json: '{"path":"a"}' },
  },
  { type: 'content_block_stop', index: 1 },
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 12 } },
  { type: 'message_stop' },
];

const item = { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'Z2VoZWlt' };
const call = {
  id: 'fc_1',
  type: 'function_call',
  call_id: 't1',
  name: 'read-diff',
  arguments: '{"path":"a"}',
  status: 'completed',
};
const response = { id: 'resp_1', object: 'response', created_at: 1, model: 'm', output: [] };
const usage = {
  ...{ input_tokens: 160, output_tokens: 12, total_tokens: 172 },
  ...{ input_tokens_details: { cached_tokens: 60 }, output_tokens_details: { reasoning_tokens: 4 } },
};
const encrypted = [
  { type: 'response.created', response },
  { type: 'response.output_item.added', output_index: 0, item },
  { type: 'response.output_item.done', output_index: 0, item },
  { type: 'response.output_item.added', output_index: 1, item: { ...call, arguments: '' } },
  { type: 'response.output_item.done', output_index: 1, item: call },
  { type: 'response.completed', response: { ...response, usage } },
];

const signed = [
  {
    candidates: [
      {
        content: {
          role: 'model',
          parts: [{ functionCall: { name: 'read-diff', args: { path: 'a' } }, thoughtSignature: 'c2lnbmVk' }],
        },
        finishReason: 'STOP',
      },
    ],
    usageMetadata: {
      ...{ promptTokenCount: 160, candidatesTokenCount: 8, thoughtsTokenCount: 4, totalTokenCount: 172 },
      cachedContentTokenCount: 60,
    },
  },
];

test.each([
  ['anthropic', anthropic, thinking, 'c2lnbmF0dXJl'],
  ['openai', responses, encrypted, 'Z2VoZWlt'],
  ['google', google, signed, 'c2lnbmVk'],
] as const)('%s is given back what it signed, and another model is not', async (_, api, events, mark) => {
  const { url, bodies } = await streaming(events);
  const model = await openApi(api, { url });
  const turn = cleanTurn(await model.generate(requestOf(api)), (text) => text);
  expect(turn).toMatchObject({
    toolCalls: [{ name: 'read-diff', arguments: { path: 'a' } }],
    usage: { inputTokens: 160, outputTokens: 12, cachedInputTokens: 60 },
    providerData: { api: api.name, model: 'm' },
  });
  if (api !== anthropic) expect(turn.usage.reasoningTokens).toBe(4);
  const { text, toolCalls, providerData } = turn;
  const said = (of: object | undefined): readonly Message[] => [
    { role: 'assistant', text, toolCalls, ...of },
    { role: 'tool', callId: toolCalls[0]?.id ?? '', text: 'the diff', failed: false },
  ];
  await model.generate(requestOf(api, ...said({ providerData })));
  expect(bodies[1]).toContain(mark);
  await model.generate(requestOf(api, ...said({ providerData: { ...providerData, model: 'other' } })));
  expect(bodies[2]).not.toContain(mark);
  expect(bodies[2]).toContain('the diff');
});

test('what a provider signed is kept to the letter, or not at all', async () => {
  const { url } = await streaming(thinking);
  const turn = await (await openApi(anthropic, { url })).generate(requestOf(anthropic));
  expect(cleanTurn(turn, (text) => text.replace('think', '[redacted]')).providerData).toBeUndefined();
});

test.each([
  ['max_output_tokens', 'length'],
  ['content_filter', 'content-filter'],
])('a response that ends with %s is cut: %s', async (reason, cut) => {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', status: 'incomplete' };
  const { url } = await streaming([
    { type: 'response.created', response },
    { type: 'response.output_item.added', output_index: 0, item: { ...message, content: [] } },
    {
      type: 'response.output_text.delta',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      delta: 'The ch',
    },
    { type: 'response.incomplete', response: { ...response, usage, incomplete_details: { reason } } },
  ]);
  const turn = await (await openApi(responses, { url })).generate(requestOf(responses));
  expect(turn).toMatchObject({ text: 'The ch', cut });
});

test('an error in the middle of a stream is told by its type', async () => {
  const { url } = await streaming([
    ...thinking.slice(0, 3),
    { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded: You review.' } },
  ]);
  const failed = openApi(anthropic, { url }).then((model) => model.generate(requestOf(anthropic)));
  await expect(failed).rejects.toMatchObject({
    ...{ code: 'MODEL_ANSWER_BROKEN', unanswered: 1 },
    message: 'the answer of the model cannot be used: the provider ended it with overloaded_error',
  });
});

test('what a model does not take is left out, and told once', async () => {
  const warnings: string[] = [];
  const { url, bodies } = await streaming(encrypted);
  const { log } = testContext('/');
  const model = await openApi(responses, {
    ...{ url, choice: { model: 'gpt-5' } },
    change: { log: { ...log, warning: (text) => void warnings.push(text) } },
  });
  for (let call = 0; call < 2; call++) await model.generate(requestOf(responses));
  expect(warnings).toEqual(['openai/gpt-5 does not take temperature: it is left out']);
  expect(bodies[1]).not.toContain('temperature');
});

test('OpenAI keeps no conversation of ours, and holds no schema to its strict mode', async () => {
  const { url, bodies } = await streaming(encrypted);
  await (await openApi(responses, { url })).generate(requestOf(responses));
  expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ store: false, tools: [{ strict: false }] });
});
