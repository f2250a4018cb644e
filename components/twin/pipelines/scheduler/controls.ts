import { isAtLeastRole } from '../../world/access.ts';
import type { User } from '../../world/people.ts';
import type { GivenVariable, Job, Pipeline } from '../../world/pipeline.ts';
import { maySetVariables } from '../permissions.ts';
import { isUnapproved, mayRun } from './access.ts';
import { newAttempt, reopen, reopenAfter, resetUpstream } from './attempts.ts';
import { enqueue } from './enqueue.ts';
import { isOutdated } from './environments.ts';
import { pipelineOf, projectOf, type Scheduler } from './state.ts';

/**
 * Starts a manual or a delayed job now, and one that has ended again. Undefined where the job's state does not allow
 * it or the user may not. Source: app/services/ci/play_build_service.rb.
 */
export function playJob(
  scheduler: Scheduler,
  job: Job,
  user: User,
  variables: readonly GivenVariable[],
): Job | undefined {
  const { world } = scheduler;
  if (!isOurs(scheduler, job) || !mayRun(world, job, user)) return undefined;
  const isAction = job.when === 'manual' || job.when === 'delayed';
  // A deployment that waits for approvals is manual, too.
  if (!isAction && job.status !== 'manual') return undefined;
  if (variables.length > 0 && !maySetVariables(user, projectOf(world, job))) return undefined;
  if (job.status !== 'manual' && job.status !== 'scheduled') return again(scheduler, job, user, variables);
  const isTriggered = job.downstreamPipelineId !== undefined;
  if (isTriggered || isUnapproved(world, job) || isOutdated(world, job)) return undefined;
  job.userId = user.id;
  if (variables.length > 0) job.playVariables = variables;
  enqueue(scheduler, job);
  reopenAfter(scheduler, job);
  scheduler.wake();
  return job;
}

/** Makes a new attempt of a job that has ended; later jobs that were skipped get another chance. */
export function retryJob(scheduler: Scheduler, job: Job, user: User): Job | undefined {
  return isOurs(scheduler, job) && mayRun(scheduler.world, job, user)
    ? again(scheduler, job, user, [])
    : undefined;
}

function again(
  scheduler: Scheduler,
  job: Job,
  user: User,
  variables: readonly GivenVariable[],
): Job | undefined {
  if (!isRetryable(job)) return undefined;
  const attempt = newAttempt(scheduler, job, { userId: user.id, variables, immediate: true });
  reopenAfter(scheduler, attempt);
  scheduler.wake();
  return attempt;
}

/** Source: `retryable?` of app/models/ci/build.rb and of bridge.rb. */
function isRetryable({ status, failureReason }: Job): boolean {
  if (failureReason === 'pipeline_loop_detected') return false;
  if (failureReason === 'reached_max_descendant_pipelines_depth') return false;
  return status === 'success' || status === 'failed' || status === 'canceled';
}

/**
 * Makes new attempts of all failed and cancelled jobs, and lets skipped ones be decided again. A manual job waits for a
 * hand again. Source: app/services/ci/retry_pipeline_service.rb.
 */
export function retryPipeline(scheduler: Scheduler, pipeline: Pipeline, user: User): void {
  if (scheduler.closed || !scheduler.planned.has(pipeline.id)) return;
  if (!isAtLeastRole(user, projectOf(scheduler.world, pipeline), 'developer')) return;
  const latest = pipeline.jobs.filter(({ retried, kind }) => !retried && kind !== 'status');
  for (const job of latest) {
    if (job.status === 'skipped') reopen(scheduler, job);
    const isOver = job.status === 'failed' || job.status === 'canceled';
    if (isOver && isRetryable(job) && mayRun(scheduler.world, job, user)) {
      newAttempt(scheduler, job, { userId: user.id, immediate: false });
    }
  }
  resetUpstream(scheduler, pipeline);
  scheduler.wake();
}

/** Whether a job is a current one of a pipeline that this scheduler runs. */
function isOurs(scheduler: Scheduler, job: Job): boolean {
  const { id } = pipelineOf(scheduler.world, job);
  if (scheduler.closed || scheduler.broken.has(id) || !scheduler.planned.has(id)) return false;
  return !job.retried && job.kind !== 'status';
}
