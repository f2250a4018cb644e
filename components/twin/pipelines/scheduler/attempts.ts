import type { GivenVariable, Job, Pipeline } from '../../world/pipeline.ts';
import { timeOf } from '../../world/world.ts';
import { type Considered, stageIndex } from './decide.ts';
import { strategyOf, upstreamOf } from './hierarchy.ts';
import { moveJob } from './move.ts';
import { consider, isComplete, pipelineOf, plannedOf, type Scheduler, specOf } from './state.ts';

/** What of an attempt its successor starts without. */
const unstarted = {
  ...{ status: 'created', retried: false, failureReason: undefined, exitCode: undefined, trace: '' },
  ...{ queuedAt: undefined, startedAt: undefined, finishedAt: undefined, artifacts: undefined, dotenv: [] },
  ...{ coverage: undefined, downstreamPipelineId: undefined },
} as const satisfies Partial<Job>;

/** A new attempt of a job in the place of the old one, created and not yet looked at. */
export function newAttempt(
  scheduler: Scheduler,
  job: Job,
  change: {
    readonly userId?: number;
    readonly variables?: readonly GivenVariable[];
    readonly immediate: boolean;
  },
): Job {
  const { world } = scheduler;
  const spec = specOf(plannedOf(scheduler, job), job);
  const { erasedAt: _, ...kept } = job;
  const attempt: Job = {
    ...kept,
    ...unstarted,
    ...{ id: world.nextId('job'), createdAt: timeOf(world), userId: change.userId ?? job.userId },
    // Exit codes decide anew.
    allowFailure: typeof spec.allowFailure === 'boolean' ? spec.allowFailure : false,
    playVariables: change.variables?.length ? change.variables : job.playVariables,
  };
  job.retried = true;
  world.jobs.set(attempt.id, attempt);
  pipelineOf(world, job).jobs.push(attempt);
  if (change.immediate) scheduler.immediate.add(attempt.id);
  scheduler.dirty.add(job.pipelineId);
  return attempt;
}

/**
 * Makes skipped jobs that come after a job created again, since it now runs (once more): those of later stages, and
 * those that need it, directly or not. The trigger job above waits again too. Source: reset_skipped_jobs_service.rb.
 */
export function reopenAfter(scheduler: Scheduler, job: Job): void {
  const planned = plannedOf(scheduler, job);
  const jobs = consider(planned.pipeline, planned, scheduler.immediate);
  const dependents = dependentsOf(job.name, jobs);
  const { stages } = planned;
  const stage = stageIndex(stages, job.stage);
  for (const { job: other, name } of jobs) {
    if (other.status !== 'skipped' || other.id === job.id) continue;
    if (dependents.has(name) || stageIndex(stages, other.stage) > stage) reopen(scheduler, other);
  }
  resetUpstream(scheduler, planned.pipeline);
}

/** A trigger job that waits for its pipeline waits again when that has been reopened. */
export function resetUpstream(scheduler: Scheduler, pipeline: Pipeline): void {
  const job = upstreamOf(scheduler.world, pipeline);
  if (job === undefined || job.retried || strategyOf(scheduler, job) === 'none') return;
  if (!isComplete(job) && job.status !== 'manual') return;
  job.failureReason = undefined;
  job.finishedAt = undefined;
  moveJob(scheduler, job, 'running');
  reopenAfter(scheduler, job);
}

/** Makes a skipped job created again. */
export function reopen(scheduler: Scheduler, job: Job): void {
  moveJob(scheduler, job, 'created');
}

function dependentsOf(name: string, jobs: readonly Considered[]): ReadonlySet<string> {
  const names = new Set<string>();
  const open = [name];
  for (let needed = open.pop(); needed !== undefined; needed = open.pop()) {
    for (const other of jobs) {
      if (names.has(other.name) || other.needs?.includes(needed) !== true) continue;
      names.add(other.name);
      open.push(other.name);
    }
  }
  return names;
}
