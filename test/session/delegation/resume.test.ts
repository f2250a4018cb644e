import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../components/kernel/canonical.ts';
import { errors } from '../../../components/models/errors.ts';
import { ModelFailure } from '../../../components/models/model-failure.ts';
import { agentReplay, spentOf } from '../../../components/session/agent-replay.ts';
import type { AgentState } from '../../../components/session/agent-state.ts';
import { tokensOf } from '../../../components/session/budget/amount.ts';
import { createBudget } from '../../../components/session/budget/budget.ts';
import { eraseSession } from '../../../components/session/erase.ts';
import type { AgentEnd } from '../../../components/session/run-agent.ts';
import { openCheckout } from '../../../scripts/wire/run-checkout.ts';
import { directoryStore } from '../../stores/support.ts';
import { testContext } from '../../support/cli.ts';
import { writeFiles } from '../../support/workspace.ts';
import { agentPath, turn } from '../support.ts';
import {
  agentTurns,
  asking,
  checkout,
  cutAt,
  hand,
  isReader,
  look,
  placeOf,
  readerTurns,
  toldAgent,
  two,
  withSubagent,
} from './support.ts';

/** What two runs of one session have in common, whatever was lost between. */
function common({ outcome, reason, state }: AgentEnd) {
  const { messages, iterations, calls, errors, proposals, sources, subagents, open, decided } = state;
  const { inputTokens, outputTokens, costPicoUsd } = state.usage;
  const usage = { inputTokens, outputTokens, costPicoUsd };
  return {
    ...{ outcome, reason, messages, iterations, calls, errors, proposals, sources },
    ...{ subagents, open, decided, usage },
  };
}

test('whichever record a job dies at, the session goes on there, and pays for nothing that is recorded again', async () => {
  const begin = await placeOf(checkout({ tools: '[]' }));
  const session = begin();
  const [agent, reader] = [
    [turn('', ['none', {}], hand()), ...agentTurns.slice(1)],
    [turn('', ['look', {}], ['none', {}]), ...readerTurns.slice(1)],
  ];
  const still = look({ run: async () => ({ text: 'VAT is 19.', failed: false }) });
  const more = [still.tool];
  const whole = asking(agent, reader);
  const end = await session.run({ model: whole.model, more });
  const kinds = (await session.records()).map(({ kind }) => kind);
  expect(kinds).toEqual([
    ...['session-begun', 'model-called', 'turn-taken', 'call-made', 'delegated'],
    ...['model-called', 'turn-taken', 'call-made', 'call-made', 'model-called', 'turn-taken', 'call-made'],
    ...['iteration', 'model-called', 'iteration', 'model-called', 'iteration', 'ended'],
  ]);
  const ofTask = kinds.slice(0, 13);
  const cuts = ofTask.flatMap((kind, at) => [
    ['after', at, 0] as const,
    // What was answered and is not recorded is asked again; that is at most one call.
    ...(kind === 'turn-taken' ? [['before', at, 1] as const] : []),
  ]);
  for (const [when, at, again] of cuts) {
    const cut = begin();
    const { asked, model } = asking(agent, reader);
    const place = `${when} ${at}`;
    const through = cutAt(at, when);
    await expect(cut.run({ model, more, through }), place).rejects.toThrow('the job ends');
    expect(common(await cut.run({ model, more })), place).toEqual(common(end));
    expect(asked.length, place).toBe(whole.asked.length + again);
  }
});

test('a state in the middle of a task is the same out of a snapshot', async () => {
  const session = (await placeOf(checkout()))();
  await session.run({ model: asking().model });
  let state: AgentState = agentReplay.empty;
  for (const record of await session.records()) {
    state = agentReplay.advance(state, record);
    const saved = JSON.parse(JSON.stringify(agentReplay.save(state))) as JsonValue;
    expect(agentReplay.load(saved)).toEqual(state);
  }
});

test('a budget that does not hold a call of a subagent ends the share, and with more it goes on there', async () => {
  const session = (await placeOf(checkout()))();
  const { asked, model } = asking();
  const budgetOf = (tokens: number) =>
    createBudget({
      limits: {
        request: { inputTokens: undefined, outputTokens: undefined, tokens: undefined },
        session: { tokens, costPicoUsd: undefined },
        day: undefined,
      },
      ...{ price: undefined, ledger: undefined },
    });
  // The agent's own requests are the larger ones: what holds them holds those of its subagent.
  const small: typeof budget = {
    ...budgetOf(0),
    reserve: (...given) => budgetOf(asked.length < 2 ? 1_000_000 : 240).reserve(...given),
  };
  const budget = budgetOf(1_000_000);
  const first = await session.run({ model, budget: small });
  expect(first).toMatchObject({
    outcome: 'budget',
    reason: expect.stringContaining("are left of this session's budget"),
  });
  expect([asked.length, first.state.open?.task?.turns]).toEqual([2, 1]);
  const end = await session.run({ model, budget });
  expect(end).toMatchObject({ outcome: 'complete', state: { usage: { callsLost: 0 } } });
  expect(asked.length).toBe(5);
});

test('whatever crashes, what was paid for a task and its agent is booked, and within the budget', async () => {
  const begin = await placeOf(checkout({ tools: '[]' }));
  const price = { inputPerToken: 1_000n, outputPerToken: 5_000n, cachedInputPerToken: undefined };
  const job = fc.record({ at: fc.nat(12), when: fc.constantFrom('before' as const, 'after' as const) });
  const property = fc.asyncProperty(
    fc.array(job, { minLength: 1, maxLength: 3 }),
    fc.bigInt(30_000_000n, 200_000_000n),
    async (jobs, limit) => {
      const session = begin();
      let paid = 0n;
      const turns = [turn('', ['none', {}]), turn('', ['none', {}]), turn('VAT is 19.')];
      const model = two([turn('', hand()), turn('', hand()), turn('Done.')], turns, () => {
        paid += 1_500_000n;
      });
      const limits = {
        request: { inputTokens: undefined, outputTokens: undefined, tokens: undefined },
        session: { tokens: undefined, costPicoUsd: limit },
        day: undefined,
      };
      const budget = createBudget({ limits, price: { ...price, source: '', date: '' }, ledger: undefined });
      const check = async () => {
        const state = (await session.records()).reduce<AgentState>(agentReplay.advance, agentReplay.empty);
        expect(spentOf(state).costPicoUsd).toBeLessThanOrEqual(limit);
        expect(paid).toBeLessThanOrEqual(spentOf(state).costPicoUsd);
        return state;
      };
      for (const { at, when } of jobs) {
        await session.run({ model, budget, through: cutAt(at, when) }).catch((error: Error) => error);
        await check();
      }
      const end = await session.run({ model, budget });
      expect(end.state).toEqual(await check());
      expect(['budget', 'complete']).toContain(end.outcome);
    },
  );
  await fc.assert(property, { numRuns: 8 });
});

describe('a call of a subagent that must not be made twice', () => {
  const script = () => asking([turn('', hand()), turn('Done.')], [turn('', ['look', {}]), turn('VAT is 1.')]);

  test('is asked about where a job was cut off in it, and a person says what came of it', async () => {
    const session = (await placeOf(checkout({ tools: '[]' })))();
    const once = look({ replay: 'none' });
    const more = [once.tool];
    // Begun, call, turn, task, call, turn, the call of the tool: what came of it is not recorded.
    const cut = session.run({ model: script().model, more, through: cutAt(7, 'before') });
    await expect(cut).rejects.toThrow('the job ends');
    const { asked, model } = script();
    const blocked = await session.run({ model, more });
    expect(blocked).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringContaining('its call of look was cut off, and nobody knows whether it was done'),
    });
    expect(asked).toEqual([]);
    await session.answer('It was done: VAT is 1.');
    expect(await session.run({ model, more })).toMatchObject({ outcome: 'complete' });
    expect(asked.map(isReader)).toEqual([true, false]);
    expect(asked[0]?.messages.at(-1)).toEqual({
      ...{ role: 'tool', callId: 'c0', failed: true },
      text: 'Your call of look was cut off. A person answers you:\nIt was done: VAT is 1.',
    });
    expect(once.calls()).toBe(1);
  });

  test('and so is one that takes too long', async () => {
    const never = look({ replay: 'none', timeout: 20, run: () => new Promise(() => undefined) });
    const session = (await placeOf(checkout({ tools: '[]' })))();
    const { asked, model } = script();
    const run = () => session.run({ model, more: [never.tool] });
    const reason = expect.stringContaining('its call of look was cut off');
    expect(await run()).toMatchObject({ outcome: 'blocked', reason });
    await session.answer('Nothing came of it.');
    expect(await run()).toMatchObject({ outcome: 'complete' });
    expect(toldAgent(asked)).toMatchObject([{ failed: false }]);
  });
});

test('time and rates of the session hold in a task; what a person says meanwhile its agent is told when its turn is done', async () => {
  const more = 'safety: {rate_limiting: {requests_per_minute: 1}}';
  const cwd = checkout({ more, completion: 'timeout_seconds: 100\ndefault_signal: complete' });
  let now = 1_800_000_000_000;
  const { clock } = testContext(cwd);
  const sleep: typeof clock.sleep = async (milliseconds, ended) => {
    // The limit of a call of a tool, which ends before it.
    if (ended !== undefined) return clock.sleep(milliseconds, ended);
    now += milliseconds;
  };
  const change = { clock: { ...clock, now: () => now, monotonic: () => now, sleep } };
  const session = (await placeOf(cwd, change))();
  const { asked, model } = asking([turn('', hand()), turn('Done.')]);
  const held = await session.run({ model });
  expect(held).toMatchObject({
    ...{ outcome: 'blocked', reason: expect.stringContaining('may be made in 60 s') },
    state: { open: { task: { subagent: 'reader', turns: 1 } } },
  });
  await session.answer('Take your time.');
  const { state } = await session.run({ model });
  expect(state).toMatchObject({ open: undefined, usage: { callsLost: 0 } });
  expect(asked.map(isReader)).toEqual([false, true, true]);
  expect(state.messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'user']);
  expect(state.messages[2]).toEqual({ role: 'user', text: 'A person answers you:\nTake your time.' });
});

test('a model that cannot answer fails the job, and the task is gone on with; what it may have taken counts for it', async () => {
  const session = (await placeOf(checkout()))();
  const { asked, model } = asking();
  const failing: typeof model = {
    ...model,
    generate: async (request) => {
      if (isReader(request))
        throw new ModelFailure(errors.OVERLOADED({ model: 'm', status: 503, words: '' }), 1);
      return model.generate(request);
    },
  };
  await expect(session.run({ model: failing })).rejects.toMatchObject({ code: 'MODEL_OVERLOADED' });
  const before = (await session.records()).reduce<AgentState>(agentReplay.advance, agentReplay.empty);
  expect(before.open?.task?.tokens).toBe(tokensOf(before.usage.lost));
  expect(before.usage.callsLost).toBe(1);
  expect(await session.run({ model })).toMatchObject({ outcome: 'complete' });
  expect(asked.length).toBe(5);
});

test('a subagent that is gone from a changed manifest does not go on with its task', async () => {
  const cwd = checkout();
  const session = (await placeOf(cwd))();
  const cut = session.run({ model: asking().model, through: cutAt(7, 'after') });
  await expect(cut).rejects.toThrow('the job ends');
  writeFiles(cwd, { [agentPath]: withSubagent().replace('name: reader', 'name: writer') });
  const { asked, model } = asking();
  const elsewhere = await openCheckout(testContext(cwd), agentPath);
  const end = await session.run({ model, elsewhere, acceptsChanges: true });
  expect(end).toMatchObject({ outcome: 'complete', state: { subagents: [{ name: 'reader', turns: 1 }] } });
  expect(toldAgent(asked)[1]?.text).toBe('The manifest has no such subagent any more.');
});

test('what was said in a task, and to a program, is gone once a session is erased', async () => {
  const cwd = checkout();
  const store = directoryStore(testContext(cwd), join(cwd, 'sessions'));
  const words = (text: string) => ({ ok: true, result: { text } });
  const nothing = { results: [], proposals: [], sources: [], report: undefined, elapsed: 1 };
  const waiting = [{ digest: `sha256:${'0'.repeat(64)}`, tool: 'look', shown: 'shown words' }];
  const decided = { signal: 'continue', reason: '', notes: [] };
  const logs: readonly (readonly [kind: string, body: object])[][] = [
    [
      ['turn-taken', { ...nothing, turn: turn('own words', hand()), blocked: [] }],
      ['delegated', { subagent: 'reader', task: 'words of a task' }],
    ],
    [
      ['loop-step', { ...nothing, request: 'r', asked: 'tool', answer: words('words told'), decided }],
      ['loop-held', { request: 'r', waiting, elapsed: 1 }],
    ],
  ];
  for (const records of logs) {
    const session = randomUUID();
    const log = await store.open(session, 'begin');
    await log.append('session-begun', { kind: 'Agent', manifest: { path: agentPath, digest: '' } });
    for (const [kind, body] of records)
      await log.append(
        kind,
        JSON.parse(JSON.stringify(body, (_, value) => (typeof value === 'bigint' ? String(value) : value))),
      );
    await eraseSession(log, session);
    await log.close();
    const again = await store.open(session, 'resume');
    expect(JSON.stringify(again.snapshot)).not.toContain('words');
    await again.close();
  }
});
