import { expect, test } from 'vitest';
import { branchesRoutes } from '../../../components/twin/api/branches.ts';
import { protectBranch } from '../server/harness.ts';
import { jobToken } from '../server/people.ts';
import { type Json, startRepository } from './repository-setup.ts';

const path = '/projects/1/repository/branches';

async function setUp() {
  const all = await startRepository(branchesRoutes);
  protectBranch(all.world, all.project, 'main');
  const create = (branch: string, ref = 'main', token = all.token) =>
    all.call<Json>('POST', path, { token, json: { branch, ref } });
  return { ...all, create };
}

test('a branch says what may be done with it', async () => {
  const { call, as, first, url, project } = await setUp();
  const { json } = await call('GET', `${path}/main`, { token: as('developer') });
  expect(json).toMatchObject({
    ...{ name: 'main', merged: false, protected: true, default: true, can_push: false },
    ...{ developers_can_push: false, developers_can_merge: false },
    commit: { id: first, title: 'First' },
    web_url: `${url}/group/project/-/tree/main`,
  });
  for (const rule of project.protectedBranches) rule.pushLevel = 30;
  const opened = await call('GET', `${path}/main`, { token: as('developer') });
  expect(opened.json).toMatchObject({ developers_can_push: true, can_push: true });
});

test('the list is searched by parts, ends and patterns', async () => {
  const { call, token, create } = await setUp();
  for (const name of ['feature/a', 'feature/b', 'fix-main']) await create(name);
  const names = async (query: object = {}) =>
    (await call<Json[]>('GET', path, { token, query: { ...query } })).json.map(({ name }) => name);
  expect(await names()).toEqual(['feature/a', 'feature/b', 'fix-main', 'main']);
  expect(await names({ search: 'MAIN' })).toEqual(['fix-main', 'main']);
  expect(await names({ search: '^main' })).toEqual(['main']);
  expect(await names({ search: '/b$' })).toEqual(['feature/b']);
  expect(await names({ regex: '^f.*[ab]$' })).toEqual(['feature/a', 'feature/b']);
  expect(await call('GET', path, { token, query: { regex: '(' } })).toMatchObject({ status: 400 });
  expect(await names({ per_page: 1, page: 2 })).toEqual(['feature/b']);
});

test('a branch is made from a branch or a commit, told to the twin, and merged until it moves', async () => {
  const { call, token, create, first, project, twin } = await setUp();
  expect(await create('feature/x', first.slice(0, 10))).toMatchObject({
    ...{ status: 201, json: { name: 'feature/x', merged: true, protected: false, commit: { id: first } } },
  });
  expect(await create('feature/x')).toMatchObject({
    status: 400,
    json: { message: 'Branch already exists' },
  });
  expect(await create('y', 'none')).toMatchObject({ json: { message: 'Invalid reference name: none' } });
  for (const name of ['--force', 'a..b', 'a b', 'x.lock', '../x']) {
    expect(await create(name)).toMatchObject({ status: 400, json: { message: 'Branch name is invalid' } });
  }
  const removed = await call('DELETE', `${path}/feature%2Fx`, { token });
  expect(removed.status).toBe(204);
  expect([...(await twin.repositories.branches(project)).keys()]).toEqual(['main']);
});

test('protected branches and the default one are not simply deleted', async () => {
  const { call, token, as, create, world, project } = await setUp();
  await create('stable');
  protectBranch(world, project, 'sta*');
  const remove = (name: string, by: string) => call('DELETE', `${path}/${name}`, { token: by });
  expect(await remove('main', token)).toMatchObject({ status: 405 });
  expect(await remove('stable', as('developer'))).toMatchObject({ status: 403 });
  expect(await remove('none', token)).toMatchObject({ json: { message: '404 Branch Not Found' } });
  expect(await remove('stable', token)).toMatchObject({ status: 204 });
  expect(await create('stage', 'main', as('developer'))).toMatchObject({
    ...{ status: 400, json: { message: expect.stringContaining('create protected branches') } },
  });
});

test('a job token reads and reporters do not write', async () => {
  const { call, as, create, world, project, ada } = await setUp();
  const job = jobToken(world, project, ada);
  expect(await call('GET', path, { jobToken: job })).toMatchObject({ status: 200 });
  expect(await create('x', 'main', as('reporter'))).toMatchObject({ status: 403 });
});
