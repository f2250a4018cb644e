import { expect, test } from 'vitest';
import { type Json, startScene } from './review-scene.ts';

async function start(version = '18.5.0') {
  const scene = await startScene({ version });
  const { sha } = await scene.push('feature', { 'b.txt': 'b\n' }, { quiet: true });
  const set = (
    body: Readonly<Record<string, unknown>>,
    who: 'developer' | 'maintainer' | 'reporter' = 'developer',
  ) => scene.as(who, 'POST', `/statuses/${sha}`, { name: 'check', ...body });
  return { ...scene, sha, set };
}

test('a status makes an external pipeline where the commit has none', async () => {
  const { set, world, sha } = await start();
  const { status, json } = await set({
    state: 'running',
    target_url: 'https://example.com/1',
    description: 'at it',
  });
  expect(status).toBe(201);
  expect(json).toMatchObject({
    ...{
      sha,
      ref: 'feature',
      status: 'running',
      name: 'check',
      description: 'at it',
      author: { username: 'developer' },
    },
    target_url: 'https://example.com/1',
  });
  const [pipeline] = world.pipelines.values();
  expect(pipeline).toMatchObject({ source: 'external', ref: 'feature', sha, status: 'running' });
});

test('it joins the newest pipeline of the commit', async () => {
  const { set, push, world } = await start();
  const { sha } = await push('feature', { 'b.txt': 'c\n' });
  expect(world.pipelines.size).toBe(1);
  expect((await set({ state: 'success' })).status).toBe(201);
  expect(world.pipelines.size).toBe(2);
  const [first] = world.pipelines.values();
  expect(first?.sha).toBe(sha);
});

test('a running one is changed in place, an ended one gets a successor', async () => {
  const { set, as, sha } = await start();
  const pending = await set({ state: 'pending' });
  const running = await set({ state: 'running' });
  const done = await set({ state: 'success', coverage: 80 });
  expect([running.json.id, done.json.id]).toEqual([pending.json.id, pending.json.id]);
  expect(done.json).toMatchObject({ status: 'success', coverage: 80, finished_at: expect.any(String) });
  const again = await set({ state: 'failed' });
  expect(again.json.id).not.toBe(done.json.id);
  const list = async (query = '') =>
    (await as<Json[]>('reporter', 'GET', `/repository/commits/${sha}/statuses${query}`)).json;
  expect((await list()).map(({ status }) => status)).toEqual(['failed']);
  expect((await list('?all=true')).map(({ status }) => status)).toEqual(['success', 'failed']);
  expect(await list('?name=other')).toEqual([]);
});

test('statuses of others are apart', async () => {
  const { set } = await start();
  const mine = await set({ state: 'running' });
  const theirs = await set({ state: 'running' }, 'maintainer');
  expect(theirs.json.id).not.toBe(mine.json.id);
});

test('the same state again is taken from 18.3 on, and refused before', async () => {
  const now = await start();
  await now.set({ state: 'running' });
  expect((await now.set({ state: 'running' })).status).toBe(201);
  const before = await start('18.2.0');
  await before.set({ state: 'running' });
  expect(await before.set({ state: 'running' })).toMatchObject({
    status: 400,
    json: {
      message:
        'Cannot transition status via :run from :running (Reason(s): Status cannot transition via "run")',
    },
  });
});

test('a running one does not go back to pending', async () => {
  const { set } = await start();
  await set({ state: 'running' });
  expect(await set({ state: 'pending' })).toMatchObject({
    status: 400,
    json: { message: expect.stringContaining('Cannot transition status via :enqueue from :running') },
  });
});

test.each([
  [{ state: 'done' }, 400, { error: 'state does not have a valid value' }],
  [{}, 400, { error: 'state is missing' }],
  [
    { state: 'success', pipeline_id: 99 },
    404,
    { message: '404 Pipeline for pipeline_id, sha and ref Not Found' },
  ],
])('%j is refused', async (body, status, json) => {
  const { set } = await start();
  expect(await set(body)).toMatchObject({ status, json });
});

test('a commit that is not there has none, and reporters set none', async () => {
  const { as, set } = await start();
  expect(await as('developer', 'POST', `/statuses/${'1'.repeat(40)}`, { state: 'success' })).toMatchObject({
    ...{ status: 404, json: { message: '404 Commit Not Found' } },
  });
  expect((await set({ state: 'success' }, 'reporter')).status).toBe(403);
});

test('an external status is what a merge waits for', async () => {
  const { open, as } = await startScene({
    settings: { only_allow_merge_if_pipeline_succeeds: true },
    pipelineStatus: 'running',
  });
  const { sha } = await open();
  await as('developer', 'POST', `/statuses/${sha}`, { state: 'success' });
  expect((await as('developer', 'GET', '/merge_requests/1')).json.detailed_merge_status).toBe('mergeable');
});
