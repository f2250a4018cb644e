import { expect, test } from 'vitest';
import { type Json, startScene } from './review-scene.ts';

const one = '/merge_requests/1';

test('diffs come in pages, plain or as patch wants them', async () => {
  const { open, as } = await startScene();
  await open();
  const { json, headers } = await as<Json[]>('reporter', 'GET', `${one}/diffs?per_page=1`);
  expect(json).toMatchObject([
    { old_path: 'a.txt', new_path: 'a.txt', new_file: false, deleted_file: false },
  ]);
  expect(String(json[0]?.diff)).toMatch(/^@@ -7,7 \+7,7 @@/);
  expect(headers.get('x-total')).toBe('2');
  const unified = await as<Json[]>('reporter', 'GET', `${one}/diffs?unidiff=true`);
  expect(String(unified.json[1]?.diff)).toMatch(/^--- \/dev\/null\n\+\+\+ b\/feature\.txt\n@@ /);
  expect((await as('reporter', 'GET', `${one}/changes`)).json).toMatchObject({
    overflow: false,
    changes: [{}, {}],
  });
  expect((await as('reporter', 'GET', `${one}/raw_diffs`)).text).toContain('+changed\n');
});

test('every push is a version', async () => {
  const { open, as, push } = await startScene();
  const { sha } = await open();
  const { sha: newer } = await push('feature', { 'b.txt': 'more\n' });
  const { json } = await as<Json[]>('reporter', 'GET', `${one}/versions`);
  expect(json.map(({ head_commit_sha }) => head_commit_sha)).toEqual([newer, sha]);
  const version = await as('reporter', 'GET', `${one}/versions/${json[1]?.id}`);
  expect(version.json).toMatchObject({
    state: 'collected',
    real_size: '2',
    commits: [{ id: sha }],
    diffs: [{}, {}],
  });
  expect((await as('reporter', 'GET', `${one}/versions/99`)).status).toBe(404);
  const commits = await as<Json[]>('reporter', 'GET', `${one}/commits`);
  expect(commits.json.map(({ id }) => id)).toEqual([newer, sha]);
});

test('pipelines are listed and made by hand', async () => {
  const { open, as, asked } = await startScene();
  await open();
  expect((await as<Json[]>('reporter', 'GET', `${one}/pipelines`)).json).toHaveLength(1);
  const { status, json } = await as('developer', 'POST', `${one}/pipelines`);
  expect(status).toBe(200);
  expect(json).toMatchObject({ source: 'merge_request_event', ref: 'refs/merge-requests/1/head' });
  expect(asked).toHaveLength(2);
  expect((await as('reporter', 'POST', `${one}/pipelines`)).status).toBe(403);
});
