import { expect, test } from 'vitest';
import { accessLevels } from '../../../components/twin/world/people.ts';
import { addProject } from '../server/harness.ts';
import { type Json, startScene } from './review-scene.ts';

test('a merge request shows what it would merge and whether it may', async () => {
  const { open, as, project } = await startScene();
  const { iid } = await open();
  const { json, status } = await as('maintainer', 'GET', `/merge_requests/${iid}`);
  expect(status).toBe(200);
  expect(json).toMatchObject({
    ...{ iid: 1, project_id: project.id, state: 'opened', title: 'Change', draft: false },
    ...{ source_branch: 'feature', target_branch: 'main', detailed_merge_status: 'mergeable' },
    ...{ merge_status: 'can_be_merged', has_conflicts: false, changes_count: '2' },
    blocking_discussions_resolved: true,
    references: { short: '!1', full: 'group/app!1' },
    head_pipeline: { source: 'merge_request_event', ref: 'refs/merge-requests/1/head' },
    user: { can_merge: true },
  });
  expect(json.diff_refs).toMatchObject({ head_sha: json.sha });
  expect((await as('developer', 'GET', `/merge_requests/${iid}`)).json.user).toEqual({ can_merge: false });
});

test('opening one makes its pipeline', async () => {
  const { open, asked, project } = await startScene();
  const { iid, sha } = await open();
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({
    ...{ project, sha, source: 'merge_request_event', ref: 'refs/merge-requests/1/head' },
    mergeRequest: { projectId: project.id, iid },
  });
});

test('a second one of the same branches is refused by the number of the first', async () => {
  const { open, as } = await startScene();
  await open();
  const again = { title: 'Again', source_branch: 'feature', target_branch: 'main' };
  const { status, json } = await as('developer', 'POST', '/merge_requests', again);
  expect(status).toBe(409);
  expect(json).toEqual({
    message: ['Another open merge request already exists for this source branch: !1'],
  });
});

test.each([
  ['stranger', 404],
  ['guest', 403],
  ['reporter', 403],
] as const)('a %s opens none', async (who, status) => {
  const { as, push } = await startScene();
  await push('feature', { 'b.txt': 'b\n' }, { quiet: true });
  const body = { title: 'Change', source_branch: 'feature', target_branch: 'main' };
  expect((await as(who, 'POST', '/merge_requests', body)).status).toBe(status);
});

test.each([
  [{ source_branch: 'feature', target_branch: 'main' }, 400, { error: 'title is missing' }],
  [
    { title: 'x', source_branch: 'nowhere', target_branch: 'main' },
    422,
    { error: ['Source branch "nowhere" does not exist'] },
  ],
  [
    { title: 'x', source_branch: 'feature', target_branch: 'nowhere' },
    422,
    { error: ['Target branch "nowhere" does not exist'] },
  ],
  [
    { title: 'x', source_branch: 'main', target_branch: 'main' },
    422,
    { error: ["You can't use same project/branch for source and target"] },
  ],
])('%j is refused', async (body, status, answer) => {
  const { as, push } = await startScene();
  await push('feature', { 'b.txt': 'b\n' }, { quiet: true });
  const { status: got, json } = await as('developer', 'POST', '/merge_requests', body);
  expect({ status: got, json }).toEqual({ status, json: answer });
});

test('guests of a private project see no merge requests, everybody sees those of a public one', async () => {
  const hidden = await startScene();
  await hidden.open();
  expect((await hidden.as('guest', 'GET', '/merge_requests/1')).status).toBe(403);
  expect((await hidden.as('guest', 'GET', '/merge_requests')).status).toBe(403);
  const shown = await startScene({ visibility: 'public' });
  await shown.open();
  expect((await shown.as('stranger', 'GET', '/merge_requests/1')).status).toBe(200);
  expect((await shown.call('GET', `/projects/${shown.project.id}/merge_requests/1`)).status).toBe(200);
});

test('a list is filtered and ordered', async () => {
  const { open, as } = await startScene();
  await open('one', { labels: 'bug,ui' });
  await open('two', { title: 'Draft: second' });
  await as('developer', 'PUT', '/merge_requests/1', { state_event: 'close' });
  const iids = async (query: string) =>
    (await as<Json[]>('reporter', 'GET', `/merge_requests?${query}`)).json.map(({ iid }) => iid);
  expect(await iids('')).toEqual([2, 1]);
  expect(await iids('sort=asc')).toEqual([1, 2]);
  expect(await iids('state=opened')).toEqual([2]);
  expect(await iids('source_branch=one')).toEqual([1]);
  expect(await iids('labels=bug')).toEqual([1]);
  expect(await iids('draft=true')).toEqual([2]);
  expect(await iids('search=SECOND')).toEqual([2]);
  expect(await iids('iids[]=2')).toEqual([2]);
  expect(await iids('author_username=guest')).toEqual([]);
  expect((await as('reporter', 'GET', '/merge_requests?milestone=x')).status).toBe(501);
});

test('the list of all projects holds what the caller wrote', async () => {
  const { open, call, tokens } = await startScene();
  await open();
  const of = async (who: 'developer' | 'reporter', scope?: string) =>
    (
      await call<Json[]>('GET', '/merge_requests', {
        token: tokens[who],
        query: scope === undefined ? {} : { scope },
      })
    ).json;
  expect(await of('developer')).toHaveLength(1);
  expect(await of('reporter')).toHaveLength(0);
  expect(await of('reporter', 'all')).toHaveLength(1);
});

test('its author changes it, a reporter does not', async () => {
  const { open, as } = await startScene();
  await open();
  const changed = await as('developer', 'PUT', '/merge_requests/1', {
    ...{ title: 'Draft: better', description: 'why', add_labels: 'new', squash: true },
  });
  expect(changed.json).toMatchObject({
    ...{ title: 'Draft: better', draft: true, description: 'why', labels: ['new'], squash: true },
    detailed_merge_status: 'draft_status',
  });
  expect((await as('reporter', 'PUT', '/merge_requests/1', { title: 'mine' })).status).toBe(403);
  expect((await as('developer', 'PUT', '/merge_requests/1', {})).status).toBe(400);
  expect((await as('developer', 'DELETE', '/merge_requests/1')).status).toBe(403);
  expect((await as('owner', 'DELETE', '/merge_requests/1')).status).toBe(204);
  expect((await as('owner', 'GET', '/merge_requests/1')).json).toEqual({ message: '404 Not found' });
});

test("a fork's branch is merged into its parent, and its pipeline runs in the fork", async () => {
  const { world, twin, users, tokens, call, push, project, as, asked } = await startScene({
    visibility: 'public',
  });
  const fork = addProject(world, {
    ...{
      path: 'stranger/app',
      creatorId: users.stranger.id,
      defaultBranch: 'main',
      forkedFromId: project.id,
    },
  });
  await twin.repositories.fork(project, fork);
  await push('fix', { 'fix.txt': 'fixed\n' }, { project: fork, user: users.stranger, quiet: true });
  const opened = await call<Json>('POST', `/projects/${fork.id}/merge_requests`, {
    token: tokens.stranger,
    json: { title: 'Fix', source_branch: 'fix', target_branch: 'main', target_project_id: project.id },
  });
  expect(opened.status).toBe(201);
  expect(opened.json).toMatchObject({
    project_id: project.id,
    source_project_id: fork.id,
    target_project_id: project.id,
  });
  expect(asked.at(-1)).toMatchObject({
    project: fork,
    user: users.stranger,
    mergeRequest: { projectId: project.id, iid: 1 },
  });
  expect(await twin.repositories.resolve(project, 'refs/merge-requests/1/head')).toBe(opened.json.sha);
  expect((await as('maintainer', 'PUT', '/merge_requests/1/merge', {})).json.state).toBe('merged');
  expect(project.members.get(users.stranger.id) ?? accessLevels.none).toBe(accessLevels.none);
});

test('an unrelated project is no target', async () => {
  const { world, twin, users, as, push, project } = await startScene();
  const other = addProject(world, {
    path: 'group/other',
    creatorId: users.developer.id,
    defaultBranch: 'main',
  });
  await twin.repositories.fork(project, other);
  await push('feature', { 'b.txt': 'b\n' }, { quiet: true });
  const body = { title: 'x', source_branch: 'feature', target_branch: 'main', target_project_id: other.id };
  expect((await as('developer', 'POST', '/merge_requests', body)).status).toBe(422);
});

test('quick actions of a description act and go', async () => {
  const { open, as } = await startScene();
  await as('developer', 'POST', '/labels', { name: 'bug', color: '#ff0000' });
  const { json } = await as(
    'developer',
    'GET',
    `/merge_requests/${(await open('feature', { description: 'Why.\n\n/label ~bug\n/draft\n/merge' })).iid}`,
  );
  expect(json).toMatchObject({ description: 'Why.', labels: ['bug'], draft: true, state: 'opened' });
});

test('the issues it closes are those its description names', async () => {
  const { open, as } = await startScene();
  await as('developer', 'POST', '/issues', { title: 'Broken' });
  await open('feature', { description: 'Fixes #1' });
  expect(
    (await as<Json[]>('developer', 'GET', '/merge_requests/1/closes_issues')).json.map(({ iid }) => iid),
  ).toEqual([1]);
});

test('one is not reopened beside another of its branches', async () => {
  const { open, as } = await startScene();
  await open();
  await as('developer', 'PUT', '/merge_requests/1', { state_event: 'close' });
  await as('developer', 'POST', '/merge_requests', {
    title: 'Two',
    source_branch: 'feature',
    target_branch: 'main',
  });
  const { status, json } = await as('developer', 'PUT', '/merge_requests/1', { state_event: 'reopen' });
  expect(status).toBe(409);
  expect(json).toEqual({ message: ['Another open merge request already exists for this source branch: !2'] });
});
