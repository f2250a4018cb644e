import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Model } from '../../components/models/types.ts';
import { agentReplay, spentOf } from '../../components/session/agent-replay.ts';
import type { AgentState } from '../../components/session/agent-state.ts';
import { createBudget } from '../../components/session/budget/budget.ts';
import { replayLog } from '../../components/session/chronicle.ts';
import type { SessionLog } from '../../components/stores/types.ts';
import { openCheckout } from '../../scripts/wire/run-checkout.ts';
import { directoryStore } from '../stores/support.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { runIn } from './agents.ts';
import { agentPath, agentYaml, repository, review, runWith, scripted, turn } from './support.ts';

const price = {
  inputPerToken: 1_000n,
  outputPerToken: 5_000n,
  cachedInputPerToken: undefined,
  source: '',
  date: '',
};
const budgetOf = (costPicoUsd: bigint) =>
  createBudget({
    limits: {
      request: { inputTokens: undefined, outputTokens: undefined, tokens: undefined },
      session: { tokens: undefined, costPicoUsd },
      day: undefined,
    },
    ...{ price, ledger: undefined },
  });

/** A job that is cut off at one of its records: before it is durable, or after. */
function cutting(log: SessionLog, at: number, isDurable: boolean): SessionLog {
  let left = at;
  return {
    ...log,
    append: async (kind, body) => {
      left -= 1;
      if (left < 0 && !isDurable) throw new Error('the job is cut off');
      const appended = await log.append(kind, body);
      if (left < 0) throw new Error('the job is cut off');
      return appended;
    },
  };
}

test('whatever crashes, all that was paid and booked stays within the budget, and comes from the records alone', async () => {
  const yaml = agentYaml({ tools: '[]', completion: 'max_iterations: 8' });
  const context = testContext(repository({ [agentPath]: yaml }));
  const place = await openCheckout(context, agentPath);
  const job = fc.record({ cut: fc.nat(9), isDurable: fc.boolean() });
  const property = fc.asyncProperty(
    fc.array(job, { minLength: 1, maxLength: 5 }),
    fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 8, maxLength: 8 }),
    fc.bigInt(10_000_000n, 300_000_000n),
    async (jobs, parts, limit) => {
      const [folder, session] = [workspace(), randomUUID()];
      let paid = 0n;
      const model: Model = {
        id: 'random',
        generate: async (request) => {
          // Between nothing and all of what such a call could cost by its output.
          const part = parts[request.messages.length % parts.length] ?? 0;
          const costPicoUsd = (4_096n * 5_000n * BigInt(part)) / 100n;
          paid += costPicoUsd;
          return { ...turn('On it.', ['no-such-tool', {}]), costPicoUsd };
        },
      };
      const share = async (how: 'begin' | 'resume', change: (log: SessionLog) => SessionLog) => {
        const log = await directoryStore(context, folder).open(session, how);
        const parts = { model, session, budget: budgetOf(limit), log: change(log) };
        const end = await runIn(context, place, parts).catch((error: Error) => error);
        await log.close();
        const { records } = await directoryStore(context, folder).read(session);
        const state = replayLog(session, { snapshot: undefined, records }, agentReplay);
        expect(spentOf(state).costPicoUsd).toBeLessThanOrEqual(limit);
        expect(paid).toBeLessThanOrEqual(spentOf(state).costPicoUsd);
        return { end, state };
      };
      for (const [at, { cut, isDurable }] of jobs.entries())
        await share(at === 0 ? 'begin' : 'resume', (log) => cutting(log, cut, isDurable));
      const { end, state } = await share('resume', (log) => log);
      if (end instanceof Error) throw end;
      expect(end.state).toEqual(state);
      expect(['budget', 'blocked']).toContain(end.outcome);
      const again = await share('resume', (log) => log);
      expect(spentOf(again.state)).toEqual(spentOf(state));
    },
  );
  await fc.assert(property, { numRuns: 10 });
});

test('records and snapshots of before there were reservations are gone on with', async () => {
  const cwd = repository({ [agentPath]: agentYaml() });
  const context = testContext(cwd);
  const [folder, session] = [workspace(), randomUUID()];
  const store = directoryStore(context, folder);
  const log = await store.open(session, 'begin');
  const older: SessionLog = {
    ...log,
    append: (kind, body) => {
      if (kind !== 'model-called') return log.append(kind, body);
      const { reserved: _, ...rest } = body as { reserved?: unknown; request: string };
      return log.append(kind, rest);
    },
  };
  let calls = 0;
  const model = scripted(review, () => {
    calls += 1;
    if (calls === 2) throw new Error('the job ends');
  });
  await expect(runWith(context, { model, log: older, session })).rejects.toThrow('the job ends');
  const state: AgentState = replayLog(
    session,
    { snapshot: undefined, records: (await store.read(session)).records },
    agentReplay,
  );
  const saved = agentReplay.save(state) as { usage: { lost?: unknown }; lastCall?: unknown };
  delete saved.usage.lost;
  delete saved.lastCall;
  await log.appendSnapshot({ format: 'pipewright/session/v1', state: saved as never });
  await log.close();
  const again = await store.open(session, 'resume');
  const end = await runWith(context, { model: scripted(review), log: again, session });
  await again.close();
  expect(end).toMatchObject({
    outcome: 'complete',
    state: { usage: { callsLost: 1, costPicoUsd: 4_500_000n, lost: { costPicoUsd: 0n } } },
  });
});
