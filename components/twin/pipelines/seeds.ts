import { isMapping, type Mapping } from '../config.ts';
import type { FlatConfig } from '../types.ts';
import type { JobEnvironment } from '../world/pipeline.ts';
import { latest } from './configuration.ts';
import { environmentName, readEnvironment } from './environment.ts';
import { type ExpandedJob, expandJobs } from './expand.ts';
import { expandForRules } from './expansion.ts';
import type { PipelineFacts } from './facts.ts';
import { filteredByRules, filteredByWorkflow, missingNeed } from './messages.ts';
import { isLetIn } from './policy.ts';
import { evaluateRules, type Ruled, type RulesPlace, readRules } from './rules.ts';
import { type Draft, draftOf, specOf } from './specs.ts';
import type { JobSpec } from './types.ts';
import { definedVariables, knownVariables } from './variables.ts';
import { mergeYamlVariables, readYamlVariables } from './yaml-variables.ts';

/** A job that is in the pipeline. */
export interface Seed {
  readonly spec: JobSpec;
  readonly environment: JobEnvironment | undefined;
}

export type Seeded =
  | {
      readonly ok: true;
      /** With the variables of the workflow's rule. */
      readonly config: FlatConfig;
      readonly seeds: readonly Seed[];
      /** Of `workflow:name`, expanded. */
      readonly name: string | undefined;
    }
  | { readonly ok: false; readonly filtered: boolean; readonly message: string };

/** Decides which jobs of a configuration are in a pipeline, and describes them. @throws TWIN_GIT */
export async function seedJobs(place: RulesPlace, facts: PipelineFacts, config: FlatConfig): Promise<Seeded> {
  const workflow = isMapping(config.workflow) ? config.workflow : {};
  const rules = readRules(workflow.rules);
  const ruled = rules && { rules, variables: workflowVariables(facts, config) };
  const answer = ruled && (await evaluateRules(place, [ruled]));
  if (answer?.ok === false) return { ok: false, filtered: false, message: answer.message };
  const rule = rules?.[answer?.rules[0] ?? -1];
  if (rules !== undefined && !lets(rule)) return { ok: false, filtered: true, message: filteredByWorkflow };
  // The rule's variables are seen by the rules of jobs.
  const whole = rule === undefined ? config : withVariables(config, rule);
  const jobs = expandJobs(whole).map((expanded) => candidate(facts, whole, expanded));
  const asked = jobs.filter(({ rules: own }) => own !== undefined);
  const decided = await evaluateRules(place, asked.map(toRuled));
  if (!decided.ok) return { ok: false, filtered: false, message: decided.message };
  const found = new Map(asked.map((job, at) => [job, decided.rules[at]]));
  const seeds = jobs.flatMap((job) => seedOf(facts, whole, jobs, job, found.get(job), rules !== undefined));
  const name = typeof workflow.name === 'string' ? workflow.name : undefined;
  return finish(whole, seeds, name && textWith(facts, whole, name));
}

interface Candidate {
  readonly expanded: ExpandedJob;
  readonly draft: Draft;
  readonly rules: readonly Mapping[] | undefined;
  /** Expanded. */
  readonly variables: ReadonlyMap<string, string>;
}

function candidate(facts: PipelineFacts, config: FlatConfig, expanded: ExpandedJob): Candidate {
  const draft = draftOf(config, expanded, undefined);
  const { variables } = variablesOf(facts, config, draft);
  return { expanded, draft, variables, rules: readRules(expanded.job.rules) };
}

function toRuled({ rules = [], variables }: Candidate): Ruled {
  return { rules, variables };
}

function lets(rule: Mapping | undefined): boolean {
  return rule !== undefined && rule.when !== 'never';
}

function seedOf(
  facts: PipelineFacts,
  config: FlatConfig,
  all: readonly Candidate[],
  { expanded, draft, rules, variables }: Candidate,
  fitting: number | undefined,
  workflowRules: boolean,
): readonly Seed[] {
  const { pipeline, project } = facts;
  const rule = fitting === undefined ? undefined : rules?.[fitting];
  if (rules !== undefined && !lets(rule)) return [];
  const policy = { pipeline, project: project.path, variables };
  if (rules === undefined && !isLetIn(expanded.job, workflowRules, policy)) return [];
  const decided = rule === undefined ? draft : draftOf(config, expanded, rule);
  const known = variablesOf(facts, config, decided);
  const everyJob = all.map((job) => job.expanded);
  const spec = specOf(decided, rule, expanded, everyJob, project, known.variables);
  return [{ spec, environment: readEnvironment(decided.config.environment, known.variables) }];
}

/** The variables of a job, those of its environment's scope too: its name may be made of the others. */
function variablesOf(
  facts: PipelineFacts,
  config: FlatConfig,
  draft: Draft,
): { readonly variables: ReadonlyMap<string, string> } {
  const planned = { config, pipeline: facts.pipeline };
  const without = expandForRules(latest(definedVariables(facts, planned, draft, undefined)));
  const environment = environmentName(draft.config.environment, without);
  if (environment === undefined) return { variables: without };
  const scoped = expandForRules(latest(definedVariables(facts, planned, draft, environment)));
  return { variables: new Map([...scoped, ['CI_ENVIRONMENT_NAME', environment]]) };
}

function workflowVariables(facts: PipelineFacts, config: FlatConfig): ReadonlyMap<string, string> {
  const yaml = readYamlVariables(config.variables).map((variable) => ({ ...variable, file: false }));
  return expandForRules(latest([...yaml, ...knownVariables(facts)]));
}

function textWith(facts: PipelineFacts, config: FlatConfig, text: string): string {
  const values = workflowVariables(facts, config);
  return text.replace(/\$(\w+)|\$\{(\w+)\}/g, (_, a?: string, b?: string) => values.get(a ?? b ?? '') ?? '');
}

function withVariables(config: FlatConfig, rule: Mapping): FlatConfig {
  const merged = mergeYamlVariables(readYamlVariables(config.variables), readYamlVariables(rule.variables));
  const variables = merged.map(
    ({ key, value, raw }) => [key, raw ? { value, expand: false } : value] as const,
  );
  return { ...config, variables: Object.fromEntries(variables) };
}

/** GitLab's last checks: a pipeline has jobs of its own stages, and what they need is there. */
function finish(config: FlatConfig, seeds: readonly Seed[], name: string | undefined): Seeded {
  if (seeds.every(({ spec }) => spec.stage === '.pre' || spec.stage === '.post')) {
    return { ok: false, filtered: true, message: filteredByRules };
  }
  const names = new Set(seeds.map(({ spec }) => spec.name));
  for (const { spec } of seeds) {
    const missing = spec.needs?.find(
      (need) => need.kind === 'job' && !need.optional && !names.has(need.name),
    );
    if (missing?.kind === 'job') {
      return { ok: false, filtered: false, message: missingNeed(spec.name, missing.name) };
    }
  }
  return {
    ok: true,
    config,
    name,
    seeds: seeds.map((seed) => ({ ...seed, spec: onlyPresent(seed.spec, names) })),
  };
}

function onlyPresent(spec: JobSpec, names: ReadonlySet<string>): JobSpec {
  return {
    ...spec,
    needs: spec.needs?.filter((need) => need.kind !== 'job' || names.has(need.name)),
    dependencies: spec.dependencies?.filter((name) => names.has(name)),
  };
}
