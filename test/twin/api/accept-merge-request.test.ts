import { expect, test } from 'vitest';
import { lines, startScene } from './review-scene.ts';

test('merging moves the target branch, starts its pipeline and removes the source branch', async () => {
  const { open, as, asked, twin, project } = await startScene();
  const { sha } = await open();
  const merged = await as('maintainer', 'PUT', '/merge_requests/1/merge', {
    sha,
    should_remove_source_branch: true,
  });
  expect(merged.status).toBe(200);
  expect(merged.json).toMatchObject({ state: 'merged', merged_by: { username: 'maintainer' } });
  const tip = await twin.repositories.resolve(project, 'refs/heads/main');
  expect(merged.json.merge_commit_sha).toBe(tip);
  const commit = await twin.repositories.commit(project, tip ?? '');
  expect(commit?.message.trim()).toBe(
    "Merge branch 'feature' into 'main'\n\nChange\n\nSee merge request group/app!1",
  );
  expect(await twin.repositories.resolve(project, 'refs/heads/feature')).toBeUndefined();
  expect(asked.at(-1)).toMatchObject({ ref: 'main', source: 'push', sha: tip });
  expect((await as('maintainer', 'PUT', '/merge_requests/1/merge', {})).status).toBe(405);
});

test('only who may merge into a protected branch merges', async () => {
  const { open, as } = await startScene();
  await open();
  expect((await as('developer', 'PUT', '/merge_requests/1/merge', {})).status).toBe(401);
});

test('a head that has moved on is not merged', async () => {
  const { open, as, push } = await startScene();
  const { sha } = await open();
  const { sha: newer } = await push('feature', { 'b.txt': 'more\n' });
  const { status, json } = await as('maintainer', 'PUT', '/merge_requests/1/merge', { sha });
  expect(status).toBe(409);
  expect(json).toEqual({ message: `SHA does not match HEAD of source branch: ${newer}` });
});

test('conflicts are seen and refused', async () => {
  const { open, as, push, users } = await startScene();
  await open();
  await push('main', { 'a.txt': lines(20).replace('line 10', 'other') }, { user: users.owner });
  expect((await as('maintainer', 'GET', '/merge_requests/1')).json).toMatchObject({
    ...{ has_conflicts: true, detailed_merge_status: 'conflict', merge_status: 'cannot_be_merged' },
  });
  const { status, json } = await as('maintainer', 'PUT', '/merge_requests/1/merge', {});
  expect({ status, json }).toEqual({ status: 422, json: { message: 'Branch cannot be merged' } });
});

test.each([
  ['failed', 'ci_must_pass'],
  ['running', 'ci_still_running'],
  ['skipped', 'ci_must_pass'],
  ['success', 'mergeable'],
] as const)('where pipelines must succeed, a %s one says %s', async (pipelineStatus, expected) => {
  const settings = { only_allow_merge_if_pipeline_succeeds: true };
  const { open, as } = await startScene({ settings, pipelineStatus });
  await open();
  expect((await as('maintainer', 'GET', '/merge_requests/1')).json.detailed_merge_status).toBe(expected);
  const { status } = await as('maintainer', 'PUT', '/merge_requests/1/merge', {});
  expect(status).toBe(expected === 'mergeable' ? 200 : 405);
});

test.each([
  ['squash', { squash: true }, 1],
  ['merge', {}, 2],
] as const)('a %s makes one commit with its parents', async (_, body, parents) => {
  const { open, as, twin, project } = await startScene();
  await open();
  const { json } = await as('maintainer', 'PUT', '/merge_requests/1/merge', body);
  const tip = await twin.repositories.resolve(project, 'refs/heads/main');
  expect((await twin.repositories.commit(project, tip ?? ''))?.parents).toHaveLength(parents);
  expect(parents === 1 ? json.squash_commit_sha : json.merge_commit_sha).toBe(tip);
});

test('a project that only forwards its branch wants a rebase once that has moved', async () => {
  const { open, as, push, users, twin, project } = await startScene({ settings: { merge_method: 'ff' } });
  const { sha } = await open();
  await open('other');
  await as('maintainer', 'PUT', '/merge_requests/1/merge', {});
  expect(await twin.repositories.resolve(project, 'refs/heads/main')).toBe(sha);
  await push('main', { 'm.txt': 'm\n' }, { user: users.owner });
  expect((await as('maintainer', 'GET', '/merge_requests/2')).json.detailed_merge_status).toMatch(
    /conflict|need_rebase/,
  );
  expect((await as('maintainer', 'PUT', '/merge_requests/2/merge', {})).status).toBe(422);
});

test('a draft and a closed one are not merged; a reopened one is', async () => {
  const { open, as } = await startScene();
  await open('feature', { title: 'Draft: Change' });
  const merge = async () => (await as('maintainer', 'PUT', '/merge_requests/1/merge', {})).status;
  expect(await merge()).toBe(405);
  await as('developer', 'PUT', '/merge_requests/1', { title: 'Change', state_event: 'close' });
  expect(await merge()).toBe(405);
  await as('developer', 'PUT', '/merge_requests/1', { state_event: 'reopen' });
  expect(await merge()).toBe(200);
});
