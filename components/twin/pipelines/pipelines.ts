import type { Created, PipelineRequest, Pipelines } from '../ports.ts';
import type { Job, Pipeline } from '../world/pipeline.ts';
import { cancelRedundant } from './scheduler/auto-cancel.ts';
import { cancelFamily, cancelJob } from './scheduler/cancel.ts';
import { close } from './scheduler/close.ts';
import { playJob, retryJob, retryPipeline } from './scheduler/controls.ts';
import { linkUpstream } from './scheduler/hierarchy.ts';
import { admit, createScheduler } from './scheduler/loop.ts';
import { reasonOf } from './scheduler/reasons.ts';
import { type LastLooks, runDueSchedules } from './scheduler/schedules.ts';
import { settled } from './scheduler/settled.ts';
import { consider, pipelineOf, type Scheduler } from './scheduler/state.ts';
import type { PipelinesParts } from './scheduler/types.ts';
import type { PlannedPipeline } from './types.ts';

/** The pipelines of a twin with what only the twin itself asks of them. */
export interface RunningPipelines extends Pipelines {
  /** What the jobs of a pipeline are; undefined of one that exists for its mistake, or comes from outside. */
  readonly plannedOf: (pipeline: Pipeline) => PlannedPipeline | undefined;
  /** Why a job has not run, for people; undefined where there is nothing to say. */
  readonly reasonOf: (job: Job) => string | undefined;
  /** Starts the schedules that have come due; gives the numbers of their pipelines. Milliseconds since the epoch. */
  readonly runDueSchedules: (nowMs: number) => Promise<readonly number[]>;
}

/**
 * Pipelines that run by themselves, as GitLab processes them: what is pending starts as soon as there is room on this
 * machine. Delayed jobs start by the clock of the context.
 */
export function createPipelines(parts: PipelinesParts): RunningPipelines {
  const scheduler = createScheduler(parts, create);
  const looks: LastLooks = new Map();
  const awake = <T>(result: T): T => {
    scheduler.wake();
    return result;
  };
  return {
    create: scheduler.create,
    play: async (job, user, variables) => playJob(scheduler, job, user, variables),
    retry: async (job, user) => retryJob(scheduler, job, user),
    retryPipeline: async (pipeline, user) => retryPipeline(scheduler, pipeline, user),
    cancel: async (job) => awake(cancelJob(scheduler, job)),
    cancelPipeline: async (pipeline) => awake(cancelFamily(scheduler, pipeline)),
    loseRunner: (job) => loseRunner(scheduler, job),
    settled: (pipeline) => settled(scheduler, pipeline),
    touch: (pipeline) => {
      scheduler.dirty.add(pipeline.id);
      scheduler.wake();
    },
    lint: parts.lint,
    close: () => close(scheduler),
    plannedOf: ({ id }) => scheduler.planned.get(id),
    reasonOf: (job) => explain(scheduler, job),
    runDueSchedules: (nowMs) => runDueSchedules(scheduler, looks, nowMs),
  };
}

async function create(scheduler: Scheduler, request: PipelineRequest): Promise<Created> {
  if (scheduler.closed) return { ok: false, filtered: false, messages: ['GitLab is shutting down'] };
  const { parts } = scheduler;
  const head = await parts.repositories.resolve(request.project, request.ref);
  const planning = await parts.plan(request);
  if (!planning.ok) return planning;
  const { pipeline, planned } = planning;
  linkUpstream(scheduler.world, pipeline);
  if (planned === undefined) return { ok: true, pipeline };
  admit(scheduler, planned);
  if (scheduler.closed) cancelFamily(scheduler, pipeline);
  else cancelRedundant(scheduler, pipeline, head);
  scheduler.wake();
  return { ok: true, pipeline };
}

/** The runner goes, and all it had of the job: false where no runner has it. */
async function loseRunner(scheduler: Scheduler, job: Job): Promise<boolean> {
  const attempt = scheduler.running.get(job.id);
  if (attempt === undefined || job.status !== 'running') return false;
  attempt.stop.abort('lost');
  await attempt.done;
  return true;
}

function explain(scheduler: Scheduler, job: Job): string | undefined {
  const pipeline = pipelineOf(scheduler.world, job);
  const planned = scheduler.planned.get(pipeline.id);
  if (planned === undefined || job.kind === 'status') return undefined;
  if (job.status === 'waiting_for_resource') return `waits for the resource group ${job.resourceGroup}`;
  const startsAt = scheduler.startsAt.get(job.id);
  if (startsAt !== undefined) return `starts at ${new Date(startsAt).toISOString()}`;
  const jobs = consider(pipeline, planned, scheduler.immediate);
  const current = jobs.find((other) => other.job === job);
  return current === undefined ? undefined : reasonOf(current, jobs, planned.stages);
}
