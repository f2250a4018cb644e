import type { Artifacts, Job, Pipeline } from '../../world/pipeline.ts';
import { findProject, type World } from '../../world/world.ts';
import type { JobSpec, Need, PlannedPipeline } from '../types.ts';
import { stageIndex } from './decide.ts';
import { pipelineOf, projectOf, type Scheduler } from './state.ts';

export interface Dependencies {
  /** In the order they are laid into the job's folder. */
  readonly artifacts: readonly { readonly job: string; readonly artifacts: Artifacts }[];
  /** Variables of their dotenv reports, in the same order: later ones win. */
  readonly dotenv: Job['dotenv'];
  /** Jobs whose artifacts it takes and which are gone: it cannot start. */
  readonly missing: readonly string[];
}

/**
 * The artifacts a job takes. A job that never had any is no obstacle, one whose artifacts have been erased or have
 * expired is. Source: docs.gitlab.com/ci/jobs/job_artifacts_troubleshooting, app/models/ci/build_dependencies.rb.
 */
export function dependenciesOf(
  scheduler: Scheduler,
  job: Job,
  spec: JobSpec,
  planned: PlannedPipeline,
): Dependencies {
  const artifacts: { job: string; artifacts: Artifacts }[] = [];
  const missing: string[] = [];
  const dotenv: Job['dotenv'][number][] = [];
  const take = (name: string, from: Job | undefined, required: boolean) => {
    dotenv.push(...(from?.dotenv ?? []));
    const kept = from === undefined ? undefined : keptArtifacts(scheduler, from);
    if (kept !== undefined) artifacts.push({ job: name, artifacts: kept });
    else if (required && (from === undefined || isGone(scheduler, from))) missing.push(name);
  };
  for (const from of localDependencies(job, spec, planned)) take(from.name, from, true);
  for (const need of spec.needs ?? []) {
    if (need.kind === 'job' || !need.artifacts) continue;
    const from = need.kind === 'pipeline' ? jobOfPipeline(scheduler.world, need) : undefined;
    if (need.kind === 'pipeline') take(need.job, from, true);
    else take(need.job, jobOfProject(scheduler.world, need), false);
  }
  return { artifacts, dotenv, missing };
}

function localDependencies(job: Job, spec: JobSpec, { pipeline, stages }: PlannedPipeline): readonly Job[] {
  const { dependencies, needs } = spec;
  if (dependencies?.length === 0) return [];
  const needed = needs?.flatMap((need) => (need.kind === 'job' && need.artifacts ? [need.name] : []));
  return pipeline.jobs.filter((other) => {
    if (other.retried || other.kind !== 'build' || other === job) return false;
    if (dependencies !== undefined && !dependencies.includes(other.name)) return false;
    if (needed !== undefined) return needed.includes(other.name);
    return stageIndex(stages, other.stage) < stageIndex(stages, job.stage);
  });
}

function isGone({ hadArtifacts }: Scheduler, { id, erasedAt }: Job): boolean {
  return hadArtifacts.has(id) || erasedAt !== undefined;
}

function keptArtifacts({ world }: Scheduler, job: Job): Artifacts | undefined {
  const { artifacts } = job;
  if (artifacts?.expireAt === undefined) return artifacts;
  const isOver = Date.parse(artifacts.expireAt) <= world.clock.now();
  return isOver && !isLocked(world, pipelineOf(world, job)) ? undefined : artifacts;
}

/** Whether a pipeline is the latest of its branch, whose artifacts the project keeps beyond their time. */
function isLocked(world: World, pipeline: Pipeline): boolean {
  if (!projectOf(world, pipeline).settings.keep_latest_artifact) return false;
  return ![...world.pipelines.values()].some(
    (other) =>
      other.projectId === pipeline.projectId &&
      other.ref === pipeline.ref &&
      other.id > pipeline.id &&
      other.status === 'success',
  );
}

function jobOfPipeline(world: World, need: Extract<Need, { kind: 'pipeline' }>): Job | undefined {
  const pipeline = world.pipelines.get(Number(need.pipeline));
  return pipeline?.jobs.find(({ name, retried }) => name === need.job && !retried);
}

/** Of the latest successful pipeline of a branch of another project; Premium. */
function jobOfProject(world: World, need: Extract<Need, { kind: 'project' }>): Job | undefined {
  if (world.tier === 'free') return undefined;
  const project = findProject(world, need.project);
  return [...world.pipelines.values()]
    .filter((pipeline) => pipeline.projectId === project?.id && pipeline.ref === need.ref)
    .flatMap(({ jobs }) => jobs)
    .findLast((job) => job.name === need.job && !job.retried && job.status === 'success');
}
