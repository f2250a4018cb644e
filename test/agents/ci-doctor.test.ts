import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openPlaybook } from '../../components/models/playbook.ts';
import type { Proposal } from '../../components/proposals/bundle.gen.ts';
import { noteBody } from '../../components/proposals/limits.ts';
import { findUnsafe } from '../../components/proposals/text/find-unsafe.ts';
import { sanitiseBody } from '../../components/proposals/text/sanitise-body.ts';
import { testContext } from '../support/cli.ts';
import { readCases } from './cases.ts';
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
const titles = new Map(
  (await import('./playbook-titles.ts')).titles.map(({ id, title }) => [id, title] as const),
);

function bodyOf(proposals: readonly Proposal[]): string {
  return proposals.flatMap((each) => (each.kind === 'note' ? [each.body] : [])).join('');
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
    const placed = proposals.flatMap((each) =>
      each.kind === 'thread' ? [{ file: each.file, line: each.line }] : [],
    );
    expect(placed).toEqual(threads);
    expect(state.report?.confidence).toBe(
      Object.keys(causes).length === 0 ? 1 : known.length / Object.keys(causes).length,
    );
  });
});

test('what is proposed is harmless once the side that acts has made it so, and reads as before', async () => {
  for (const one of cases) {
    const { state } = await runCase(one, playbook);
    for (const each of state.proposals as unknown as readonly Proposal[]) {
      if (each.kind !== 'note' && each.kind !== 'thread') continue;
      const { text } = sanitiseBody(each.body, noteBody);
      expect(findUnsafe(text)).toEqual([]);
      expect(text).toBe(each.body);
    }
  }
});
