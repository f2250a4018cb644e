import type { FailureReason, Job, JobStatus } from '../../world/pipeline.ts';
import { timeOf } from '../../world/world.ts';
import { followDeployment } from './environments.ts';
import { releaseResource } from './resource-groups.ts';
import { isComplete, type Scheduler } from './state.ts';

/** Gives a job another status, with all that follows from it: times, deployment, resource group, another look. */
export function moveJob(scheduler: Scheduler, job: Job, status: JobStatus): void {
  const now = timeOf(scheduler.world);
  job.status = status;
  if (status === 'pending') {
    job.queuedAt = now;
    scheduler.queue.push(job);
  }
  if (status === 'running') job.startedAt ??= now;
  if (status !== 'created') scheduler.immediate.delete(job.id);
  if (status !== 'scheduled') scheduler.startsAt.delete(job.id);
  if (status === 'failed') scheduler.failed.add(job);
  if (isComplete(job)) {
    if (status !== 'skipped') job.finishedAt = now;
    releaseResource(scheduler, job);
  }
  followDeployment(scheduler.world, job);
  scheduler.dirty.add(job.pipelineId);
}

export function failJob(scheduler: Scheduler, job: Job, reason: FailureReason): void {
  job.failureReason = reason;
  moveJob(scheduler, job, 'failed');
}
