import { onProject } from '../server/on-project.ts';
import { forbidden } from '../server/reply.ts';
import type { Access, Call, Route } from '../server/types.ts';
import { isAtLeastRole } from '../world/access.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { Runner } from '../world/runner.ts';
import type { World } from '../world/world.ts';
import { recordOf, userOf } from './find-in-call.ts';
import { flagOf, textOf } from './given.ts';
import { namespaceOf, simpleProjectJson } from './json/project.ts';

const source = 'docs.gitlab.com/api/runners';
const text = { type: 'string' };
const filters = {
  type: { enum: ['instance_type', 'group_type', 'project_type'] },
  status: { enum: ['online', 'offline', 'stale', 'never_contacted', 'active', 'paused'] },
  paused: { type: 'boolean' },
  ...{ scope: text, tag_list: text, version_prefix: text },
};
const maintainers: Access = { role: 'maintainer', anonymous: false };

export const runnersRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects/:id/runners',
    access: maintainers,
    schema: { source, query: filters },
    handle: onProject(({ twin, project, query }) => {
      const paused = flagOf(query.paused);
      const [type, status] = [textOf(query.type), textOf(query.status)];
      const found = runnersOf(twin.world, project).filter(
        (runner) =>
          (type === undefined || runner.type === type) &&
          (status === undefined || runner.status === status) &&
          (paused === undefined || runner.paused === paused),
      );
      return { list: found.map(runnerJson) };
    }),
  },
  {
    method: 'GET',
    path: '/runners/:id',
    access: { role: 'user' },
    schema: { source },
    handle: (call) => ({ json: detailsJson(call, visibleRunner(call)) }),
  },
];

/** Its own, those of the groups above it, and the instance's where it takes them. */
function runnersOf({ runners }: World, project: Project): readonly Runner[] {
  const { shared_runners_enabled: takesShared, group_runners_enabled: takesGroups } = project.settings;
  return [...runners.values()].filter(({ type, projectIds, group = '' }) => {
    if (type === 'project_type') return projectIds.has(project.id);
    if (type === 'instance_type') return takesShared;
    return takesGroups && `${namespaceOf(project)}/`.startsWith(`${group}/`);
  });
}

/** @throws Refusal 404, and 403 for whoever is no maintainer of a project or group it is for */
function visibleRunner(call: Call): Runner {
  const runner = recordOf(call, call.twin.world.runners, 'id', 'Runner');
  if (runner.type === 'instance_type' || projectsOf(call, runner, userOf(call)).length > 0) return runner;
  throw forbidden();
}

function projectsOf({ twin }: Call, { projectIds }: Runner, user: User): readonly Project[] {
  return [...projectIds].flatMap((id) => {
    const project = twin.world.projects.get(id);
    return project !== undefined && isAtLeastRole(user, project, 'maintainer') ? [project] : [];
  });
}

function runnerJson({ id, description, type, paused, status }: Runner): Readonly<Record<string, unknown>> {
  return {
    ...{ id, description, ip_address: null, active: !paused, paused, is_shared: type === 'instance_type' },
    ...{ runner_type: type, name: 'gitlab-runner', online: status === 'online', status },
  };
}

function detailsJson(call: Call, runner: Runner): Readonly<Record<string, unknown>> {
  const { tags, runUntagged, locked, accessLevel, type } = runner;
  const projects = type === 'project_type' ? projectsOf(call, runner, userOf(call)) : [];
  return {
    ...runnerJson(runner),
    ...{ tag_list: tags, run_untagged: runUntagged, locked, access_level: accessLevel },
    ...{ maximum_timeout: null, contacted_at: null, maintenance_note: null },
    projects: projects.map((project) => simpleProjectJson(call.twin.world, project)),
    groups: [],
  };
}
