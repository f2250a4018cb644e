import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../components/models/playbook/diagnose.ts';
import { parsePlaybook } from '../../components/models/playbook/parse.ts';
import { renderNote } from '../../components/models/playbook/render.ts';

const path = 'agents/ci-doctor/playbook.yaml';
const playbook = await parsePlaybook(path, readFileSync(path, 'utf8'));
const samples = load(readFileSync('agents/ci-doctor/cases/samples.yaml', 'utf8')) as Record<
  string,
  { readonly is?: string; readonly 'is-not': string }
>;

function causeOf(text: string | undefined, reason?: string): string | undefined {
  const lines = text?.split('\n').map((line, index) => ({ number: index + 1, text: line }));
  const said = diagnose(playbook, { id: 1, name: 'build', reason, lines });
  return said.known ? said.cause.id : undefined;
}

test('each cause has its samples, and there is a good number of them', () => {
  expect(Object.keys(samples)).toEqual(playbook.causes.map(({ id }) => id));
  expect(playbook.causes.length).toBeGreaterThanOrEqual(100);
});

describe.each(playbook.causes)('$id', ({ id, reasons = [] }) => {
  const sample = samples[id];
  // Of the whole table, so that the order is tried, too.
  test('is the cause of its sample', () => {
    if (sample?.is === undefined) expect(reasons).not.toEqual([]);
    else expect(causeOf(sample.is)).toBe(id);
  });
  test('is not the cause of what only looks like it', () => {
    expect(sample?.['is-not']).toBeTypeOf('string');
    expect(causeOf(sample?.['is-not'])).not.toBe(id);
  });
  test.each(reasons)('is the cause where GitLab says %s', (reason) => {
    expect(causeOf(undefined, reason)).toBe(id);
  });
});

test('no line that jobs also write when they succeed is a cause', () => {
  const lines = readFileSync('agents/ci-doctor/cases/noise.log', 'utf8').trim().split('\n');
  const taken = lines.filter((line) => causeOf(line) !== undefined);
  expect([lines.length > 50, taken]).toEqual([true, []]);
});

test('no text of a cause has a brace left once it is filled in', () => {
  const all = Object.values(samples).flatMap(({ is }) => (is === undefined ? [] : [is]));
  for (const text of all) {
    const lines = text.split('\n').map((line, index) => ({ number: index + 1, text: line }));
    const job = { id: 1, name: 'build', reason: undefined, lines };
    const note = renderNote([{ job, diagnosis: diagnose(playbook, job) }], { unread: 0, running: 0 });
    expect(note.replace(/```[\s\S]*?```/g, '')).not.toMatch(/\{[a-z]|\(nothing\)/);
  }
});
