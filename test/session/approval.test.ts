import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../components/kernel/canonical.ts';
import { needsApproval, waitingOf } from '../../components/session/oversee.ts';
import type { AgentEnd } from '../../components/session/run-agent.ts';
import { pipewright } from '../support/cli.ts';
import { jobs, none, result } from './oversight.ts';
import {
  agentPath,
  agentYaml,
  logText,
  readOutput,
  record,
  repository,
  runArguments,
  sessionOf,
  turn,
} from './support.ts';

const approve = ({ reason }: AgentEnd) => /'(approve [^']+)'/.exec(reason)?.[1] ?? 'nothing to approve';
const wantsDiff = 'autonomy: {approval_required: [read_diff]}';
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
