import type { FlatConfig } from '../types.ts';
import type { GivenVariable, Job } from '../world/pipeline.ts';
import { expandForJob, type Unexpanded } from './expansion.ts';
import type { PipelineFacts } from './facts.ts';
import { persistedVariables, pipelineVariables, userVariables } from './predefined.ts';
import { attemptVariables, environmentVariables, ruleVariables } from './predefined-job.ts';
import { projectVariables } from './project-variables.ts';
import type { JobSpec, JobVariable, PlannedPipeline, YamlVariable } from './types.ts';
import { readYamlVariables } from './yaml-variables.ts';

/** What an attempt gets besides what its pipeline knows. */
export interface AttemptGiven {
  /** Variables of the reports of jobs it takes artifacts from; later ones win. */
  readonly dotenv: readonly { readonly key: string; readonly value: string }[];
  /** Value of its `CI_JOB_TOKEN`. */
  readonly token: string;
  /** By name of the variable. */
  readonly idTokens: Readonly<Record<string, string>>;
}

/**
 * The variables of one attempt, expanded, one of each name. From the lowest precedence: predefined, `variables:` of
 * the configuration and of the job, the user's, dotenv, the project's, those given with the pipeline, those given to
 * the job when it was played, its environment's.
 * Source: docs.gitlab.com/ci/variables/#cicd-variable-precedence, lib/gitlab/ci/variables/builder.rb
 */
export function jobVariables(
  facts: PipelineFacts,
  planned: Pick<PlannedPipeline, 'config' | 'pipeline'>,
  spec: JobSpec,
  job: Job,
  given: AttemptGiven,
): readonly JobVariable[] {
  const ordered: readonly Source[] = [
    ...plain({ ...persistedVariables(facts), ...attemptVariables(facts, job, given.token) }),
    ...plain(given.idTokens),
    ...definedVariables(facts, planned, spec, job.environment?.name, given.dotenv),
    ...job.playVariables.map(ofGiven),
    ...plain(environmentVariables(job)),
  ];
  const secrets = new Set([given.token, ...Object.values(given.idTokens)]);
  const winners = [...new Map(ordered.map((variable) => [variable.key, variable])).values()];
  const values = expandForJob(winners);
  return winners.map(({ key, value, raw, file, masked }) => ({
    ...{ key, value: values.get(key) ?? value, raw, file },
    masked: masked || secrets.has(value) || key === 'CI_REPOSITORY_URL',
  }));
}

/** A variable with what decides how it is shown. */
interface Source extends Unexpanded {
  readonly masked: boolean;
}

/** What is known of a job's variables before it exists, in ascending precedence: its rules see these. */
export function definedVariables(
  facts: PipelineFacts,
  { config, pipeline }: Pick<PlannedPipeline, 'config' | 'pipeline'>,
  job: Pick<JobSpec, 'name' | 'stage' | 'when' | 'node' | 'variables' | 'inheritVariables'>,
  environment: string | undefined,
  dotenv: AttemptGiven['dotenv'] = [],
): readonly Source[] {
  return [
    ...plain({ ...ruleVariables(job), ...pipelineVariables(facts) }),
    ...yamlVariablesOf(config, job).map(ofYaml),
    ...plain(userVariables(facts)),
    ...dotenv.map(({ key, value }) => ({ key, value, raw: false, file: false, masked: false })),
    ...settingsVariables(facts, environment),
    ...pipeline.variables.map(ofGiven),
  ];
}

/** What is known before any job is: for includes and `workflow`. */
export function knownVariables(facts: PipelineFacts): readonly Source[] {
  return [
    ...plain({ ...pipelineVariables(facts), ...userVariables(facts) }),
    ...settingsVariables(facts, undefined),
    ...facts.pipeline.variables.map(ofGiven),
  ];
}

function settingsVariables({ project, pipeline }: PipelineFacts, environment: string | undefined): Source[] {
  return projectVariables(project, pipeline, environment).map(
    ({ key, value, variableType, raw, masked }) => ({
      ...{ key, value, raw, masked },
      file: variableType === 'file',
    }),
  );
}

/** Those the configuration gives a job: its own ones after those of the whole that it takes. */
export function yamlVariablesOf(
  config: FlatConfig,
  { variables, inheritVariables: takes }: Pick<JobSpec, 'variables' | 'inheritVariables'>,
): readonly YamlVariable[] {
  const whole = readYamlVariables(config.variables).filter(({ key }) => {
    return typeof takes === 'boolean' ? takes : takes.includes(key);
  });
  return [...whole, ...variables];
}

function plain(variables: Readonly<Record<string, string>>): readonly Source[] {
  return Object.entries(variables).map(([key, value]) => {
    // A title may hold a `$`: what GitLab sets by itself is a value, not a text to be expanded.
    return { key, value, raw: true, file: false, masked: false };
  });
}

function ofYaml({ key, value, raw }: YamlVariable): Source {
  return { key, value, raw, file: false, masked: false };
}

function ofGiven({ key, value, variableType }: GivenVariable): Source {
  return { key, value, raw: false, file: variableType === 'file', masked: false };
}
