import type { Job } from '../../world/pipeline.ts';
import { timeOf } from '../../world/world.ts';
import { isProtectedFrom, isUnapproved } from './access.ts';
import type { Step } from './decide.ts';
import { deploymentOf, ensureDeployment, isOutdated } from './environments.ts';
import { failJob, moveJob } from './move.ts';
import type { ConsideredJob } from './state.ts';
import { plannedOf, projectOf, type Scheduler, specOf } from './state.ts';

/** Does what was decided on a created job. */
export function takeStep(scheduler: Scheduler, { job }: ConsideredJob, step: Step): void {
  ensureDeployment(scheduler.world, job);
  if (step === 'skip') moveJob(scheduler, job, 'skipped');
  else if (isUnapproved(scheduler.world, job)) awaitApproval(scheduler, job);
  else if (step === 'manual') moveJob(scheduler, job, 'manual');
  else if (step === 'scheduled') schedule(scheduler, job);
  else enqueue(scheduler, job);
}

function awaitApproval(scheduler: Scheduler, job: Job): void {
  const deployment = deploymentOf(projectOf(scheduler.world, job), job);
  if (deployment !== undefined) {
    deployment.status = 'blocked';
    deployment.updatedAt = timeOf(scheduler.world);
  }
  moveJob(scheduler, job, 'manual');
}

/** Lets a deployment go on that has got its approvals: one that nobody has to play starts. */
export function unblock(scheduler: Scheduler, { job }: ConsideredJob): void {
  const { world } = scheduler;
  const deployment = job.status === 'manual' ? deploymentOf(projectOf(world, job), job) : undefined;
  if (deployment?.status !== 'blocked' || isUnapproved(world, job)) return;
  deployment.status = 'created';
  deployment.updatedAt = timeOf(world);
  if (job.when !== 'manual') enqueue(scheduler, job);
}

function schedule(scheduler: Scheduler, job: Job): void {
  const { startInSeconds = 0 } = specOf(plannedOf(scheduler, job), job);
  moveJob(scheduler, job, 'scheduled');
  scheduler.startsAt.set(job.id, scheduler.world.clock.now() + startInSeconds * 1000);
}

/** Puts a job in line for a runner, or first for the resource it needs alone. */
export function enqueue(scheduler: Scheduler, job: Job): void {
  const { world } = scheduler;
  if (isProtectedFrom(world, job, world.users.get(job.userId))) {
    failJob(scheduler, job, 'protected_environment_failure');
  } else if (isOutdated(world, job)) {
    failJob(scheduler, job, 'failed_outdated_deployment_job');
  } else if (job.resourceGroup !== undefined) {
    moveJob(scheduler, job, 'waiting_for_resource');
  } else {
    moveJob(scheduler, job, 'pending');
  }
}
