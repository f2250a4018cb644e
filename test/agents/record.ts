import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTokenCounter } from '../../components/models/count-tokens.ts';
import { readPrices } from '../../components/models/prices.ts';
import { recordModel } from '../../scripts/wire/record-cassette.ts';
import { apis, openApi, startMock } from '../models/live/support.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { type Case, modelOf, type ScriptedAnswer } from './cases.ts';
import { parseCassette } from './read-cassette.ts';
import { runCase } from './session.ts';

interface Used {
  readonly input_tokens: number;
  readonly output_tokens: number;
}

const nothing: Used = { input_tokens: 0, output_tokens: 0 };

/**
 * Records the session of a case as `run --record` does, against a mock that speaks the provider's wire format on loopback and says
 * what the case's answers say. Twice: how many tokens a request has is counted, and only a session shows its requests.
 */
export async function recordCase(one: Case<unknown>): Promise<string> {
  const count = await openTokenCounter();
  const size = (value: unknown) => count(JSON.stringify(value));
  const used = parseCassette(await recordOnce(one, [])).map(({ request, turn }) => ({
    input_tokens: size([request.messages, request.tools]),
    output_tokens: size([turn.text, turn.toolCalls.map((call) => [call.name, call.arguments])]),
  }));
  return recordOnce(one, used);
}

async function recordOnce(one: Case<unknown>, used: readonly Used[]): Promise<string> {
  const cwd = workspace();
  const context = testContext(cwd);
  const mock = await startMock();
  for (const [turnIndex, answer] of (one.answers ?? []).entries())
    mock.on({ turnIndex }, { ...answerOf(answer, turnIndex), usage: { ...(used[turnIndex] ?? nothing) } });
  const prices = await readPrices(context, '');
  const [api] = apis;
  const live = await openApi(api, {
    url: `${mock.url}/v1`,
    choice: { model: modelOf(one.agent) },
    way: { priceOf: ({ provider, model }) => prices.get(provider)?.get(model) },
  });
  await runCase(one, await recordModel(context, 'turns.jsonl', live));
  return readFileSync(join(cwd, 'turns.jsonl'), 'utf8');
}

function answerOf({ text = '', calls = [] }: ScriptedAnswer, turn: number) {
  const toolCalls = calls.map(([name, input], index) => ({
    ...{ id: `toolu_${turn}_${index}`, name, arguments: JSON.stringify(input) },
  }));
  return { ...(text === '' ? {} : { content: text }), ...(toolCalls.length === 0 ? {} : { toolCalls }) };
}
