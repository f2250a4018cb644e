import { expect, test } from 'vitest';
import { commitsRoutes } from '../../../components/twin/api/commits.ts';
import { forksRoutes } from '../../../components/twin/api/forks.ts';
import { projectsRoutes } from '../../../components/twin/api/projects.ts';
import { type Json, startRepository } from './repository-setup.ts';

const path = '/projects/group%2Fproject';
const routes = [...forksRoutes, ...projectsRoutes, ...commitsRoutes];

test('whoever reads the code forks it into their namespace, with all history and no settings of secrets', async () => {
  const { call, as, first, world, project } = await startRepository(routes);
  const token = as('reporter');
  const fork = await call<Json>('POST', `${path}/fork`, { token });
  expect(fork).toMatchObject({
    status: 201,
    json: {
      ...{ path_with_namespace: 'reporter1/project', default_branch: 'main', visibility: 'private' },
      forked_from_project: { id: project.id, path_with_namespace: 'group/project' },
      permissions: { project_access: { access_level: 50 } },
    },
  });
  const commits = await call<Json[]>('GET', `/projects/${fork.json.id}/repository/commits`, { token });
  expect(commits.json.map(({ id }) => id)).toEqual([first]);
  const made = world.projects.get(Number(fork.json.id));
  expect(made?.protectedBranches).toMatchObject([{ name: 'main' }]);
  expect(made?.variables).toEqual([]);
  expect((await call<Json[]>('GET', `${path}/forks`, { token })).json).toMatchObject([{ id: fork.json.id }]);
  expect(await call('GET', path, { token })).toMatchObject({ json: { forks_count: 1 } });
});

test('a fork outlives the project it came from', async () => {
  const { call, as, token: owner, first } = await startRepository(routes);
  const token = as('developer');
  const { json } = await call<Json>('POST', `${path}/fork`, { token, json: { path: 'mine', name: 'Mine' } });
  await call('DELETE', path, { token: owner });
  const fork = await call('GET', '/projects/developer1%2Fmine', { token });
  expect(fork.json).toMatchObject({ name: 'Mine' });
  expect(fork.json).not.toHaveProperty('forked_from_project');
  expect(await call('GET', `/projects/${json.id}/repository/commits/${first}`, { token })).toMatchObject({
    status: 200,
  });
});

test('a taken path, a strange namespace and guests are refused', async () => {
  const { call, as, token } = await startRepository(routes);
  expect(await call('POST', `${path}/fork`, { token })).toMatchObject({ status: 201 });
  expect(await call('POST', `${path}/fork`, { token })).toMatchObject({ status: 409 });
  const json = { namespace_path: 'nobody' };
  expect(await call('POST', `${path}/fork`, { token, json })).toMatchObject({ status: 404 });
  expect(await call('POST', `${path}/fork`, { token: as('guest') })).toMatchObject({ status: 403 });
  expect(await call('POST', `${path}/fork`, { token: as('none') })).toMatchObject({ status: 404 });
});
