import { LLMock } from '@copilotkit/aimock';
import type { Context } from '../../../components/kernel/context.ts';
import type { Wire } from '../../../components/models/live/live-model.ts';
import { type ModelChoice, type ModelWay, openModel } from '../../../components/models/open-model.ts';
import type { Message, Model, ModelRequest } from '../../../components/models/types.ts';
import { createOutside } from '../../../scripts/wire/run-outside.ts';
import { atEnd } from '../../support/at-end.ts';
import { startBrokerHere } from '../../support/broker.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

/** Wire formats, each as one provider speaks it, and where aimock has it. */
export const apis = [
  { name: 'anthropic', path: '/v1', key: 'ANTHROPIC_API_KEY', protocol: 'responses' },
  { name: 'openai', path: '/v1', key: 'OPENAI_API_KEY', protocol: 'responses' },
  { name: 'openai', path: '/v1', key: 'OPENAI_API_KEY', protocol: 'chat' },
  { name: 'google', path: '/v1beta', key: 'GEMINI_API_KEY', protocol: 'responses' },
  { name: 'custom', path: '/v1', key: 'PIPEWRIGHT_MODEL_KEY', protocol: 'responses' },
] as const;

export type Api = (typeof apis)[number];

export const labelled = apis.map(
  (api) => [`${api.name}${api.name === 'openai' ? ` ${api.protocol}` : ''}`, api] as const,
);

/** A mock of all providers on a port of its own, gone when the test ends. */
export async function startMock(): Promise<LLMock> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', strict: true });
  await mock.start();
  atEnd(() => mock.stop());
  return mock;
}

export const key = 'key-of-a-provider-1234567890';

export interface OpenParts {
  readonly url: string;
  readonly choice?: Partial<ModelChoice>;
  readonly wire?: Partial<Wire>;
  readonly way?: Partial<ModelWay>;
  readonly env?: Readonly<Record<string, string>>;
  readonly change?: Partial<Context>;
}

export async function openApi(api: Api, parts: OpenParts): Promise<Model> {
  const { url, choice, wire, way, env = { [api.key]: key }, change } = parts;
  const here = testContext(workspace(), startBrokerHere(env));
  const context = { ...here, ...change };
  // Waiting for the broker is no wait of the model's.
  const outside = createOutside({ ...context, clock: here.clock }, [], async () => undefined);
  atEnd(outside.close);
  return openModel(
    context,
    {
      ...{ provider: api.name, model: 'm', cassette: undefined, fallbacks: [] },
      rules: { attempts: 1, backoff: 'none', initialMs: 0, mostMs: 1_000 },
      ...choice,
    },
    {
      wire: { headers: {}, silenceMs: 5_000, streams: true, protocol: api.protocol, ...wire },
      ...{ url, priceOf: () => undefined, refuses: async () => undefined },
      ...{
        access: outside.openModels,
        onText: () => undefined,
        random: () => 0,
      },
      ...way,
    },
  );
}

export const readDiff = {
  name: 'read-diff',
  description: 'Reads the diff.',
  parameters: {
    type: 'object',
    properties: { path: { type: 'string' } },
    required: ['path'],
    additionalProperties: false,
  },
};

export function requestOf(api: Api, ...more: readonly Message[]): ModelRequest {
  return {
    ...{ provider: api.name, model: 'm', temperature: 0, maxOutputTokens: 500 },
    messages: [{ role: 'system', text: 'You review.' }, { role: 'user', text: 'Begin.' }, ...more],
    tools: [readDiff],
  };
}

/** A provider that answers whatever the test says, byte by byte. */
export async function startServer(
  listener: Parameters<Context['listen']>[0],
): Promise<{ readonly url: string }> {
  const { port, close } = await testContext(workspace()).listen(listener, { port: 0 });
  atEnd(close);
  return { url: `http://127.0.0.1:${port}` };
}
