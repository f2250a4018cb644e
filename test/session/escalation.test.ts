import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { JsonValue } from '../../components/kernel/canonical.ts';
import type { ModelTurn } from '../../components/models/types.ts';
import { agentReplay } from '../../components/session/agent-replay.ts';
import { answerSession } from '../../components/session/person-answer.ts';
import { endOfAgent } from '../../components/session/result.ts';
import { directoryStore } from '../stores/support.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { agentPath, agentYaml, repository, runWith, scripted, turn } from './support.ts';

const completion = 'signals: [{signal: escalate, condition: iteration_count == 1}]';
const asks = turn('', ['report', { confidence: 0.3, next_action: 'ask @owner which rate holds' }]);

/** A session that escalates after its first turn, in one job after the other; between them it is answered. */
async function escalated(turns: readonly ModelTurn[], jobs: number, extensions?: string) {
  const yaml = agentYaml({ completion, ...(extensions === undefined ? {} : { extensions }) });
  const context = testContext(repository({ [agentPath]: yaml }));
  const [store, session] = [directoryStore(context, workspace()), randomUUID()];
  const ends = [];
  for (let job = 0; job < jobs; job += 1) {
    const log = await store.open(session, job === 0 ? 'begin' : 'resume');
    if (job > 0) await answerSession(log, session, { text: 'The lower one.' });
    ends.push(endOfAgent(await runWith(context, { model: scripted(turns), log, session })));
    await log.close();
  }
  return { session, ends };
}

test('an agent that wants a person has an issue proposed that says why, and what it would do', async () => {
  const { session, ends } = await escalated([asks], 1);
  expect(ends[0]).toMatchObject({ outcome: 'escalate', reason: 'iteration_count == 1 holds' });
  const [issue] = (ends[0]?.proposals ?? []) as readonly { body: string }[];
  expect(issue).toMatchObject({ kind: 'issue', title: 'reviewer asks a person to decide', labels: [] });
  expect(issue?.body).toContain('asks a person to decide: iteration_count == 1 holds.');
  expect(issue?.body).toContain('What it would do next: ask @owner which rate holds');
  expect(issue?.body).toContain(session);
});

test('once it was answered and has gone on the issue is proposed no more', async () => {
  const { ends } = await escalated([asks, turn('Done.')], 2);
  expect(ends.map(({ outcome, proposals }) => [outcome, proposals.length])).toEqual([
    ['escalate', 1],
    ['complete', 0],
  ]);
});

test.each([
  ['names none', '{pipewright: {proposals: {note: {}}}}', [asks], 'the manifest names no issues'],
  [
    'has no more',
    '{pipewright: {proposals: {issue: {max: 1}}}}',
    [turn('', ['propose_issue', { title: 'A', body: 'B' }])],
    'Not taken: 1 issues are proposed already',
  ],
])('where the manifest %s it says that no issue is proposed', async (_, extensions, turns, why) => {
  const { ends } = await escalated(turns, 1, extensions);
  expect(ends[0]?.reason).toContain(`; no issue is proposed: ${why}`);
  expect(ends[0]?.proposals.filter((each) => JSON.stringify(each).includes('asks a person'))).toEqual([]);
});

test('of a signal an iteration all are counted and the last hundred kept', () => {
  const note = { signal: 'checkpoint', condition: 'true', state: 'raised' };
  const body = {
    turn: { text: '', toolCalls: [], usage: { inputTokens: 1, outputTokens: 1 }, costPicoUsd: '1' },
    ...{ results: [], proposals: [], sources: [], elapsed: 1 },
    decided: {
      signal: 'continue',
      reason: '',
      notes: [note, { ...note, signal: 'blocked', state: 'error' }],
    },
  } as unknown as JsonValue;
  let state = agentReplay.empty;
  for (let n = 0; n < 120; n += 1) state = agentReplay.advance(state, { kind: 'iteration', body });
  expect(state.signalCounts).toEqual({ checkpoint: 120 });
  expect([state.notes.length, state.notes[0]?.iteration, state.notes.at(-1)?.iteration]).toEqual([
    100, 71, 120,
  ]);
});
