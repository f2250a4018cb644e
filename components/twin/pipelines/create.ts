import { listOf, stagesOf } from '../config.ts';
import type { PipelineRequest, Repositories } from '../ports.ts';
import type { FlatConfig, Machine } from '../types.ts';
import type { Job, Pipeline } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import { nextIid, type World } from '../world/world.ts';
import {
  type Configuration,
  type ConfigurationLook,
  type ConfigurationParts,
  readConfiguration,
} from './configuration.ts';
import { draftPipeline } from './draft.ts';
import { mergeRequestOf, type PipelineFacts, readFacts } from './facts.ts';
import { localLimits } from './limits.ts';
import { ambiguousReference, missingReference, skipped } from './messages.ts';
import { refusalOf } from './permissions.ts';
import { type Seed, seedJobs } from './seeds.ts';
import type { PlannedPipeline } from './types.ts';

export interface FactoryParts extends ConfigurationParts {
  readonly machine: Pick<Machine, 'node' | 'gitlabCiLocal' | 'temporary' | 'compileCache'>;
  readonly look?: ConfigurationLook;
}

export type CreatedPlan =
  /** The pipeline and its jobs are in the world, all of them `created`: nothing has been started. */
  | { readonly ok: true; readonly planned: PlannedPipeline }
  | {
      readonly ok: false;
      /** Rules want no pipeline, or the commit does: nothing is wrong. */
      readonly filtered: boolean;
      /** GitLab's words: what an API answers 400 with. */
      readonly messages: readonly string[];
      /**
       * The pipeline without jobs that GitLab records nevertheless: `failed` for its configuration (`yamlErrors`), or
       * `skipped`. It is in the world.
       */
      readonly failedPipeline?: Pipeline;
    };

/**
 * Makes a pipeline and its jobs as GitLab does, or says in its words why there is none.
 * @throws TWIN_GITLAB_CI_LOCAL, TWIN_GIT where the rules could not be evaluated
 */
export async function createPipeline(parts: FactoryParts, request: PipelineRequest): Promise<CreatedPlan> {
  const { world, look } = parts;
  const prepared = await preparePipeline(parts, request, look);
  if (prepared.ok) return { ok: true, planned: store(world, request.project, prepared) };
  // GitLab tells of one mistake at a time; its lint tells of all.
  const { filtered, kept } = prepared;
  const messages = prepared.errors.slice(0, 1);
  const status = filtered ? 'skipped' : 'failed';
  if (kept === undefined || (!filtered && withoutRecord.has(request.source))) {
    return { ok: false, filtered, messages };
  }
  const yamlErrors = filtered ? undefined : messages[0];
  const failedPipeline = record(world, request.project, { ...kept, status, yamlErrors });
  return { ok: false, filtered, messages, failedPipeline };
}

/** A pipeline that could be made; nothing of it is in the world yet. */
export type Prepared =
  | {
      readonly ok: true;
      /** Without a number. */
      readonly pipeline: Pipeline & { readonly config: FlatConfig };
      readonly seeds: readonly Seed[];
      readonly compared: string | undefined;
      readonly configuration: Extract<Configuration, { ok: true }>;
    }
  | {
      readonly ok: false;
      readonly filtered: boolean;
      readonly errors: readonly string[];
      /** What there would be a record of. */
      readonly kept?: Pipeline;
      readonly configuration?: Configuration;
    };

/** Does everything of a pipeline but to make it. @throws TWIN_GITLAB_CI_LOCAL, TWIN_GIT */
export async function preparePipeline(
  parts: FactoryParts,
  asked: PipelineRequest,
  look?: ConfigurationLook,
): Promise<Prepared> {
  const { world, repositories } = parts;
  const named = await nameRef(repositories, asked);
  if ('message' in named) return { ok: false, filtered: false, errors: [named.message] };
  const { tag } = named;
  const request = { ...asked, ref: named.ref };
  const refusal = refusalOf(world, request, tag);
  if (refusal !== undefined) return { ok: false, filtered: false, errors: [refusal] };
  const kept = draftPipeline(world, request, { tag, iid: nextIid(request.project, 'pipeline') });
  const facts = await readFacts(parts, request.project, kept);
  if (isSkipped(request, facts)) return { ok: false, filtered: true, errors: [skipped], kept };
  const configuration = await readConfiguration(parts, request, facts);
  await look?.(request, configuration);
  if (!configuration.ok) {
    const { errors, missing } = configuration;
    return { ok: false, filtered: false, errors, configuration, ...(missing ? {} : { kept }) };
  }
  const compared = await readCompared(parts, request);
  const { project, sha } = request;
  const place = { ...parts, project, sha, compared };
  const seeded = await seedJobs(place, facts, configuration.config);
  if (!seeded.ok) {
    const { filtered, message } = seeded;
    return { ok: false, filtered, errors: [message], configuration, ...(filtered ? {} : { kept }) };
  }
  const { config, name, seeds } = seeded;
  return { ok: true, pipeline: { ...kept, name, config }, seeds, compared, configuration };
}

/** Whoever asks for a pipeline is told what is wrong; of one that came by itself a failed record tells. */
const withoutRecord = new Set(['api', 'web', 'schedule']);

async function nameRef(
  repositories: Repositories,
  { project, ref, mergeRequest }: PipelineRequest,
): Promise<{ readonly ref: string; readonly tag: boolean } | { readonly message: string }> {
  if (mergeRequest !== undefined || ref.startsWith('refs/merge-requests/')) return { ref, tag: false };
  const short = ref.replace(/^refs\/(heads|tags)\//, '');
  const isTag = !ref.startsWith('refs/heads/') && (await repositories.tags(project)).has(short);
  const isBranch = !ref.startsWith('refs/tags/') && (await repositories.branches(project)).has(short);
  if (isTag && isBranch) return { message: ambiguousReference };
  return isTag || isBranch ? { ref: short, tag: isTag } : { message: missingReference };
}

/** Source: docs.gitlab.com/ci/pipelines/#skip-a-pipeline; other pipelines are asked for, and not skipped. */
function isSkipped({ source }: PipelineRequest, { commit }: PipelineFacts): boolean {
  const asks = /\[(ci[ _-]skip|skip[ _-]ci)\]/i.test(commit?.message ?? '');
  return asks && (source === 'push' || source === 'merge_request_event');
}

/** The commit `rules:changes` compares with; undefined where GitLab takes everything as changed. */
async function readCompared(
  { world, repositories }: FactoryParts,
  request: PipelineRequest,
): Promise<string | undefined> {
  const { project, sha, beforeSha, mergeRequest } = request;
  const head = mergeRequest?.merged?.sourceSha ?? sha;
  const versions = mergeRequestOf(world, request)?.mergeRequest.versions;
  const version = versions?.findLast(({ headSha }) => headSha === head) ?? versions?.at(-1);
  const compared = version?.baseSha ?? (request.source === 'push' ? beforeSha : undefined);
  if (compared === undefined || /^0+$/.test(compared)) return undefined;
  return (await repositories.commit(project, compared))?.sha;
}

function record(world: World, project: Project, pipeline: Pipeline): Pipeline {
  const recorded = { ...pipeline, id: world.nextId('pipeline') };
  world.pipelines.set(recorded.id, recorded);
  project.lastActivityAt = recorded.createdAt;
  return recorded;
}

function store(
  world: World,
  project: Project,
  { pipeline: draft, seeds, compared }: Extract<Prepared, { ok: true }>,
): PlannedPipeline {
  const { config } = draft;
  const stages = stagesOf(config);
  const pipeline = record(world, project, draft);
  // GitLab makes jobs stage by stage, so that their numbers are in the order they run.
  const ordered = seeds.toSorted((a, b) => stages.indexOf(a.spec.stage) - stages.indexOf(b.spec.stage));
  for (const seed of ordered) pipeline.jobs.push(storeJob(world, pipeline, seed));
  const specs = new Map(ordered.map(({ spec }) => [spec.name, spec]));
  return { ...{ pipeline, config, stages, specs, compared }, notes: localLimits(config) };
}

function storeJob(world: World, pipeline: Pipeline, { spec, environment }: Seed): Job {
  const { name, key, stage, kind, when, allowFailure, resourceGroup, config } = spec;
  const job: Job = {
    ...{ id: world.nextId('job'), pipelineId: pipeline.id, projectId: pipeline.projectId },
    ...{ name, key, stage, kind, when, environment, resourceGroup, status: 'created' },
    ...{ allowFailure: allowFailure === true, retried: false, trace: '', dotenv: [], playVariables: [] },
    ...{ failureReason: undefined, exitCode: undefined, userId: pipeline.userId },
    ...{ createdAt: pipeline.createdAt, queuedAt: undefined, startedAt: undefined, finishedAt: undefined },
    timeout: spec.timeoutSeconds,
    tags: listOf(config.tags).map(String),
    ...{ artifacts: undefined, coverage: undefined, downstreamPipelineId: undefined, external: undefined },
  };
  world.jobs.set(job.id, job);
  return job;
}
