import type { Job, Pipeline } from '../../world/pipeline.ts';
import type { World } from '../../world/world.ts';
import { moveJob } from './move.ts';
import { pipelineOf, type Scheduler, specOf } from './state.ts';

/** Source: docs.gitlab.com/administration/instance_limits, maximum downstream pipelines of a hierarchy. */
const largestHierarchy = 1000;

/** The job of another pipeline that triggered a pipeline. */
export function upstreamOf(world: World, { upstreamJobId }: Pipeline): Job | undefined {
  return upstreamJobId === undefined ? undefined : world.jobs.get(upstreamJobId);
}

/** Lets the trigger job of a new pipeline know it, before anything of the pipeline happens. */
export function linkUpstream(world: World, pipeline: Pipeline): void {
  const job = upstreamOf(world, pipeline);
  if (job !== undefined) job.downstreamPipelineId = pipeline.id;
}

/** The pipeline and all above it, itself first. */
function lineOf(world: World, pipeline: Pipeline): readonly Pipeline[] {
  const line = [pipeline];
  for (let job = upstreamOf(world, pipeline); job !== undefined; ) {
    const above = pipelineOf(world, job);
    line.push(above);
    job = upstreamOf(world, above);
  }
  return line;
}

/** The pipelines that jobs of a pipeline have triggered, of retried attempts too. */
export function downstreamOf(world: World, { jobs }: Pipeline): readonly Pipeline[] {
  return jobs.flatMap(({ downstreamPipelineId }) => {
    const pipeline =
      downstreamPipelineId === undefined ? undefined : world.pipelines.get(downstreamPipelineId);
    return pipeline === undefined ? [] : [pipeline];
  });
}

/** Its child pipelines and theirs; not what it triggered in other projects. */
export function descendantsOf(world: World, pipeline: Pipeline): readonly Pipeline[] {
  const children = downstreamOf(world, pipeline).filter(({ source }) => source === 'parent_pipeline');
  return children.flatMap((child) => [child, ...descendantsOf(world, child)]);
}

/** The top of a family of parents and children within one project. */
export function rootOf(world: World, pipeline: Pipeline): Pipeline {
  if (pipeline.source !== 'parent_pipeline') return pipeline;
  const job = upstreamOf(world, pipeline);
  return job === undefined ? pipeline : rootOf(world, pipelineOf(world, job));
}

/** Whether a pipeline belongs to so many already that none of them may trigger another one. */
export function isHierarchyFull(world: World, pipeline: Pipeline): boolean {
  return sizeOf(world, lineOf(world, pipeline).at(-1) ?? pipeline) >= largestHierarchy;
}

function sizeOf(world: World, pipeline: Pipeline): number {
  return downstreamOf(world, pipeline).reduce((size, below) => size + sizeOf(world, below), 1);
}

const mirrored = {
  // A pipeline that did not run is no success for who depends on it.
  depend: { success: 'success', canceled: 'canceled', failed: 'failed', skipped: 'failed' },
  mirror: {
    success: 'success',
    canceled: 'canceled',
    failed: 'failed',
    skipped: 'skipped',
    manual: 'manual',
  },
} as const;

/** Gives the trigger job of a pipeline its status, where it waits for that. Source: app/models/ci/bridge.rb. */
export function mirrorUpstream(scheduler: Scheduler, pipeline: Pipeline): void {
  const job = waitingUpstream(scheduler, pipeline);
  if (job === undefined) return;
  const strategy = strategyOf(scheduler, job);
  const statuses: Partial<Record<string, Job['status']>> = strategy === 'none' ? {} : mirrored[strategy];
  const status = statuses[pipeline.status];
  if (status === undefined || status === job.status) return;
  moveJob(scheduler, job, status);
}

function waitingUpstream(scheduler: Scheduler, pipeline: Pipeline): Job | undefined {
  const job = upstreamOf(scheduler.world, pipeline);
  if (job === undefined || job.retried || job.downstreamPipelineId !== pipeline.id) return undefined;
  return job.status === 'running' || job.status === 'manual' ? job : undefined;
}

export function strategyOf(scheduler: Scheduler, job: Job): 'none' | 'depend' | 'mirror' {
  const planned = scheduler.planned.get(job.pipelineId);
  return planned === undefined ? 'none' : (specOf(planned, job).trigger?.strategy ?? 'none');
}
