import type { Job, Pipeline } from '../../world/pipeline.ts';
import { downstreamOf } from './hierarchy.ts';
import { nextOf } from './resource-groups.ts';
import { pipelineOf, projectOf, type Scheduler } from './state.ts';

/**
 * Resolves once nothing of a pipeline, and of what it triggered, runs or goes on without a hand. What waits for a
 * manual job, for an approval, for a status from outside or for the hour of a delayed job counts as settled.
 */
export function settled(scheduler: Scheduler, pipeline: Pipeline): Promise<void> {
  return new Promise((resolve) => {
    scheduler.waiters.add({ pipeline, resolve });
    tellWaiters(scheduler);
  });
}

export function tellWaiters(scheduler: Scheduler): void {
  for (const waiter of scheduler.waiters) {
    if (isMoving(scheduler, waiter.pipeline, new Set())) continue;
    scheduler.waiters.delete(waiter);
    waiter.resolve();
  }
}

function isMoving(scheduler: Scheduler, pipeline: Pipeline, seen: Set<number>): boolean {
  if (seen.has(pipeline.id)) return false;
  seen.add(pipeline.id);
  if (pipeline.jobs.some((job) => moves(scheduler, job, seen))) return true;
  return downstreamOf(scheduler.world, pipeline).some((below) => isMoving(scheduler, below, seen));
}

function moves(scheduler: Scheduler, job: Job, seen: Set<number>): boolean {
  // What a runner has is not over before the runner says so.
  if (scheduler.running.has(job.id)) return true;
  if (job.kind === 'status' || job.retried || scheduler.broken.has(job.pipelineId)) return false;
  if (job.status === 'waiting_for_resource') return comesToItsResource(scheduler, job, seen);
  if (job.status === 'pending') return true;
  // A trigger job without a pipeline is about to make it; with one it moves as that does.
  return job.kind === 'bridge' && job.status === 'running' && job.downstreamPipelineId === undefined;
}

/** A job that waits for a resource moves as the job that has it, or whose turn it is. */
function comesToItsResource(scheduler: Scheduler, job: Job, seen: Set<number>): boolean {
  const { world } = scheduler;
  const project = projectOf(world, job);
  const group = project.resourceGroups.get(job.resourceGroup ?? '');
  if (group === undefined) return false;
  const before = group.heldBy === undefined ? nextOf(world, project, group) : world.jobs.get(group.heldBy);
  if (before === undefined) return false;
  if (before.kind === 'build' && scheduler.running.has(before.id)) return true;
  return before.pipelineId === job.pipelineId
    ? before.id !== job.id && moves(scheduler, before, seen)
    : isMoving(scheduler, pipelineOf(world, before), seen);
}
