import type { Job, Pipeline } from '../../world/pipeline.ts';
import { descendantsOf } from './hierarchy.ts';
import { moveJob } from './move.ts';
import type { Scheduler } from './state.ts';

/**
 * Cancels what has not ended: a job that a runner has is `canceling` until the runner lets go of it, others are
 * canceled at once. Jobs that wait for a hand stay. False where there is nothing to cancel.
 */
export function cancelJob(scheduler: Scheduler, job: Job): boolean {
  if (!isCancelable(job)) return false;
  const attempt = scheduler.running.get(job.id);
  if (attempt === undefined) {
    moveJob(scheduler, job, 'canceled');
    return true;
  }
  moveJob(scheduler, job, 'canceling');
  attempt.stop.abort('cancel');
  return true;
}

/** Source: CANCELABLE_STATUSES of app/models/concerns/ci/has_status.rb. */
function isCancelable({ status, retried }: Job): boolean {
  const open: readonly string[] = ['created', 'waiting_for_resource', 'pending', 'running', 'scheduled'];
  return !retried && open.includes(status);
}

/** Cancels the jobs of one pipeline, all or those chosen. */
export function cancelJobs(
  scheduler: Scheduler,
  pipeline: Pipeline,
  chosen: (job: Job) => boolean = () => true,
): void {
  for (const job of pipeline.jobs.filter(chosen)) cancelJob(scheduler, job);
}

/** Cancels a pipeline with its children and theirs; not what it triggered in other projects, as in GitLab. */
export function cancelFamily(scheduler: Scheduler, pipeline: Pipeline): void {
  cancelJobs(scheduler, pipeline);
  for (const child of descendantsOf(scheduler.world, pipeline)) cancelJobs(scheduler, child);
}
