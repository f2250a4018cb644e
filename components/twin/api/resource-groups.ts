import { onProject } from '../server/on-project.ts';
import { notFound } from '../server/reply.ts';
import type { Access, ProjectCall, Route } from '../server/types.ts';
import type { Job, ResourceGroup } from '../world/pipeline.ts';
import { wordOf } from './given.ts';
import { jobJson, jobsJson } from './json/job.ts';

const read: Access = { role: 'developer' };
const all = '/projects/:id/resource_groups';
const modes = ['unordered', 'oldest_first', 'newest_first', 'newest_ready_first'] as const;

/** Source: docs.gitlab.com/api/resource_groups */
export const resourceGroupsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: all,
    access: read,
    handle: onProject(({ project }) => ({ list: [...project.resourceGroups.values()].map(groupJson) })),
  },
  {
    method: 'GET',
    path: `${all}/:key`,
    access: read,
    handle: onProject((call) => ({ json: groupJson(groupOf(call)) })),
  },
  {
    method: 'PUT',
    path: `${all}/:key`,
    access: { role: 'developer' },
    handle: onProject((call) => {
      const group = groupOf(call);
      group.processMode = wordOf(call.body.process_mode, modes) ?? group.processMode;
      return { json: groupJson(group) };
    }),
  },
  {
    method: 'GET',
    path: `${all}/:key/current_job`,
    access: read,
    handle: onProject(async (call) => {
      const job = call.twin.world.jobs.get(groupOf(call).heldBy ?? 0);
      if (job === undefined) throw notFound();
      return { json: await jobJson(call.twin, job) };
    }),
  },
  {
    method: 'GET',
    path: `${all}/:key/upcoming_jobs`,
    access: read,
    handle: onProject(async (call) => ({ list: await jobsJson(call.twin, waiting(call, groupOf(call))) })),
  },
];

function groupOf({ project, params }: ProjectCall): ResourceGroup {
  const group = project.resourceGroups.get(params.key ?? '');
  if (group === undefined) throw notFound();
  return group;
}

/** Jobs that wait for the group, in the order of its mode. */
function waiting({ twin, project }: ProjectCall, { key, processMode }: ResourceGroup): Job[] {
  const sign = processMode === 'newest_first' || processMode === 'newest_ready_first' ? -1 : 1;
  return [...twin.world.jobs.values()]
    .filter(({ projectId, resourceGroup }) => projectId === project.id && resourceGroup === key)
    .filter(({ status }) => status === 'waiting_for_resource')
    .sort((a, b) => sign * (a.pipelineId - b.pipelineId));
}

function groupJson({ id, key, processMode, createdAt }: ResourceGroup): Readonly<Record<string, unknown>> {
  return { id, key, process_mode: processMode, created_at: createdAt, updated_at: createdAt };
}
