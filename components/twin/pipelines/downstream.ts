import { isMapping, type Mapping } from '../config.ts';
import type { PipelineRequest, Repositories } from '../ports.ts';
import { canSee, isAtLeastRole, mayWriteBranch } from '../world/access.ts';
import type { User } from '../world/people.ts';
import type { FailureReason, GivenVariable, Job, Pipeline } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import { findProject, type World } from '../world/world.ts';
import { latest } from './configuration.ts';
import { expandForRules, expandText } from './expansion.ts';
import { readFacts } from './facts.ts';
import { persistedVariables } from './predefined.ts';
import { childConfig } from './trigger-spec.ts';
import type { JobSpec, PlannedPipeline, TriggerSpec } from './types.ts';
import { type AttemptGiven, definedVariables, yamlVariablesOf } from './variables.ts';

export interface DownstreamParts {
  readonly world: World;
  readonly repositories: Repositories;
  /** Content of a file among the artifacts of a job of the pipeline; undefined where it has none. */
  readonly artifactText: (planned: PlannedPipeline, job: string, file: string) => Promise<string | undefined>;
}

export type Downstream =
  | { readonly ok: true; readonly request: PipelineRequest }
  /** The trigger job fails for this reason; the message is for its log. */
  | { readonly ok: false; readonly reason: FailureReason; readonly message: string };

/** GitLab's limit: a child may have children, those may not. */
const deepestChild = 2;

/**
 * The pipeline a trigger job asks for, with the rights of the one who runs it.
 * Source: docs.gitlab.com/ci/pipelines/downstream_pipelines
 */
export async function downstreamRequest(
  parts: DownstreamParts,
  planned: PlannedPipeline,
  spec: JobSpec,
  job: Job,
  dotenv: AttemptGiven['dotenv'] = [],
): Promise<Downstream> {
  const { world } = parts;
  const { pipeline } = planned;
  const { trigger } = spec;
  const project = world.projects.get(pipeline.projectId);
  const user = world.users.get(job.userId);
  if (trigger === undefined || project === undefined || user === undefined) {
    return failed('data_integrity_failure', 'the trigger job has lost its project or its user');
  }
  const facts = await readFacts(parts, project, pipeline);
  // As `PARENT_PIPELINE_ID: $CI_PIPELINE_ID`: a trigger job knows its pipeline, which its rules do not.
  const persisted = Object.entries(persistedVariables(facts)).map(([key, value]) => {
    return { key, value, raw: true, file: false };
  });
  const defined = latest([
    ...definedVariables(facts, planned, spec, job.environment?.name, dotenv),
    ...persisted,
  ]);
  const values = expandForRules(defined);
  const variables = forwarded(planned, spec, values, dotenv);
  const common = { user, variables, upstreamJobId: job.id };
  return trigger.kind === 'project'
    ? projectRequest(parts, pipeline, project, trigger, values, common)
    : childRequest(parts, planned, project, spec, trigger, values, common);
}

type Common = Pick<PipelineRequest, 'user' | 'variables' | 'upstreamJobId'>;

async function projectRequest(
  { world, repositories }: DownstreamParts,
  pipeline: Pipeline,
  project: Project,
  trigger: Extract<TriggerSpec, { kind: 'project' }>,
  values: ReadonlyMap<string, string>,
  common: Common,
): Promise<Downstream> {
  const { user } = common;
  const target = findProject(world, expandText(trigger.project, values));
  if (target === undefined || !canSee(user, target)) {
    return failed('downstream_bridge_project_not_found', 'downstream project could not be found');
  }
  if (target.id === project.id) {
    return failed('invalid_bridge_trigger', 'a project cannot trigger itself but by a child pipeline');
  }
  const ref =
    trigger.branch === undefined ? (target.defaultBranch ?? '') : expandText(trigger.branch, values);
  if (!mayTrigger(user, project, target, ref)) {
    return failed('insufficient_bridge_permissions', 'no permissions to trigger downstream pipeline');
  }
  if (isLoop(world, pipeline)) {
    return failed('pipeline_loop_detected', 'pipelines of these projects trigger each other');
  }
  const sha = await repositories.resolve(target, ref);
  if (sha === undefined) return failed('downstream_pipeline_creation_failed', 'Reference not found');
  const inputs = expandDeep(trigger.inputs, values) as Mapping;
  return { ok: true, request: { ...common, project: target, ref, sha, source: 'pipeline', inputs } };
}

async function childRequest(
  parts: DownstreamParts,
  planned: PlannedPipeline,
  project: Project,
  spec: JobSpec,
  trigger: Exclude<TriggerSpec, { kind: 'project' }>,
  values: ReadonlyMap<string, string>,
  common: Common,
): Promise<Downstream> {
  const { pipeline } = planned;
  if (!isAtLeastRole(common.user, project, 'developer')) {
    return failed('insufficient_bridge_permissions', 'no permissions to trigger downstream pipeline');
  }
  if (depthOf(parts.world, pipeline) >= deepestChild) {
    return failed('reached_max_descendant_pipelines_depth', 'child pipelines are nested too deep');
  }
  const { ref, sha, beforeSha, mergeRequest, tag } = pipeline;
  const request = {
    ...{ ...common, project, sha, beforeSha, source: 'parent_pipeline' as const },
    ref: mergeRequest === undefined ? `refs/${tag ? 'tags' : 'heads'}/${ref}` : ref,
    ...(mergeRequest === undefined ? {} : { mergeRequest }),
  };
  const written = spec.config.trigger;
  if (trigger.kind === 'local') {
    const text = childConfig(expandDeep(written, values));
    return { ok: true, request: { ...request, config: { text } } };
  }
  const file = expandText(trigger.file, values);
  const text = await parts.artifactText(planned, trigger.job, file);
  if (text === undefined) {
    const message = `Job \`${trigger.job}\` has no artifact \`${file}\``;
    return failed('downstream_pipeline_creation_failed', message);
  }
  const inputs = artifactInputs(expandDeep(written, values));
  return { ok: true, request: { ...request, config: { text }, ...(inputs === undefined ? {} : { inputs }) } };
}

function failed(reason: FailureReason, message: string): Downstream {
  return { ok: false, reason, message };
}

/** `yaml_variables` by default, given ones only where asked for; the latter win. Raw ones are passed as they are. */
function forwarded(
  { config, pipeline }: PlannedPipeline,
  spec: JobSpec,
  values: ReadonlyMap<string, string>,
  dotenv: AttemptGiven['dotenv'],
): readonly GivenVariable[] {
  const { yamlVariables = false, pipelineVariables = false } = spec.trigger?.forward ?? {};
  const yaml = yamlVariables ? yamlVariablesOf(config, spec) : [];
  const all: GivenVariable[] = [
    ...yaml.map(({ key, value, raw }) => {
      return {
        key,
        value: raw ? value : expandText(value, values, () => ''),
        variableType: 'env_var' as const,
      };
    }),
    ...dotenv.map(({ key, value }) => ({ key, value, variableType: 'env_var' as const })),
    ...(pipelineVariables ? pipeline.variables : []),
  ];
  return latest(all);
}

function mayTrigger(user: User, project: Project, target: Project, ref: string): boolean {
  if (!isAtLeastRole(user, project, 'developer') || !isAtLeastRole(user, target, 'developer')) return false;
  return mayWriteBranch(user, target, ref, 'push') || mayWriteBranch(user, target, ref, 'merge');
}

function upstreams(world: World, pipeline: Pipeline): readonly Pipeline[] {
  const chain: Pipeline[] = [];
  for (let next: Pipeline | undefined = pipeline; next !== undefined; next = upstreamOf(world, next)) {
    chain.push(next);
  }
  return chain;
}

function upstreamOf(world: World, { upstreamJobId }: Pipeline): Pipeline | undefined {
  const job = upstreamJobId === undefined ? undefined : world.jobs.get(upstreamJobId);
  return job && world.pipelines.get(job.pipelineId);
}

function depthOf(world: World, pipeline: Pipeline): number {
  const chain = upstreams(world, pipeline);
  const top = chain.findIndex(({ source }) => source !== 'parent_pipeline');
  return top < 0 ? chain.length - 1 : top;
}

/** GitLab lets projects trigger each other once, and ends it when the same comes a third time. */
function isLoop(world: World, pipeline: Pipeline): boolean {
  const keys = upstreams(world, pipeline)
    .filter(({ source }) => source !== 'parent_pipeline')
    .map(({ projectId, ref, source }) => JSON.stringify([projectId, ref, source]));
  return keys.some((key) => keys.filter((other) => other === key).length > 2);
}

function artifactInputs(trigger: unknown): Mapping | undefined {
  const include = isMapping(trigger) ? trigger.include : undefined;
  const entry = Array.isArray(include) ? include[0] : include;
  return isMapping(entry) && isMapping(entry.inputs) ? entry.inputs : undefined;
}

function expandDeep(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return expandText(value, values);
  if (Array.isArray(value)) return value.map((item) => expandDeep(item, values));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expandDeep(item, values)]));
}
