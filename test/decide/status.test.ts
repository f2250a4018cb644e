import { expect, test } from 'vitest';
import { readDecision, startBoundary } from './boundary.ts';

const args = ['--status=true'];

test('a decision is a status of the pipeline it is about, once, and what was denied fails it', async () => {
  const { twin, open, plant, bundleFor, apply } = await startBoundary({ organisation: {} });
  const { mergeRequest, pipeline } = await open('price', { 'src/price.js': 'export const vat = 19;\n' });
  const asked = { mergeRequest: mergeRequest.iid, pipeline: pipeline.id };
  const statuses = () =>
    pipeline.jobs.filter(({ name, retried }) => name === 'pipewright/decision' && !retried);
  plant(pipeline, bundleFor(mergeRequest, []));
  expect((await apply(asked, { args })).stdout).not.toContain('status of the pipeline');
  expect(statuses()).toEqual([]);
  plant(pipeline, bundleFor(mergeRequest, [{ kind: 'note', topic: 0, body: 'Look.' }]));
  const allowed = await apply(asked, { args });
  expect([allowed.exitCode, allowed.stdout]).toEqual([
    0,
    expect.stringContaining('status of the pipeline: updated'),
  ]);
  expect(statuses()).toMatchObject([{ status: 'success', pipelineId: pipeline.id }]);
  // A label needs a certificate, which nobody has given here.
  plant(
    pipeline,
    bundleFor(mergeRequest, [
      { kind: 'note', topic: 0, body: 'Look.' },
      { kind: 'label', label: 0 },
    ]),
  );
  const denied = await apply(asked, { args });
  expect(denied.exitCode).toBe(21);
  expect(statuses().map(({ status }) => status)).toEqual(['failed']);
  expect(readDecision(denied.cwd).status).toMatchObject({ done: 'updated' });
  expect(twin.project('acme/shop').mergeRequests.get(mergeRequest.iid)?.labels).toEqual([]);
}, 60_000);

test('without being asked it shows none', async () => {
  const { open, plant, bundleFor, apply } = await startBoundary();
  const { mergeRequest, pipeline } = await open('price', { 'src/price.js': 'export const vat = 19;\n' });
  plant(pipeline, bundleFor(mergeRequest, [{ kind: 'note', topic: 0, body: 'Look.' }]));
  await apply({ mergeRequest: mergeRequest.iid, pipeline: pipeline.id });
  expect(pipeline.jobs.map(({ name }) => name)).toEqual(['review-run']);
}, 60_000);

test('an external status check is set to the decision of that head where there is one, and is told where there is none', async () => {
  const { twin, open, plant, bundleFor, apply } = await startBoundary({
    ...{ tier: 'ultimate', organisation: {} },
  });
  const { mergeRequest, pipeline } = await open('price', { 'src/price.js': 'export const vat = 19;\n' });
  const asked = { mergeRequest: mergeRequest.iid, pipeline: pipeline.id };
  plant(pipeline, bundleFor(mergeRequest, [{ kind: 'note', topic: 0, body: 'Look.' }]));
  const missing = /external status check: .*: no external status check (pipewright|other) applies to it/;
  const without = await apply(asked, { args });
  expect([without.exitCode, without.stdout]).toEqual([0, expect.stringMatching(missing)]);
  // By its name it was asked for.
  const absent = await apply(asked, { args: ['--status-check=other'] });
  expect([absent.exitCode, absent.stdout]).toEqual([3, expect.stringMatching(missing)]);
  expect(readDecision(absent.cwd).statusCheck.done).toBe('failed');
  const answers = new Map();
  const check = { id: 7, name: 'pipewright', externalUrl: 'https://example.com', answers };
  twin.project('acme/shop').statusChecks.set(check.id, check);
  const key = `${mergeRequest.iid} ${mergeRequest.versions.at(-1)?.headSha}`;
  expect((await apply(asked, { args })).stdout).toContain('external status check: updated');
  expect([...answers]).toEqual([[key, 'passed']]);
  plant(pipeline, bundleFor(mergeRequest, [{ kind: 'label', label: 0 }]));
  expect((await apply(asked, { args: ['--status-check=pipewright'] })).exitCode).toBe(21);
  expect([...answers]).toEqual([[key, 'failed']]);
}, 60_000);
