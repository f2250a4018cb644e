import type { Job, JobStatus, PipelineStatus } from '../../world/pipeline.ts';
import { type Counted, compositeStatus, statusOfNeeds } from './composite.ts';

/** The latest attempt of a job, with what decides on it. */
export interface Considered extends Counted {
  readonly name: string;
  readonly stage: string;
  readonly kind: Job['kind'];
  readonly when: string;
  /** Names of jobs of the pipeline it needs; undefined where it waits for all earlier stages. */
  readonly needs: readonly string[] | undefined;
  /** Retried by hand: what is manual or delayed starts at once. */
  readonly immediate: boolean;
}

/** What becomes of a created job whose turn has come. */
export type Step = 'enqueue' | 'manual' | 'scheduled' | 'skip';

const statusAfter: Readonly<Record<Step, JobStatus>> = {
  enqueue: 'pending',
  manual: 'manual',
  scheduled: 'scheduled',
  skip: 'skipped',
};

/** What can be decided on: the rest is still on its way, or waits for a hand. */
const complete: readonly PipelineStatus[] = ['success', 'failed', 'canceled', 'skipped'];

/**
 * Decides on all created jobs that can be decided on now; the others stay created. Nothing is kept between calls, so
 * the order in which jobs end does not matter. Source: app/services/ci/pipeline_processing and process_build_service.rb.
 */
export function decide<J extends Considered>(
  jobs: readonly J[],
  stages: readonly string[],
): ReadonlyMap<J, Step> {
  const statuses = new Map(jobs.map((job) => [job, job.status]));
  const steps = new Map<J, Step>();
  for (const job of inOrder(jobs, stages)) {
    if (job.status !== 'created' || job.kind === 'status') continue;
    const before = predecessors(job, jobs, stages).map((other) => ({
      status: statuses.get(other) ?? other.status,
      allowFailure: other.allowFailure,
    }));
    const status = (job.needs === undefined ? compositeStatus(before) : statusOfNeeds(before)) ?? 'success';
    if (!complete.includes(status)) continue;
    const step = stepOf(job, status);
    steps.set(job, step);
    statuses.set(job, statusAfter[step]);
  }
  return steps;
}

function stepOf(job: Considered, before: PipelineStatus): Step {
  if (!startsAfter(job).includes(before)) return 'skip';
  if (job.immediate) return 'enqueue';
  if (job.when === 'manual') return 'manual';
  return job.when === 'delayed' && job.kind === 'build' ? 'scheduled' : 'enqueue';
}

function startsAfter({ when, needs }: Considered): readonly PipelineStatus[] {
  if (when === 'on_failure') return ['failed'];
  if (when === 'always') return ['success', 'failed', 'skipped'];
  return needs === undefined ? ['success', 'skipped'] : ['success'];
}

/** The jobs one waits for: those it needs, else all of earlier stages. */
export function predecessors<J extends Considered>(
  job: J,
  jobs: readonly J[],
  stages: readonly string[],
): readonly J[] {
  const { needs } = job;
  if (needs !== undefined)
    return jobs.filter((other) => other.kind !== 'status' && needs.includes(other.name));
  return jobs.filter((other) => stageIndex(stages, other.stage) < stageIndex(stages, job.stage));
}

/** Place of a stage; that of external statuses, which no configuration names, comes after all. */
export function stageIndex(stages: readonly string[], stage: string): number {
  const index = stages.indexOf(stage);
  return index === -1 ? stages.length : index;
}

/** By stage, and within one what is needed first. */
function inOrder<J extends Considered>(jobs: readonly J[], stages: readonly string[]): readonly J[] {
  const ordered = new Set<J>();
  const visiting = new Set<J>();
  const visit = (job: J) => {
    if (visiting.has(job)) return;
    visiting.add(job);
    for (const other of jobs) {
      if (other.stage === job.stage && job.needs?.includes(other.name) === true) visit(other);
    }
    ordered.add(job);
  };
  for (const job of jobs.toSorted((a, b) => stageIndex(stages, a.stage) - stageIndex(stages, b.stage)))
    visit(job);
  return [...ordered];
}
