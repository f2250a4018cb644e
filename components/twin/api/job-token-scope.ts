import { onProject } from '../server/on-project.ts';
import { invalidRecord, notFound } from '../server/reply.ts';
import type { Access, Route } from '../server/types.ts';
import { canSee } from '../world/access.ts';
import { userOf } from './find-in-call.ts';
import { flagOf, numberOf } from './given.ts';
import { simpleProjectJson } from './json/project.ts';

const access: Access = { role: 'maintainer', anonymous: false };
const scope = '/projects/:id/job_token_scope';

/** Which other projects' job tokens may come in. Source: docs.gitlab.com/api/project_job_token_scopes */
export const jobTokenScopeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: scope,
    access,
    handle: onProject(({ project }) => ({
      json: { inbound_enabled: project.settings.ci_job_token_scope_enabled, outbound_enabled: false },
    })),
  },
  {
    method: 'PATCH',
    path: scope,
    access,
    handle: onProject((call) => {
      const { settings } = call.project;
      settings.ci_job_token_scope_enabled = flagOf(call.body.enabled) ?? settings.ci_job_token_scope_enabled;
      return { status: 204 };
    }),
  },
  {
    method: 'GET',
    path: `${scope}/allowlist`,
    access,
    handle: onProject(({ twin, project }) => ({
      // A project is always on its own list.
      list: [project.id, ...project.jobTokenAllowlist].flatMap((id) => {
        const allowed = twin.world.projects.get(id);
        return allowed === undefined ? [] : [simpleProjectJson(twin.world, allowed)];
      }),
    })),
  },
  {
    method: 'GET',
    path: `${scope}/groups_allowlist`,
    access,
    handle: onProject(({ twin, project }) => ({
      // Groups are mere paths here: they have no numbers of their own.
      list: [...project.jobTokenGroups].map((path, index) => ({
        ...{ id: index + 1, web_url: `${twin.world.url}/groups/${path}`, name: path.split('/').at(-1) },
      })),
    })),
  },
  {
    method: 'POST',
    path: `${scope}/allowlist`,
    access,
    handle: onProject((call) => {
      const { world } = call.twin;
      const target = world.projects.get(numberOf(call.body.target_project_id) ?? 0);
      if (target === undefined || !canSee(userOf(call), target)) throw notFound('Target_project_id');
      const { id, jobTokenAllowlist } = call.project;
      if (target.id === id || jobTokenAllowlist.has(target.id))
        throw invalidRecord('This project is already in the job token allowlist.', 422);
      jobTokenAllowlist.add(target.id);
      return { json: simpleProjectJson(world, target), status: 201 };
    }),
  },
  {
    method: 'DELETE',
    path: `${scope}/allowlist/:target_project_id`,
    access,
    handle: onProject(({ project, params }) => {
      const removed = project.jobTokenAllowlist.delete(Number(params.target_project_id));
      if (!removed) throw notFound();
      return { status: 204 };
    }),
  },
];
