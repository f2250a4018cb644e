import type { Created, PipelineRequest } from '../../ports.ts';
import type { Job, Pipeline } from '../../world/pipeline.ts';
import type { Project } from '../../world/project.ts';
import type { World } from '../../world/world.ts';
import type { JobSpec, JobVariable, PlannedPipeline } from '../types.ts';
import type { Alarm } from './alarm.ts';
import type { Considered } from './decide.ts';
import type { PipelinesParts } from './types.ts';

/** An attempt that a runner has. */
interface RunningAttempt {
  readonly stop: AbortController;
  /** Resolves when its end is written down; never rejects. */
  readonly done: Promise<void>;
}

interface Waiter {
  readonly pipeline: Pipeline;
  readonly resolve: () => void;
}

/** What the scheduler knows beyond the world. All changes are made between two awaits, so that none sees half of one. */
export interface Scheduler {
  readonly parts: PipelinesParts;
  readonly world: World;
  /** By pipeline. */
  readonly planned: Map<number, PlannedPipeline>;
  /** By job. */
  readonly running: Map<number, RunningAttempt>;
  /** Pending jobs in the order they came. */
  readonly queue: Job[];
  /** Pipelines to look at again. */
  readonly dirty: Set<number>;
  /** Pipelines that a mistake of ours has hit. */
  readonly broken: Set<number>;
  /** Jobs retried by hand: they start at once even where they are manual. */
  readonly immediate: Set<number>;
  /** Milliseconds of the clock at which a delayed job starts. */
  readonly startsAt: Map<number, number>;
  /** Jobs that left artifacts, whether or not these are still there. */
  readonly hadArtifacts: Set<number>;
  /** Jobs that have just failed, until their pipeline has been told. */
  readonly failed: Set<Job>;
  readonly waiters: Set<Waiter>;
  /** Work in the background that closing waits for. */
  readonly background: Set<Promise<void>>;
  /** Set for the next delayed job. */
  alarm: Alarm | undefined;
  closed: boolean;
  /** Looks at everything that has changed; does nothing but note it while it is at it. */
  readonly wake: () => void;
  readonly create: (request: PipelineRequest) => Promise<Created>;
}

export function projectOf(world: World, { projectId }: { readonly projectId: number }): Project {
  return found(world.projects.get(projectId), `project ${projectId}`);
}

export function pipelineOf(world: World, { pipelineId }: Job): Pipeline {
  return found(world.pipelines.get(pipelineId), `pipeline ${pipelineId}`);
}

export function plannedOf(scheduler: Scheduler, { pipelineId }: Job): PlannedPipeline {
  return found(scheduler.planned.get(pipelineId), `plan of pipeline ${pipelineId}`);
}

export function specOf(planned: PlannedPipeline, { name }: Job): JobSpec {
  return found(planned.specs.get(name), `specification of job ${name}`);
}

/** Records point only at what exists: anything else is a mistake of ours. */
function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the twin has lost ${what}`);
  return value;
}

export interface ConsideredJob extends Considered {
  readonly job: Job;
}

/** The latest attempts of a pipeline as decisions see them. */
export function consider(
  pipeline: Pipeline,
  planned: PlannedPipeline | undefined,
  immediate: ReadonlySet<number>,
): readonly ConsideredJob[] {
  return pipeline.jobs
    .filter(({ retried }) => !retried)
    .map((job) => {
      const spec = job.kind === 'status' || planned === undefined ? undefined : specOf(planned, job);
      return {
        ...{ job, name: job.name, stage: job.stage, kind: job.kind, when: job.when },
        ...{ status: job.status, allowFailure: job.allowFailure },
        needs: spec?.needs?.flatMap((need) => (need.kind === 'job' ? [need.name] : [])),
        immediate: immediate.has(job.id),
      };
    });
}

export function isComplete({ status }: Pick<Job, 'status'>): boolean {
  return status === 'success' || status === 'failed' || status === 'canceled' || status === 'skipped';
}

export function valuesOf(variables: readonly JobVariable[], dotenv: Job['dotenv']): Map<string, string> {
  return new Map([...variables, ...dotenv].map(({ key, value }) => [key, value]));
}

/** Does something that nobody waits for but {@link Scheduler.background}; what goes wrong in it is told. */
export function inBackground(scheduler: Scheduler, work: () => Promise<void>): Promise<void> {
  const done: Promise<void> = work()
    .catch((error: unknown) => tell(scheduler, error))
    .finally(() => scheduler.background.delete(done));
  scheduler.background.add(done);
  return done;
}

export function tell({ parts }: Scheduler, error: unknown): void {
  if (parts.onError !== undefined) parts.onError(error);
  else parts.context.log.error(`the twin's scheduler made a mistake: ${String(error)}`);
}
