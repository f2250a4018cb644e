import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../components/kernel/canonical.ts';
import type { ModelTurn } from '../../components/models/types.ts';
import { proposalKinds } from '../../components/proposals/types.ts';
import { answerSession } from '../../components/session/answer.ts';
import { namesOfProposal } from '../../components/session/call-names.ts';
import { createFieldReader } from '../../components/session/manifest-data.ts';
import {
  needsApproval,
  type Requests,
  roomFor,
  waitFor,
  waitingOf,
  whyNotCalled,
  withRequests,
} from '../../components/session/oversee.ts';
import { readOversight } from '../../components/session/read-oversight.ts';
import type { AgentEnd } from '../../components/session/run-agent.ts';
import type { Oversight } from '../../components/session/types.ts';
import { openCheckout } from '../../scripts/wire/run-checkout.ts';
import { readRunnable } from '../../scripts/wire/run-manifest.ts';
import { directoryStore } from '../stores/support.ts';
import { pipewright, testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { runIn } from './agents.ts';
import {
  agentPath,
  agentYaml,
  logText,
  readOutput,
  record,
  repository,
  runArguments,
  scripted,
  sessionOf,
  turn,
} from './support.ts';

/** An agent with further lines of `spec`, as a run reads it, and what is said of them. */
async function read(more: string, version = 'ossa/v0.3.5') {
  const text = agentYaml({ more }).replace('ossa/v0.3.5', version);
  const runnable = await readRunnable({ path: agentPath, text }, () => ({}));
  const told = runnable.findings
    .filter(({ code }) => code.startsWith('SESSION_'))
    .map(({ message }) => message);
  const manifest = runnable.ok && runnable.manifest.kind === 'Agent' ? runnable.manifest : undefined;
  return { oversight: manifest?.oversight, told, manifest };
}

const none: Oversight = {
  ...{ approval: { from: undefined, names: [] }, allowed: undefined, blocked: [], stopsOnDenial: false },
  ...{ callsOfTurn: undefined, callsOfSession: undefined, perMinute: undefined, perHour: undefined },
};

describe('what is read', () => {
  test.each<[string, string, object]>([
    ['nothing', '', {}],
    [
      'an approval of all',
      'autonomy: {approval_required: true}',
      { approval: { from: 'medium', names: [] } },
    ],
    ['a supervised agent', 'autonomy: {level: supervised}', { approval: { from: 'medium', names: [] } }],
    [
      'one that its manifest calls free, too: the stricter counts',
      'autonomy: {level: supervised, approval_required: false}',
      { approval: { from: 'medium', names: [] } },
    ],
    ['an assisted one', 'autonomy: {level: assisted}', { approval: { from: 'medium', names: [] } }],
    [
      'an assisted one that says what for',
      'autonomy: {level: assisted, approval_required: [read-diff, note]}',
      { approval: { from: undefined, names: ['read_diff', 'note'] } },
    ],
    ['an autonomous one', 'autonomy: {level: autonomous, approval_required: false}', {}],
    [
      'lists',
      'autonomy: {allowed_actions: [read_code, propose], blocked_actions: [list_files]}',
      { allowed: ['read_code', 'propose'], blocked: ['list_files'] },
    ],
    [
      'kinds of proposals that came later, in either spelling',
      'autonomy: {blocked_actions: [commit, propose_status, environment-stop], approval_required: [propose_environment_stop]}',
      {
        approval: { from: undefined, names: ['propose_environment_stop'] },
        blocked: ['commit', 'propose_status', 'environment_stop'],
      },
    ],
    [
      'a list that stands among the guardrails',
      'safety: {guardrails: {blocked_actions: [propose]}}',
      { blocked: ['propose'] },
    ],
    [
      'limits',
      'safety: {guardrails: {max_tool_calls: 3}, rate_limiting: {requests_per_minute: 5, requests_per_hour: 60}}',
      { callsOfTurn: 3, perMinute: 5, perHour: 60 },
    ],
    [
      'limits that are off',
      'safety: {guardrails: {enabled: false, max_tool_calls: 3}, rate_limiting: {enabled: false, requests_per_minute: 5}}',
      {},
    ],
    [
      'people for what is risky',
      'safety: {human_in_loop: {enabled: true, triggers: [high_risk_action, policy_violation]}}',
      { approval: { from: 'high', names: [] }, stopsOnDenial: true },
    ],
    [
      'people without a word when',
      'safety: {human_in_loop: {enabled: true}}',
      { approval: { from: 'medium', names: [] } },
    ],
    [
      'people for what nobody can judge',
      'safety: {human_in_loop: {triggers: [when it matters]}}',
      { approval: { from: 'medium', names: [] } },
    ],
  ])('%s', async (_, more, expected) => {
    const { oversight, told } = await read(more);
    expect(oversight).toEqual({ ...none, ...expected });
    expect(told).toEqual([]);
  });

  test('what a session cannot keep is told, each once', async () => {
    const { oversight, told } = await read(
      [
        'autonomy: {approval_required: [merge], allowed_actions: [analyze_costs], blocked_actions: [note, deploy], escalation_policy: {triggers: [x]}}',
        'safety: {content_filtering: {enabled: true}, pii_detection: {enabled: false}, guardrails: {policies: [{name: x}]}, human_in_loop: {triggers: [low_confidence]}}',
      ].join('\n'),
    );
    expect(oversight).toEqual({ ...none, blocked: ['note'] });
    expect(told.map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
      'spec.autonomy.approval_required names what',
      'spec.autonomy.allowed_actions names what',
      'spec.autonomy.blocked_actions names what',
      'spec.autonomy.escalation_policy is left',
      'spec.safety.guardrails.policies is left',
      'low_confidence in spec.safety.human_in_loop.triggers',
    ]);
  });

  test.each(proposalKinds)(
    'a manifest can block the proposal %s, and the agent does not make it',
    async (kind) => {
      const { oversight = none } = await read(`autonomy: {blocked_actions: [${kind}]}`);
      const tool = `propose_${kind.replaceAll('-', '_')}`;
      const called = { inTurn: 0, inSession: 0, room: Infinity };
      expect(whyNotCalled(oversight, namesOfProposal(tool), called)?.rule).toBe('manifest/blocked_actions');
    },
  );

  test('a time for the job is the shorter of two', async () => {
    const { manifest } = await read('safety: {guardrails: {max_execution_time_seconds: 90}}');
    expect(manifest?.timeoutSeconds).toBe(90);
  });
});

test('OSSA 0.2 counts calls of tools by session, and wants people only where that is switched on', () => {
  const data = {
    apiVersion: 'ossa/v0.2.9',
    spec: {
      safety: { guardrails: { max_tool_calls: 4 }, human_in_loop: { triggers: ['high_risk_action'] } },
    },
  };
  const oversight = readOversight(data, createFieldReader(data), []);
  expect(oversight).toEqual({ ...none, callsOfSession: 4 });
  const called = { inTurn: 0, inSession: 3, room: Infinity };
  expect(whyNotCalled(oversight, ['read_file'], called)).toBeUndefined();
  expect(whyNotCalled(oversight, ['read_file'], { ...called, inSession: 4 })?.text).toContain(
    '4 calls of tools',
  );
  expect(whyNotCalled(none, ['read_file'], { ...called, room: 0 })?.text).toContain('again later');
});

/** Runs turns in one job after the other; between them it is answered. */
async function jobs(
  more: string,
  turns: readonly ModelTurn[],
  answers: readonly ((end: AgentEnd) => string)[],
) {
  const context = testContext(repository({ [agentPath]: agentYaml() }));
  const manifest = { path: agentPath, text: agentYaml({ more }) };
  const place = { ...(await openCheckout(context, agentPath)), manifest };
  const [store, session] = [directoryStore(context, workspace()), randomUUID()];
  const ends: AgentEnd[] = [];
  for (let job = 0; job <= answers.length; job += 1) {
    const log = await store.open(session, job === 0 ? 'begin' : 'resume');
    try {
      const [last, answer] = [ends.at(-1), answers[job - 1]];
      if (last !== undefined && answer !== undefined)
        await answerSession(log, session, { text: answer(last) });
      ends.push(await runIn(context, place, { model: scripted(turns), log, session }));
    } finally {
      await log.close();
    }
  }
  return ends;
}

const approve = ({ reason }: AgentEnd) => /'(approve [^']+)'/.exec(reason)?.[1] ?? 'nothing to approve';
const wantsDiff = 'autonomy: {approval_required: [read_diff]}';
const result = (end: AgentEnd | undefined) =>
  end?.state.messages.flatMap((message) =>
    message.role === 'tool' ? [[message.failed, message.text]] : [],
  ) ?? [];

describe('a call that a person must approve', () => {
  test('ends the session with a question, and is made once it was approved, once', async () => {
    const diff = turn('', ['read-diff', {}]);
    const ends = await jobs(wantsDiff, [diff, diff, diff], [approve]);
    expect(ends.map(({ outcome }) => outcome)).toEqual(['blocked', 'blocked']);
    expect(ends[0]?.reason).toMatch(
      /^a person must approve: read-diff \{\}; .* 'approve sha256:[0-9a-f]{64}'$/,
    );
    const [first, second, third] = result(ends[1]);
    expect(first).toEqual([true, expect.stringContaining('It was not made')]);
    expect(second).toEqual([false, expect.stringContaining('export const vat = 19;')]);
    expect(third).toEqual([true, expect.stringContaining('It was not made')]);
    expect(ends[1]?.state.messages).toContainEqual({
      role: 'user',
      text: expect.stringContaining('A person approves your call of read-diff.'),
    });
  });

  test('is that call with those arguments and no other', async () => {
    const of = (path: string) => turn('', ['read-diff', { path }]);
    const ends = await jobs(wantsDiff, [of('src/price.ts'), of('src/other.ts'), turn('Done.')], [approve]);
    expect(result(ends[1]).map(([failed]) => failed)).toEqual([true, true]);
    expect(ends[1]?.state.approved).toEqual([]);
  });

  test('any other answer is words, which approve nothing', async () => {
    const diff = turn('', ['read-diff', {}]);
    const ends = await jobs(wantsDiff, [diff, diff], [() => 'approve']);
    expect(ends[1]?.outcome).toBe('blocked');
    expect(ends[1]?.state.messages).toContainEqual({ role: 'user', text: 'A person answers you:\napprove' });
  });

  test('a digest that no call waits with is refused', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const answered = jobs(wantsDiff, [turn('', ['read-diff', {}])], [() => `approve ${digest}`]);
    await expect(answered).rejects.toMatchObject({
      code: 'SESSION_ANSWER',
      message: expect.stringContaining(digest),
    });
  });

  test('a proposal, where the list names it; what was not approved is not proposed', async () => {
    const note = turn('', ['propose_note', { body: 'VAT is 19 now.' }]);
    const more = 'autonomy: {approval_required: [note]}';
    const ends = await jobs(more, [note, note, turn('Done.')], [approve]);
    expect(ends.map(({ outcome, state }) => [outcome, state.proposals.length])).toEqual([
      ['blocked', 0],
      ['complete', 1],
    ]);
  });

  test('through the commands', async () => {
    const cwd = repository({ [agentPath]: agentYaml({ more: wantsDiff }) });
    await record(cwd, [turn('', ['read-diff', {}])]);
    const run = await pipewright(runArguments, { cwd });
    expect(run.exitCode).toBe(31);
    const session = sessionOf(run);
    const words = /'(approve sha256:\w+)'/.exec(run.stdout)?.[1] ?? '';
    expect(readOutput(cwd, 'result').reason).toContain(words);
    const answered = await pipewright(['sessions', 'answer', session, words], { cwd });
    expect(answered.exitCode, answered.stderr).toBe(0);
    expect(await logText(cwd, session)).toContain(`"approves":["${words.slice('approve '.length)}"]`);
  });

  test.each<
    [from: 'medium' | 'high' | undefined, risk: 'low' | 'medium' | 'high' | undefined, needs: boolean]
  >([
    [undefined, 'high', false],
    ['high', 'medium', false],
    ['high', 'high', true],
    ['medium', 'low', false],
    ['medium', 'medium', true],
    ['medium', 'high', true],
    ['medium', undefined, false],
  ])('from risk %s on, one of risk %s: %s', (from, risk, needs) => {
    expect(needsApproval({ ...none, approval: { from, names: [] } }, ['read_code'], risk)).toBe(needs);
  });

  test('what is shown of it says how much there is, and its digest is of all', () => {
    const input = (end: string): JsonValue => ({ text: 'x'.repeat(600) + end });
    const [one, other] = [waitingOf('t', input('a')), waitingOf('t', input('b'))];
    expect(one.shown).toMatch(/\(of 612 characters\)$/);
    expect(one.digest).not.toBe(other.digest);
  });
});

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
