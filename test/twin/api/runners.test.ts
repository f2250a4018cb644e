import { expect, test } from 'vitest';
import { jobTokenScopeRoutes } from '../../../components/twin/api/job-token-scope.ts';
import { projectsRoutes } from '../../../components/twin/api/projects.ts';
import { runnersRoutes } from '../../../components/twin/api/runners.ts';
import { triggersRoutes } from '../../../components/twin/api/triggers.ts';
import type { Runner } from '../../../components/twin/world/runner.ts';
import { addTriggerToken } from '../../../components/twin/world/seed.ts';
import { startCi } from './ci-project.ts';

const made: Omit<Runner, 'id' | 'type' | 'projectIds'> = {
  ...{ description: 'ours', paused: false, status: 'online', locked: true },
  ...{ tags: ['linux'], runUntagged: false, accessLevel: 'ref_protected' },
};

test('a project has runners of its own, of its groups and of the instance, as far as it takes them', async () => {
  const { call, at, tokens, world, project } = await startCi(runnersRoutes);
  world.runners.set(2, { ...made, id: 2, type: 'project_type', projectIds: new Set([project.id]) });
  world.runners.set(3, { ...made, id: 3, type: 'group_type', projectIds: new Set(), group: 'acme' });
  world.runners.set(4, { ...made, id: 4, type: 'group_type', projectIds: new Set(), group: 'ac' });
  world.runners.set(5, { ...made, id: 5, type: 'project_type', projectIds: new Set() });
  const seen = async (query = '') => {
    const { json } = await call<{ id: number }[]>('GET', `${at}/runners${query}`, {
      token: tokens.maintainer,
    });
    return json.map(({ id }) => id);
  };
  expect(await seen()).toEqual([1, 2, 3]);
  expect(await seen('?type=group_type&status=online&paused=false')).toEqual([3]);
  Object.assign(project.settings, { shared_runners_enabled: false, group_runners_enabled: false });
  expect(await seen()).toEqual([2]);
  expect((await call('GET', `${at}/runners`, { token: tokens.developer })).status).toBe(403);
});

test('a runner tells its tags to maintainers of its project, and one of the instance to everybody', async () => {
  const { call, tokens, world, project } = await startCi(runnersRoutes);
  world.runners.set(2, { ...made, id: 2, type: 'project_type', projectIds: new Set([project.id]) });
  const own = await call('GET', '/runners/2', { token: tokens.maintainer });
  expect(own.json).toMatchObject({
    ...{
      runner_type: 'project_type',
      tag_list: ['linux'],
      run_untagged: false,
      access_level: 'ref_protected',
    },
    projects: [{ id: project.id }],
  });
  expect((await call('GET', '/runners/2', { token: tokens.developer })).status).toBe(403);
  expect((await call('GET', '/runners/1', { token: tokens.stranger })).json).toMatchObject({ projects: [] });
  expect((await call('GET', '/runners/9', { token: tokens.maintainer })).status).toBe(404);
});

test('what a role and a licence are told of the settings', async () => {
  const told = async (tier: 'free' | 'premium' | 'ultimate', role: 'maintainer' | 'developer') => {
    const { call, at, tokens } = await startCi(projectsRoutes, { tier });
    const { json } = await call<object>('GET', at, { token: tokens[role] });
    const asked = [
      'ci_default_git_depth',
      'merge_trains_enabled',
      'only_allow_merge_if_all_status_checks_passed',
    ];
    return asked.filter((name) => name in json);
  };
  expect(await told('free', 'developer')).toEqual([]);
  expect(await told('free', 'maintainer')).toEqual(['ci_default_git_depth']);
  expect(await told('premium', 'developer')).toEqual(['merge_trains_enabled']);
  expect(await told('ultimate', 'maintainer')).toHaveLength(3);
});

test('settings of forks and clones are changed', async () => {
  const { call, at, tokens, project } = await startCi(projectsRoutes);
  const json = { forking_access_level: 'private', ci_default_git_depth: 0, public_jobs: false };
  expect((await call('PUT', at, { token: tokens.maintainer, json })).status).toBe(200);
  expect(project.settings).toMatchObject(json);
});

test('groups whose job tokens come in are told, and a trigger that is over starts nothing', async () => {
  const { call, at, tokens, world, project, users } = await startCi([
    ...jobTokenScopeRoutes,
    ...triggersRoutes,
  ]);
  project.jobTokenGroups.add('acme/tools');
  const { json } = await call('GET', `${at}/job_token_scope/groups_allowlist`, { token: tokens.maintainer });
  expect(json).toEqual([{ id: 1, web_url: `${world.url}/groups/acme/tools`, name: 'tools' }]);
  const trigger = addTriggerToken(world, project, users.developer, 'old');
  trigger.expiresAt = '2020-01-01T00:00:00.000Z';
  const body = { token: trigger.value, ref: 'main' };
  expect((await call('POST', `${at}/trigger/pipeline`, { json: body })).status).toBe(404);
  expect((await call('GET', `${at}/triggers`, { token: tokens.maintainer })).json).toMatchObject([
    { expires_at: '2020-01-01T00:00:00.000Z' },
  ]);
});
