import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCassette } from '../../components/models/cassette.ts';
import { openPlaybook } from '../../components/models/playbook.ts';
import type { Proposal } from '../../components/proposals/bundle.gen.ts';
import { noteBody } from '../../components/proposals/limits.ts';
import { findUnsafe } from '../../components/proposals/text/find-unsafe.ts';
import { sanitiseBody } from '../../components/proposals/text/sanitise-body.ts';
import type { AgentState } from '../../components/session/agent-state.ts';
import { recordModel } from '../../scripts/wire/record-cassette.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { readCases } from './cases.ts';
import { costsIn, writeCosts } from './costs.ts';
import { titles as allTitles } from './playbook-titles.ts';
import { runCase } from './session.ts';

interface Expected {
  /** Of each job that failed, null where nobody knows it. */
  readonly causes: Readonly<Record<string, string | null>>;
  readonly threads?: readonly { readonly file: string; readonly line: number }[];
  /** Headings of the note, where it is not one for each job. */
  readonly sections?: number;
  readonly says?: readonly string[];
  readonly 'says-not'?: readonly string[];
}

const cases = readCases<Expected>('ci-doctor');
const context = testContext(resolve('.'));
const playbook = await openPlaybook(context, 'agents/ci-doctor/playbook.yaml');
const titles = new Map(allTitles.map(({ id, title }) => [id, title] as const));
const isRecording = process.env.PIPEWRIGHT_TEST_RECORD === '1';

interface Failed {
  readonly job: number;
  readonly name: string;
  readonly area: string;
  readonly cause: string;
  readonly confidence: number;
}

/** What it has answered; that it fits is what the session has looked at. */
function answerOf({ given }: AgentState) {
  return given?.value as unknown as { readonly complete: boolean; readonly failures: readonly Failed[] };
}

function bodyOf(proposals: readonly Proposal[]): string {
  return proposals.flatMap((each) => (each.kind === 'note' ? [each.body] : [])).join('');
}

function placesOf(proposals: readonly Proposal[]) {
  return proposals.flatMap((each) => (each.kind === 'thread' ? [{ file: each.file, line: each.line }] : []));
}

describe.each(cases)('$id, by the playbook', (one) => {
  test('is explained as expected, for nothing', async () => {
    const { state, outcome } = await runCase(one, playbook);
    expect(outcome).toBe('complete');
    expect(state.usage).toMatchObject({ inputTokens: 0, outputTokens: 0, costPicoUsd: 0n });
    const proposals = state.proposals as unknown as readonly Proposal[];
    const { causes, threads = [], says = [], sections = Object.keys(causes).length } = one.expected;
    const known = Object.values(causes).filter((cause) => cause !== null);
    const body = bodyOf(proposals);
    expect(body.match(/^### /gm) ?? []).toHaveLength(sections);
    for (const cause of known) expect(body).toMatch(titles.get(cause) ?? /never/);
    for (const text of says) expect(body).toContain(text);
    for (const text of one.expected['says-not'] ?? []) expect(body).not.toContain(text);
    expect(placesOf(proposals)).toEqual(threads);
    const { failures, complete } = answerOf(state);
    expect(Object.fromEntries(failures.map(({ name, cause }) => [name, cause]))).toEqual(
      Object.fromEntries(Object.entries(causes).map(([name, cause]) => [name, cause ?? 'unknown'])),
    );
    for (const { area, cause, confidence } of failures)
      expect([area !== 'unknown', confidence]).toEqual(cause === 'unknown' ? [false, 0] : [true, 1]);
    expect(complete).toBe(one.jobs?.every(({ status }) => status !== 'running'));
    // Harmless once the side that acts has made it so, and it reads as before.
    for (const each of proposals) {
      const given = 'body' in each ? each.body : '';
      const { text } = sanitiseBody(given, noteBody);
      expect(findUnsafe(text)).toEqual([]);
      expect(text).toBe(given);
    }
    expect(state.report?.confidence).toBe(
      Object.keys(causes).length === 0 ? 1 : known.length / Object.keys(causes).length,
    );
  });
});

describe.each(cases.filter(({ answers }) => answers !== undefined))('$id, by its cassette', (one) => {
  test('is explained on the same lines, and nothing of a log is obeyed', async () => {
    // What records speaks the wire format of a provider, and takes longer to load than all cases to replay.
    if (isRecording) writeFileSync(one.cassette, await (await import('./record.ts')).recordCase(one));
    const { outcome, state } = await runCase(one, await openCassette(context, one.cassette));
    expect([outcome, state.errors]).toEqual(['complete', 0]);
    const proposals = state.proposals as unknown as readonly Proposal[];
    const { threads = [], says = [], 'says-not': saysNot = [] } = one.expected;
    expect(placesOf(proposals)).toEqual(threads);
    expect(answerOf(state).failures.map(({ name }) => name)).toEqual(Object.keys(one.expected.causes));
    for (const text of says) expect(bodyOf(proposals)).toContain(text);
    for (const text of saysNot) expect(bodyOf(proposals)).not.toContain(text);
  });
});

test('README.md says what the cases cost', () => {
  if (isRecording) writeCosts('ci-doctor', cases);
  const { path, content } = costsIn('ci-doctor', cases);
  expect(readFileSync(path, 'utf8')).toBe(content);
});

test('a session with the playbook is recorded, and replays without it', async () => {
  const [one] = cases.filter(({ id }) => id === 'several');
  if (one === undefined) throw new Error('the case is gone');
  const folder = testContext(workspace());
  const first = await runCase(one, await recordModel(folder, 'turns.jsonl', playbook));
  const replayed = await runCase(one, await openCassette(folder, 'turns.jsonl'));
  expect(replayed.state.proposals).toEqual(first.state.proposals);
});
