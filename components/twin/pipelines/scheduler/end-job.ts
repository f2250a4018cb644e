import type { FailureReason, Job } from '../../world/pipeline.ts';
import type { AttemptEnd, JobSpec, JobVariable } from '../types.ts';
import { newAttempt } from './attempts.ts';
import { publishUrl } from './environments.ts';
import { failJob, moveJob } from './move.ts';
import { retriesItself } from './retry-rule.ts';
import { pipelineOf, type Scheduler, valuesOf } from './state.ts';

/** Writes down how an attempt ended, and makes the next one where the job is tried again by itself. */
export function endJob(
  scheduler: Scheduler,
  job: Job,
  spec: JobSpec,
  variables: readonly JobVariable[],
  end: AttemptEnd,
): void {
  // Whatever a cancelled job still did does not count any more.
  if (job.status === 'canceling') moveJob(scheduler, job, 'canceled');
  // It has been ended already, by a mistake of ours that failed its pipeline.
  if (job.status !== 'running') return;
  if (end.kind === 'canceled') {
    moveJob(scheduler, job, 'canceled');
    return;
  }
  keepResults(scheduler, job, end);
  const reason = failureOf(end);
  if (reason === undefined) {
    publishUrl(scheduler.world, job, valuesOf(variables, job.dotenv));
    moveJob(scheduler, job, 'success');
    return;
  }
  if (typeof spec.allowFailure !== 'boolean' && job.exitCode !== undefined) {
    job.allowFailure = spec.allowFailure.includes(job.exitCode);
  }
  failJob(scheduler, job, reason);
  retryItself(scheduler, job, spec, reason);
}

function keepResults(scheduler: Scheduler, job: Job, end: AttemptEnd): void {
  if (end.kind === 'system') job.trace += `${end.message}\n`;
  if (end.kind !== 'exit' && end.kind !== 'timeout') return;
  job.artifacts = end.artifacts;
  if (end.artifacts !== undefined) scheduler.hadArtifacts.add(job.id);
  if (end.kind === 'timeout') return;
  job.exitCode = end.exitCode;
  job.dotenv = end.dotenv;
  job.coverage = end.coverage;
}

function failureOf(end: Exclude<AttemptEnd, { kind: 'canceled' }>): FailureReason | undefined {
  if (end.kind === 'exit') return end.exitCode === 0 ? undefined : 'script_failure';
  return end.kind === 'timeout' ? 'job_execution_timeout' : 'runner_system_failure';
}

function retryItself(scheduler: Scheduler, job: Job, spec: JobSpec, reason: FailureReason): void {
  if (scheduler.closed) return;
  const { jobs } = pipelineOf(scheduler.world, job);
  const retried = jobs.filter((other) => other.name === job.name && other.retried).length;
  if (!retriesItself(spec.retry, { reason, exitCode: job.exitCode }, retried)) return;
  newAttempt(scheduler, job, { immediate: true });
}
