import { expect, test } from 'vitest';
import { commitsRoutes } from '../../../components/twin/api/commits.ts';
import { openMergeRequest } from '../../../components/twin/review/open-merge-request.ts';
import { protectBranch } from '../server/harness.ts';
import { jobToken } from '../server/people.ts';
import { type Json, startRepository } from './repository-setup.ts';

const path = '/projects/group%2Fproject/repository/commits';
const create = (file_path: string, content = 'x') => ({ action: 'create', file_path, content });

async function setUp() {
  const all = await startRepository(commitsRoutes);
  const commit = (actions: unknown, more: object = {}, token = all.token) =>
    all.call<Json>('POST', path, {
      token,
      json: { branch: 'main', commit_message: 'Change', actions, ...more },
    });
  return { ...all, commit };
}

test('a commit of several changes is written, told and read again', async () => {
  const { call, commit, token, first, twin, project } = await setUp();
  const made = await commit([
    { ...create('logo.png', Buffer.from([0, 255, 10]).toString('base64')), encoding: 'base64' },
    { action: 'update', file_path: 'README.md', content: '# Hello\nyou\n' },
    { action: 'move', file_path: 'src/b.txt', previous_path: 'src/a b.txt' },
    { action: 'chmod', file_path: 'README.md', execute_filemode: true },
  ]);
  expect(made).toMatchObject({
    status: 201,
    json: {
      ...{
        title: 'Change',
        message: 'Change',
        parent_ids: [first],
        author_name: 'Ada',
        project_id: project.id,
      },
      stats: { additions: 1, deletions: 0, total: 1 },
    },
  });
  const sha = String(made.json.id);
  expect(made.json.short_id).toBe(sha.slice(0, 8));
  expect(made.json.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+00:00$/);
  expect(await twin.repositories.blob(project, sha, 'logo.png')).toEqual(Buffer.from([0, 255, 10]));
  const diff = await call<Json[]>('GET', `${path}/main/diff`, { token });
  expect(diff.json.map(({ new_path, b_mode }) => [new_path, b_mode])).toEqual([
    ['README.md', '100755'],
    ['logo.png', '100644'],
    ['src/b.txt', '100644'],
  ]);
  expect(diff.json[2]).toMatchObject({ old_path: 'src/a b.txt', renamed_file: true, diff: '' });
});

test('the list is newest first and is narrowed by branch, path and time', async () => {
  const { call, commit, token, first } = await setUp();
  const second = (await commit([create('new.txt')])).json.id;
  const list = async (query = {}) =>
    (await call<Json[]>('GET', path, { token, query })).json.map(({ id }) => id);
  expect(await list()).toEqual([second, first]);
  expect(await list({ path: 'README.md' })).toEqual([first]);
  expect(await list({ ref_name: first })).toEqual([first]);
  expect(await list({ since: '2099-01-01T00:00:00Z' })).toEqual([]);
  expect(await list({ per_page: 1, page: 2 })).toEqual([first]);
  expect(await call('GET', path, { token, query: { ref_name: '--all' } })).toMatchObject({ status: 404 });
  expect(await call('GET', path, { token, query: { since: 'soon' } })).toMatchObject({ status: 400 });
});

test('a new branch begins where it is told', async () => {
  const { commit, first, twin, project } = await setUp();
  await commit([create('new.txt')]);
  const refused = 'You can only create or edit files when you are on a branch';
  expect(await commit([create('x')], { branch: 'topic' })).toMatchObject({ json: { message: refused } });
  const topic = { branch: 'topic', start_sha: first };
  expect(await commit([create('x')], topic)).toMatchObject({ status: 201, json: { parent_ids: [first] } });
  expect(await commit([create('y')], topic)).toMatchObject({ status: 400 });
  expect(await commit([create('y')], { ...topic, force: true })).toMatchObject({
    ...{ status: 201, json: { parent_ids: [first] } },
  });
  const main = await twin.repositories.resolve(project, 'main');
  const other = await commit([create('z')], { branch: 'other', start_branch: 'main' });
  expect(other.json.parent_ids).toEqual([main]);
});

test('a file that has changed since is not overwritten', async () => {
  const { commit, first } = await setUp();
  const update = { action: 'update', file_path: 'README.md', content: 'mine', last_commit_id: first };
  expect(await commit([update])).toMatchObject({ status: 201 });
  expect(await commit([update])).toMatchObject({
    status: 400,
    json: { message: 'You are attempting to update a file that has changed since you started editing it.' },
  });
});

test.each([
  [[create('README.md')], 'A file with this name already exists'],
  [[{ action: 'delete', file_path: 'none' }], "A file with this name doesn't exist"],
  [[create('../../etc/passwd')], 'Path cannot include directory traversal'],
])('%j is refused', async (actions, message) => {
  const { commit } = await setUp();
  expect(await commit(actions)).toMatchObject({ status: 400, json: { message } });
});

test('a protected branch takes commits of those only whom its rule names', async () => {
  const { world, project, commit, as } = await setUp();
  protectBranch(world, project, 'main');
  const developer = as('developer');
  expect(await commit([create('a')], {}, developer)).toMatchObject({
    status: 403,
    json: { message: '403 Forbidden - You are not allowed to push into this branch' },
  });
  const topic = { branch: 'topic', start_branch: 'main' };
  expect(await commit([create('a')], topic, developer)).toMatchObject({ status: 201 });
  expect(await commit([create('a')], {}, as('maintainer'))).toMatchObject({ status: 201 });
  expect(await commit([create('b')], {}, as('reporter'))).toMatchObject({ status: 403 });
  const force = { start_branch: 'topic', force: true };
  expect(await commit([create('c')], force)).toMatchObject({
    status: 400,
    json: { message: expect.stringContaining('not allowed to force push') },
  });
});

test('a commit tells which branches and tags have it', async () => {
  const { call, commit, token, first, twin, project } = await setUp();
  await commit([create('x')], { branch: 'topic', start_branch: 'main' });
  await twin.repositories.updateRef(project, 'refs/tags/v1', first, undefined);
  const { json } = await call('GET', `${path}/${first}/refs`, { token });
  expect(json).toEqual([
    { type: 'branch', name: 'main' },
    { type: 'branch', name: 'topic' },
    { type: 'tag', name: 'v1' },
  ]);
  expect((await call('GET', `${path}/${first}/refs?type=tag`, { token })).json).toHaveLength(1);
});

test('a commit tells which merge requests bring it', async () => {
  const { call, commit, token, first, twin, project, ada } = await setUp();
  const sha = String((await commit([create('x')], { branch: 'topic', start_branch: 'main' })).json.id);
  const branches = { sourceBranch: 'topic', targetBranch: 'main', title: 'Topic', description: '' };
  await openMergeRequest(twin, ada, { source: project, target: project, ...branches });
  const list = async (of: string, query = {}) =>
    (await call<Json[]>('GET', `${path}/${of}/merge_requests`, { token, query })).json.map(({ iid }) => iid);
  expect(await list(sha)).toEqual([1]);
  expect(await list(sha, { state: 'merged' })).toEqual([]);
  expect(await list(first)).toEqual([]);
});

test('guests of a private project see no code, and job tokens read only', async () => {
  const { call, as, world, project, ada, first } = await setUp();
  expect(await call('GET', path, { token: as('guest') })).toMatchObject({ status: 403 });
  expect(await call('GET', path, { token: as('reporter', 'read_api') })).toMatchObject({ status: 200 });
  expect(await call('GET', path)).toMatchObject({ status: 404 });
  const job = { jobToken: jobToken(world, project, ada) };
  expect(await call('GET', `${path}/${first}`, job)).toMatchObject({ status: 200 });
  const json = { branch: 'main', commit_message: 'x', actions: [create('x')] };
  expect(await call('POST', path, { ...job, json })).toMatchObject({ status: 401 });
  expect(await call('GET', `${path}/none`, job)).toMatchObject({ json: { message: '404 Commit Not Found' } });
});

test('commits at the same time do not lose each other', async () => {
  const { commit, twin, project } = await setUp();
  const made = await Promise.all(['a', 'b', 'c', 'd'].map((name) => commit([create(name)])));
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  expect(await twin.repositories.log(project, { from: 'main' })).toHaveLength(5);
});
