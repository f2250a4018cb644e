import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Requests, roomFor, waitFor, withRequests } from '../../components/session/oversee.ts';
import { openCheckout } from '../../scripts/wire/run-checkout.ts';
import { directoryStore } from '../stores/support.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { runIn } from './agents.ts';
import { jobs, none, result } from './oversight.ts';
import { agentPath, agentYaml, repository, scripted, turn } from './support.ts';

describe('what the manifest does not let its agent call', () => {
  test.each([
    [
      'a blocked tool',
      'autonomy: {blocked_actions: [read-diff]}',
      'blocks this call',
      { 'manifest/blocked_actions': 1 },
    ],
    [
      'what is not on the list',
      'autonomy: {allowed_actions: [note]}',
      'only: note',
      { 'manifest/allowed_actions': 1 },
    ],
    [
      'more than in a session',
      'safety: {guardrails: {max_tool_calls: 0}}',
      '0 calls of tools in one turn',
      {},
    ],
  ])('%s', async (_, more, says, denials) => {
    const [end] = await jobs(more, [turn('', ['read-diff', {}]), turn('Done.')], []);
    expect(end?.outcome).toBe('complete');
    expect(result(end)).toEqual([[true, expect.stringContaining(says)]]);
    expect(end?.state.denials).toEqual(denials);
  });

  test('of a turn only as many as it allows', async () => {
    const all = turn('', ['list-files', {}], ['list-files', {}], ['list-files', {}]);
    const [end] = await jobs('safety: {guardrails: {max_tool_calls: 2}}', [all, turn('Done.')], []);
    expect(result(end).map(([failed]) => failed)).toEqual([false, false, true]);
  });

  test('a person is wanted after a denial, where the manifest says so', async () => {
    const more =
      'autonomy: {blocked_actions: [read_diff]}\nsafety: {human_in_loop: {triggers: [policy_violation]}}';
    const [end] = await jobs(more, [turn('', ['read-diff', {}])], []);
    expect(end).toMatchObject({
      outcome: 'blocked',
      reason: 'manifest/blocked_actions denied read-diff, and the manifest wants a person then',
    });
  });
});

describe('rates', () => {
  test('a session waits where there is time for it, and ends where there is not', async () => {
    const more = 'safety: {rate_limiting: {requests_per_minute: 1}}';
    const yaml = agentYaml({ more, completion: 'timeout_seconds: 100\ndefault_signal: complete' });
    let [now, slept] = [1_800_000_000_000, 0];
    const cwd = repository({ [agentPath]: yaml });
    const { clock } = testContext(cwd);
    const context = testContext(cwd, {
      clock: {
        ...clock,
        ...{ now: () => now, monotonic: () => now },
        sleep: async (milliseconds, ended) => {
          // The limit of a call of a tool, which ends before it.
          if (ended !== undefined) return clock.sleep(milliseconds, ended);
          slept += milliseconds;
          now += milliseconds;
        },
      },
    });
    const [store, session] = [directoryStore(context, workspace()), randomUUID()];
    const log = await store.open(session, 'begin');
    const files = turn('', ['list-files', {}]);
    const place = await openCheckout(context, agentPath);
    const end = await runIn(context, place, { model: scripted([files, files, files]), log, session });
    await log.close();
    expect(slept).toBe(60_000);
    expect(end).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('may be made in 60 s') });
    expect(end.state.iterations).toBe(2);
    expect(end.state.recent).toHaveLength(2);
  });

  test('in no window there are more calls than the manifest allows, however they are made', () => {
    const limits = fc.record({
      perMinute: fc.integer({ min: 1, max: 6 }),
      perHour: fc.integer({ min: 1, max: 30 }),
    });
    const asked = fc.array(
      fc.record({ after: fc.integer({ min: 0, max: 40_000 }), wants: fc.integer({ min: 0, max: 9 }) }),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(limits, asked, (rates, turns) => {
        const oversight = { ...none, ...rates };
        let [now, recent]: [number, readonly Requests[]] = [1_800_000_000_000, []];
        const made: { readonly at: number; readonly tools: number }[] = [];
        for (const { after, wants } of turns) {
          now += after;
          now += waitFor(oversight, recent, now);
          expect(waitFor(oversight, recent, now)).toBe(0);
          recent = withRequests(recent, { at: now, tools: 0 });
          const tools = Math.max(0, Math.min(wants, roomFor(oversight, recent, now)));
          recent = [...recent.slice(0, -1), { at: now, tools }];
          made.push({ at: now, tools });
        }
        for (const [length, most] of [
          [60_000, rates.perMinute],
          [3_600_000, rates.perHour],
        ] as const)
          for (const { at: end } of made) {
            const within = made.filter(({ at }) => at <= end && at > end - length);
            expect(within.length).toBeLessThanOrEqual(most);
            expect(within.reduce((sum, { tools }) => sum + tools, 0)).toBeLessThanOrEqual(most);
          }
      }),
    );
  });
});
