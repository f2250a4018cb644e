import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCassette } from '../../components/models/cassette.ts';
import type { Proposal } from '../../components/proposals/bundle.gen.ts';
import { testContext } from '../support/cli.ts';
import { manifestData, readCases } from './cases.ts';
import { costsIn, writeCosts } from './costs.ts';
import { runCase } from './session.ts';

interface Expected {
  readonly findings: readonly {
    readonly file: string;
    /** First and last of the lines that a finding may stand on. */
    readonly lines: readonly [from: number, to: number];
    readonly topic: string;
    readonly kind?: 'thread' | 'suggestion';
  }[];
  /** Whether there is a note, too. */
  readonly note?: boolean;
  readonly 'says-not'?: readonly string[];
}

const agent = 'mr-reviewer';
const cases = readCases<Expected>(agent);
const { topics } = manifestData(agent).extensions.pipewright.proposals.thread;
const isRecording = process.env.PIPEWRIGHT_TEST_RECORD === '1';

function isOnLine(each: Proposal): each is Extract<Proposal, { kind: 'thread' | 'suggestion' }> {
  return each.kind === 'thread' || each.kind === 'suggestion';
}

test('there are at least five, one of them with nothing to find', () => {
  expect(cases.length).toBeGreaterThanOrEqual(5);
  expect(cases.filter(({ expected }) => expected.findings.length === 0)).not.toEqual([]);
});

describe.each(cases)('$id', (one) => {
  test('finds what is there, on its lines, and nothing else', async () => {
    // What records speaks the wire format of a provider, and takes longer to load than all cases to replay.
    if (isRecording) writeFileSync(one.cassette, await (await import('./record.ts')).recordCase(one));
    const { outcome, state } = await runCase(
      one,
      await openCassette(testContext(resolve('.')), one.cassette),
    );
    expect(outcome).toBe('complete');
    // A refused proposal would be a failed call.
    expect(state.errors).toBe(0);
    const proposals = state.proposals as unknown as readonly Proposal[];
    const { findings, note = false, 'says-not': saysNot = [] } = one.expected;
    const found = proposals.filter(isOnLine);
    expect(found).toHaveLength(findings.length);
    for (const { file, lines, topic, kind = 'thread' } of findings) {
      const [from, to] = lines;
      const fits = found.filter(
        (each) =>
          each.kind === kind &&
          each.file === file &&
          topics[each.topic] === topic &&
          each.line >= from &&
          each.line <= to,
      );
      expect(fits, `${file}:${from}-${to} ${topic}`).toHaveLength(1);
    }
    expect(proposals.filter(({ kind }) => kind === 'note')).toHaveLength(note ? 1 : 0);
    for (const text of saysNot) expect(JSON.stringify(proposals)).not.toContain(text);
    expect(state.report?.confidence).toBeGreaterThan(0.6);
  });
});

test('README.md says what the cases cost', () => {
  if (isRecording) writeCosts(agent, cases);
  const { path, content } = costsIn(agent, cases);
  expect(readFileSync(path, 'utf8')).toBe(content);
});
