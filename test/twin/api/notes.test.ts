import { expect, test } from 'vitest';
import { addProject, newTokenValue } from '../server/harness.ts';
import { jobToken } from '../server/people.ts';
import { type Json, type Scene, startScene } from './review-scene.ts';

const notes = '/merge_requests/1/notes';

async function startOpened(
  options: Parameters<typeof startScene>[0] = {},
): Promise<Scene & { readonly sha: string }> {
  const scene = await startScene(options);
  const { sha } = await scene.open();
  return { ...scene, sha: String(sha) };
}

test('a note is written, read, changed and taken away', async () => {
  const { as } = await startOpened();
  const created = await as('reporter', 'POST', notes, { body: 'Looks good' });
  expect(created.status).toBe(201);
  expect(created.json).toMatchObject({
    ...{ body: 'Looks good', type: null, system: false, resolvable: false, internal: false },
    ...{
      noteable_type: 'MergeRequest',
      noteable_iid: 1,
      author: { username: 'reporter' },
      commands_changes: {},
    },
  });
  const one = `${notes}/${created.json.id}`;
  expect((await as('reporter', 'PUT', one, { body: 'Better' })).json).toMatchObject({
    id: created.json.id,
    body: 'Better',
  });
  expect((await as('developer', 'GET', one)).json).toMatchObject({ body: 'Better' });
  expect((await as('reporter', 'DELETE', one)).status).toBe(204);
  expect(await as('reporter', 'GET', one)).toMatchObject({ status: 404, json: { message: '404 Not found' } });
});

test('others change a note only as maintainers, and nobody what GitLab wrote', async () => {
  const { as } = await startOpened();
  const { json } = await as('reporter', 'POST', notes, { body: 'mine' });
  expect((await as('developer', 'PUT', `${notes}/${json.id}`, { body: 'x' })).status).toBe(403);
  expect((await as('developer', 'DELETE', `${notes}/${json.id}`)).status).toBe(403);
  expect((await as('maintainer', 'PUT', `${notes}/${json.id}`, { body: 'x' })).status).toBe(200);
  await as('developer', 'POST', '/merge_requests/1/approve');
  const [system] = (await as<Json[]>('owner', 'GET', `${notes}?activity_filter=only_activity`)).json;
  expect(system).toMatchObject({ body: 'approved this merge request', system: true });
  expect((await as('owner', 'DELETE', `${notes}/${system?.id}`)).status).toBe(403);
});

test('a list is newest first, or as asked', async () => {
  const { as } = await startOpened();
  for (const body of ['one', 'two', 'three']) await as('developer', 'POST', notes, { body });
  await as('developer', 'POST', '/merge_requests/1/approve');
  const bodies = async (query: string) =>
    (await as<Json[]>('reporter', 'GET', `${notes}?${query}`)).json.map(({ body }) => body);
  expect(await bodies('activity_filter=only_comments')).toEqual(['three', 'two', 'one']);
  expect(await bodies('activity_filter=only_comments&sort=asc')).toEqual(['one', 'two', 'three']);
  expect(await bodies('activity_filter=only_activity')).toEqual(['approved this merge request']);
  expect(await bodies('per_page=1&page=2&sort=asc')).toEqual(['two']);
});

test.each([
  [{}, 400, { error: 'body is missing' }],
  [{ body: '  ' }, 400, { message: '400 Bad request - Note {:note=>["can\'t be blank"]}' }],
  [
    { body: 'x'.repeat(1_000_001) },
    400,
    { message: '400 Bad request - Note {:note=>["is too long (maximum is 1000000 characters)"]}' },
  ],
])('a body that cannot be kept is refused', async (body, status, json) => {
  const { as } = await startOpened();
  expect(await as('developer', 'POST', notes, body)).toMatchObject({ status, json });
});

test('internal notes are for members from planner up', async () => {
  const { as } = await startOpened({ visibility: 'public' });
  const { json } = await as('reporter', 'POST', notes, { body: 'secret', internal: true });
  expect(json).toMatchObject({ internal: true, confidential: true });
  expect((await as('guest', 'GET', `${notes}/${json.id}`)).status).toBe(404);
  expect((await as<Json[]>('guest', 'GET', notes)).json).toEqual([]);
  expect((await as('guest', 'POST', notes, { body: 'x', internal: true })).status).toBe(403);
});

test('who cannot read code finds nothing to write to', async () => {
  const { as, call, project } = await startOpened();
  expect((await as('guest', 'POST', notes, { body: 'x' })).status).toBe(404);
  expect((await as('stranger', 'POST', notes, { body: 'x' })).status).toBe(404);
  expect((await call('POST', `/projects/${project.id}${notes}`, { json: { body: 'x' } })).status).toBe(401);
});

test('a job token reads notes and never writes one', async () => {
  const { world, call, project, users, as, sha } = await startOpened();
  await as('developer', 'POST', '/statuses/'.concat(sha), { state: 'running', name: 'ci' });
  const [job] = world.jobs.values();
  const value = newTokenValue('job');
  if (job === undefined) throw new Error('no job');
  world.tokens.set(value, { kind: 'job', id: 1, value, jobId: job.id });
  expect(job.userId).toBe(users.developer.id);
  const path = `/projects/${project.id}${notes}`;
  expect((await call('GET', path, { jobToken: value })).status).toBe(200);
  expect((await call('POST', path, { jobToken: value, json: { body: 'x' } })).status).toBe(401);
  const status = await call('POST', `/projects/${project.id}/statuses/${sha}`, {
    jobToken: value,
    json: { state: 'success' },
  });
  expect(status.status).toBe(401);
});

test('a note of commands alone is none, and the commands act', async () => {
  const { as } = await startOpened();
  const { status, json } = await as('developer', 'POST', notes, { body: '/close' });
  expect({ status, json }).toEqual({
    status: 202,
    json: { commands_changes: { state_event: 'close' }, summary: ['Closed this merge request.'] },
  });
  expect((await as('developer', 'GET', '/merge_requests/1')).json.state).toBe('closed');
  expect((await as<Json[]>('developer', 'GET', notes)).json).toEqual([]);
});

test('commands go out of a text and act', async () => {
  const { as } = await startOpened();
  const { status, json } = await as('developer', 'POST', notes, {
    body: 'Summary\n\n/title New one\n/approve',
  });
  expect(status).toBe(201);
  expect(json).toMatchObject({ body: 'Summary', commands_changes: { title: 'New one' } });
  expect((await as('developer', 'GET', '/merge_requests/1')).json.title).toBe('New one');
  expect((await as('developer', 'GET', '/merge_requests/1/approvals')).json).toMatchObject({
    user_has_approved: true,
  });
});

test('commands act by the right of who writes them', async () => {
  const { as } = await startOpened();
  const { status, json } = await as('reporter', 'POST', notes, { body: 'hm\n/close\n/merge' });
  expect(status).toBe(201);
  expect(json).toMatchObject({ body: 'hm', commands_changes: {} });
  expect((await as('developer', 'GET', '/merge_requests/1')).json.state).toBe('opened');
  const only = await as('reporter', 'POST', notes, { body: '/close' });
  expect(only.json).toEqual({ commands_changes: {}, summary: ['Could not apply close command.'] });
});

test('/merge merges the head its author has seen', async () => {
  const { as, sha } = await startOpened();
  const blind = await as('maintainer', 'POST', notes, { body: '/merge' });
  expect(blind.json).toMatchObject({
    summary: ['The `/merge` quick action requires the SHA of the head of the branch.'],
  });
  const stale = await as('maintainer', 'POST', notes, {
    body: '/merge',
    merge_request_diff_head_sha: '0'.repeat(40),
  });
  expect(stale.json).toMatchObject({ summary: ['Branch has been updated since the merge was requested.'] });
  const seen = await as('maintainer', 'POST', notes, { body: '/merge', merge_request_diff_head_sha: sha });
  expect(seen.json).toMatchObject({ summary: ['Merged this merge request.'] });
  expect((await as('developer', 'GET', '/merge_requests/1')).json.state).toBe('merged');
});

test.each([
  ['/draft', { draft: true, title: 'Draft: Change' }],
  ['/lock', { discussion_locked: true }],
  ['/assign @reporter', { assignees: [{ username: 'reporter' }] }],
  ['/assign me', { assignees: [{ username: 'developer' }] }],
  ['/assign_reviewer @guest', { reviewers: [{ username: 'guest' }] }],
  ['/label ~bug', { labels: ['bug'] }],
  ['/target_branch other', { target_branch: 'other' }],
  ['/estimate 1h 30m', { time_stats: { time_estimate: 5400, human_time_estimate: '1h 30m' } }],
  ['/spend 2h', { time_stats: { total_time_spent: 7200 } }],
])('%s', async (body, expected) => {
  const { as, push } = await startOpened();
  await push('other', { 'o.txt': 'o\n' }, { quiet: true });
  await as('developer', 'POST', '/labels', { name: 'bug', color: '#ff0000' });
  expect((await as('developer', 'POST', notes, { body })).status).toBe(202);
  expect((await as('developer', 'GET', '/merge_requests/1')).json).toMatchObject(expected);
});

test('a note that is changed into commands goes away', async () => {
  const { as } = await startOpened();
  const { json } = await as('developer', 'POST', notes, { body: 'text' });
  expect((await as('developer', 'PUT', `${notes}/${json.id}`, { body: '/close' })).status).toBe(202);
  expect((await as('developer', 'GET', `${notes}/${json.id}`)).status).toBe(404);
});

test('commands GitLab knows and the twin does not go out of the text too', async () => {
  const { as } = await startOpened();
  const { json } = await as('developer', 'POST', notes, { body: 'a\n/milestone %1' });
  expect(json).toMatchObject({ body: 'a', commands_changes: {} });
});

test('in a locked discussion only members write', async () => {
  const { as } = await startOpened({ visibility: 'public' });
  expect((await as('stranger', 'POST', notes, { body: 'hi' })).status).toBe(201);
  await as('developer', 'POST', notes, { body: '/lock' });
  expect((await as('stranger', 'POST', notes, { body: 'hi' })).status).toBe(403);
  expect((await as('guest', 'POST', notes, { body: 'hi' })).status).toBe(201);
});

test('a job token that is not let in reads what everybody reads, whoever its user is', async () => {
  const { as, call, world, project, users } = await startOpened({ visibility: 'public' });
  await as('maintainer', 'POST', notes, { body: 'open' });
  const { json } = await as('maintainer', 'POST', notes, { body: 'secret', internal: true });
  const other = addProject(world, { path: 'group/other', creatorId: users.maintainer.id });
  const token = jobToken(world, other, users.maintainer);
  const get = (path: string) => call<Json[]>('GET', `/projects/${project.id}${path}`, { jobToken: token });
  const bodies = async () =>
    (await get(`${notes}?activity_filter=only_comments`)).json.map(({ body }) => body);
  expect(await bodies()).toEqual(['open']);
  expect((await get(`${notes}/${json.id}`)).status).toBe(404);
  project.jobTokenAllowlist.add(other.id);
  expect(await bodies()).toEqual(['secret', 'open']);
});
