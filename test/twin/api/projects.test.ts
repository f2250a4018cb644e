import { expect, test } from 'vitest';
import { projectsRoutes } from '../../../components/twin/api/projects.ts';
import { addProject } from '../server/harness.ts';
import { type Json, startRepository } from './repository-setup.ts';

const path = '/projects/group%2Fproject';

test('a project tells what it is, where it is and what the caller may do', async () => {
  const { call, token, as, url } = await startRepository(projectsRoutes);
  const { json } = await call<Json>('GET', path, { token });
  expect(json).toMatchObject({
    ...{ id: 1, name: 'project', path: 'project', path_with_namespace: 'group/project' },
    ...{ name_with_namespace: 'group / project', default_branch: 'main', visibility: 'private' },
    ...{ web_url: `${url}/group/project`, http_url_to_repo: `${url}/group/project.git` },
    ...{ ssh_url_to_repo: 'git@127.0.0.1:group/project.git', ci_config_path: '.gitlab-ci.yml' },
    ...{ only_allow_merge_if_pipeline_succeeds: false, build_timeout: 3600, empty_repo: false },
    namespace: { kind: 'group', full_path: 'group', path: 'group' },
    permissions: { project_access: { access_level: 50 }, group_access: null },
  });
  expect(await call('GET', '/projects/1', { token: as('guest') })).toMatchObject({ status: 200 });
  expect((await call<Json>('GET', path, { token: as('guest') })).json).not.toHaveProperty('ci_config_path');
  expect(await call('GET', path)).toMatchObject({ status: 404, json: { message: '404 Project Not Found' } });
});

test('the list has what the caller can see, narrowed as asked', async () => {
  const { call, token, as, world, ada } = await startRepository(projectsRoutes);
  addProject(world, { path: 'group/open', creatorId: ada.id, visibility: 'public' });
  addProject(world, { path: 'other/inner', creatorId: ada.id, visibility: 'internal' });
  const stranger = as('none');
  const list = async (by: string | undefined, query: object = {}) => {
    const { json } = await call<Json[]>('GET', '/projects', { token: by, query: { ...query } });
    return json.map((project) => project.path_with_namespace);
  };
  expect(await list(token)).toEqual(['other/inner', 'group/open', 'group/project']);
  expect(await list(stranger)).toEqual(['other/inner', 'group/open']);
  expect(await list(undefined)).toEqual(['group/open']);
  expect(await list(stranger, { membership: true })).toEqual([]);
  expect(await list(token, { owned: true, search: 'PRO' })).toEqual(['group/project']);
  expect(await list(token, { visibility: 'internal' })).toEqual(['other/inner']);
  expect(await list(token, { order_by: 'path', sort: 'asc' })).toEqual([
    'group/open',
    'group/project',
    'other/inner',
  ]);
  const simple = await call<Json[]>('GET', '/projects', { token, query: { simple: true } });
  expect(simple.json[0]).not.toHaveProperty('permissions');
});

test('a new project is in its creator’s namespace or in a group of theirs', async () => {
  const { call, token, as } = await startRepository(projectsRoutes);
  const create = (json: object, by = token) => call<Json>('POST', '/projects', { token: by, json });
  const made = await create({
    name: 'My Tool',
    visibility: 'public',
    merge_method: 'ff',
    initialize_with_readme: true,
  });
  expect(made).toMatchObject({
    status: 201,
    json: {
      ...{
        path_with_namespace: 'ada/my-tool',
        visibility: 'public',
        merge_method: 'ff',
        default_branch: 'main',
      },
      namespace: { kind: 'user', full_path: 'ada' },
    },
  });
  expect(await create({ path: 'my-tool' })).toMatchObject({
    ...{ status: 400, json: { message: { path: ['has already been taken'] } } },
  });
  expect(await create({ path: 'new', namespace_id: 1 })).toMatchObject({
    json: { path_with_namespace: 'group/new', default_branch: null, empty_repo: true },
  });
  expect(await create({ path: 'new', namespace_id: 1 }, as('developer'))).toMatchObject({ status: 404 });
  expect(await create({ path: '../x' })).toMatchObject({ status: 400 });
  expect(await create({})).toMatchObject({ status: 400 });
  expect(await create({ name: 'x', visibility: 'hidden' })).toMatchObject({ status: 400 });
});

test('maintainers change settings, owners the visibility', async () => {
  const { call, token, as, project, twin, first } = await startRepository(projectsRoutes);
  const change = (json: object, by = token) => call<Json>('PUT', path, { token: by, json });
  const settings = {
    ...{ only_allow_merge_if_pipeline_succeeds: true, ci_config_path: 'ci/main.yml', build_timeout: 7200 },
    ...{ ci_pipeline_variables_minimum_override_role: 'no_one_allowed', squash_option: 'always' },
  };
  expect(await change(settings, as('maintainer'))).toMatchObject({ status: 200, json: settings });
  expect(project.settings).toMatchObject(settings);
  expect(await change({ description: 'x' }, as('developer'))).toMatchObject({ status: 403 });
  expect(await change({ visibility: 'public' }, as('maintainer'))).toMatchObject({ status: 400 });
  expect(await change({ visibility: 'public' })).toMatchObject({ json: { visibility: 'public' } });
  expect(await change({ merge_method: 'magic', description: 'y' })).toMatchObject({ status: 400 });
  expect(project.description).toBe('');
  expect(await change({ default_branch: 'none' })).toMatchObject({ status: 400 });
  await twin.repositories.updateRef(project, 'refs/heads/trunk', first, undefined);
  expect(await change({ default_branch: 'trunk' })).toMatchObject({ json: { default_branch: 'trunk' } });
  expect(await change({ wiki_enabled: false })).toMatchObject({ status: 400 });
});

test('an owner deletes it', async () => {
  const { call, token, as } = await startRepository(projectsRoutes);
  expect(await call('DELETE', path, { token: as('maintainer') })).toMatchObject({ status: 403 });
  expect(await call('DELETE', path, { token })).toMatchObject({
    status: 202,
    json: { message: '202 Accepted' },
  });
  expect(await call('GET', path, { token })).toMatchObject({ status: 404 });
});
