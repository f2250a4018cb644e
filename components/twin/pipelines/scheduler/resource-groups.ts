import type { Job, Pipeline, ResourceGroup } from '../../world/pipeline.ts';
import type { Project } from '../../world/project.ts';
import { timeOf, type World } from '../../world/world.ts';
import { projectOf, type Scheduler } from './state.ts';

/** Makes the groups that jobs of a new pipeline name and the project does not have yet. */
export function ensureResourceGroups(world: World, pipeline: Pipeline): void {
  const { resourceGroups } = projectOf(world, pipeline);
  for (const { resourceGroup: key } of pipeline.jobs) {
    if (key === undefined || resourceGroups.has(key)) continue;
    resourceGroups.set(key, {
      ...{ id: world.nextId('resource_group'), key, processMode: 'unordered', heldBy: undefined },
      createdAt: timeOf(world),
    });
  }
}

/** Every attempt holds the group until its own end; a retry waits for it again, as in GitLab. */
export function releaseResource({ world }: Scheduler, job: Job): void {
  if (job.resourceGroup === undefined) return;
  const group = projectOf(world, job).resourceGroups.get(job.resourceGroup);
  if (group?.heldBy === job.id) group.heldBy = undefined;
}

/** The waiting jobs that get a free group now; each is its holder from here on. */
export function assignResources({ world }: Scheduler): readonly Job[] {
  const assigned: Job[] = [];
  for (const project of world.projects.values()) {
    for (const group of project.resourceGroups.values()) {
      if (group.heldBy !== undefined) continue;
      const next = nextOf(world, project, group);
      if (next?.status !== 'waiting_for_resource') continue;
      group.heldBy = next.id;
      assigned.push(next);
    }
  }
  return assigned;
}

/**
 * The job whose turn it is. Where the group has an order, that may be one which does not wait for it yet, and then
 * nobody gets it. Source: docs.gitlab.com/ci/resource_groups, app/models/ci/resource_group.rb.
 */
export function nextOf(world: World, project: Project, group: ResourceGroup): Job | undefined {
  const { processMode } = group;
  const ordered = processMode === 'oldest_first' || processMode === 'newest_first';
  const candidates = [...world.pipelines.values()]
    .filter(({ projectId }) => projectId === project.id)
    .flatMap(({ jobs }) => jobs)
    .filter(({ resourceGroup, retried }) => resourceGroup === group.key && !retried)
    .filter(({ status }) => status === 'waiting_for_resource' || (ordered && isUpcoming(status)));
  const newestFirst = processMode === 'newest_first' || processMode === 'newest_ready_first';
  return candidates.toSorted((a, b) => {
    const byPipeline = processMode === 'unordered' ? 0 : a.pipelineId - b.pipelineId;
    return (newestFirst ? -byPipeline : byPipeline) || readiness(a) - readiness(b) || a.id - b.id;
  })[0];
}

function isUpcoming(status: Job['status']): boolean {
  return status === 'created' || status === 'scheduled';
}

/** Within a pipeline the one that is ready goes first, whatever its stage: nothing waits for itself. */
function readiness({ status }: Job): number {
  return status === 'waiting_for_resource' ? 0 : 1;
}
