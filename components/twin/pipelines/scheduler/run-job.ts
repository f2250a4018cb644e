import type { Job } from '../../world/pipeline.ts';
import { newTokenValue } from '../../world/seed.ts';
import type { Attempt, AttemptEnd, JobVariable } from '../types.ts';
import { type Dependencies, dependenciesOf } from './dependencies.ts';
import { endJob } from './end-job.ts';
import { failJob, moveJob } from './move.ts';
import { plannedOf, type Scheduler, specOf, tell } from './state.ts';

/** Gives a pending job to the runner; its end is written down when it comes. */
export function startJob(scheduler: Scheduler, job: Job): void {
  const planned = plannedOf(scheduler, job);
  const spec = specOf(planned, job);
  const dependencies = dependenciesOf(scheduler, job, spec, planned);
  if (dependencies.missing.length > 0) {
    failJob(scheduler, job, 'missing_dependency_failure');
    return;
  }
  const stop = new AbortController();
  moveJob(scheduler, job, 'running');
  // Later, so that even an end without delay finds it here.
  const done = Promise.resolve().then(() =>
    runAttempt(scheduler, { planned, job, spec }, dependencies, stop.signal),
  );
  scheduler.running.set(job.id, { stop, done });
}

async function runAttempt(
  scheduler: Scheduler,
  attempt: Pick<Attempt, 'planned' | 'job' | 'spec'>,
  { artifacts, dotenv }: Dependencies,
  stop: AbortSignal,
): Promise<void> {
  const { job, planned, spec } = attempt;
  const token = giveToken(scheduler, job);
  let variables: readonly JobVariable[] = [];
  let end: AttemptEnd;
  try {
    variables = await scheduler.parts.variablesOf(planned, job, spec, { token, dotenv });
    end = await toItsEnd(scheduler, { ...attempt, variables, artifacts }, stop);
  } catch (error) {
    tell(scheduler, error);
    end = { kind: 'system', message: 'The twin could not run this job.' };
  }
  scheduler.world.tokens.delete(token);
  scheduler.running.delete(job.id);
  try {
    endJob(scheduler, job, spec, variables, end);
  } catch (error) {
    tell(scheduler, error);
    scheduler.broken.add(job.pipelineId);
  }
  scheduler.dirty.add(job.pipelineId);
  scheduler.wake();
}

/** A job token is good for as long as its job runs. */
function giveToken({ world }: Scheduler, job: Job): string {
  const value = newTokenValue('job');
  world.tokens.set(value, { kind: 'job', value, id: world.nextId('token'), jobId: job.id });
  return value;
}

async function toItsEnd(scheduler: Scheduler, attempt: Attempt, stop: AbortSignal): Promise<AttemptEnd> {
  const end: AttemptEnd = stop.aborted
    ? { kind: 'canceled' }
    : await scheduler.parts.runner.run(attempt, stop, (text) => {
        // Whoever has lost the runner has lost its log.
        if (stop.reason !== 'lost') attempt.job.trace += text;
      });
  // It may have ended by itself in the same moment; nobody was there to hear of it.
  return stop.reason === 'lost' ? { kind: 'lost' } : end;
}
