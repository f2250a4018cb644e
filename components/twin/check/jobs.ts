import type { FindingCode } from '../../kernel/finding.ts';
import type { DataPath } from '../../kernel/place.ts';
import { isMapping, jobsOf, keyOf, listOf, type Mapping, stagesOf, visibleKeys } from '../config.ts';
import { twinFindings } from '../findings.ts';
import { parseExpression } from '../render/expression.ts';
import type { FlatConfig } from '../types.ts';
import { circlesOf } from './circles.ts';
import { jobNeeds } from './needs.ts';

/** A mistake GitLab refuses the whole pipeline for, in its words where they are known. */
export interface JobMistake {
  readonly code: FindingCode;
  readonly path: DataPath;
  readonly message: string;
}

/**
 * Checks what GitLab checks of jobs beyond its schema (lib/gitlab/ci/yaml_processor.rb and config/entry).
 *
 * @param broken - keys of the configuration that are known to be wrong and of which nothing more is said
 */
export function checkJobs(config: FlatConfig, broken: ReadonlySet<string>): readonly JobMistake[] {
  const keys = visibleKeys(config);
  if (keys.length === 0) {
    const message = 'jobs config should contain at least one visible job';
    return [{ code: twinFindings.NO_JOBS, path: [], message }];
  }
  const jobs = jobsOf(config).filter(([name]) => !broken.has(name));
  return [
    ...keys.filter((name) => !broken.has(name)).flatMap((name) => checkScript(config, name)),
    ...(broken.has('stages') ? [] : jobs.flatMap((job) => checkStages(config, job, broken))),
    ...jobs.flatMap((job) => checkNames(config, job)),
    ...checkCircles(jobs),
    ...jobs.flatMap(([name, job]) => checkRules(job.rules, [name, 'rules'], `jobs:${name}:rules:rule`)),
    ...(isMapping(config.workflow) && !broken.has('workflow')
      ? checkRules(config.workflow.rules, ['workflow', 'rules'], 'workflow:rules:rule')
      : []),
  ];
}

function checkScript(config: FlatConfig, name: string): JobMistake[] {
  const job = config[name];
  const code = twinFindings.SCRIPT;
  if (!isMapping(job) || !(hasAction(job) || mirrorsPipeline(job))) {
    const message = `jobs ${name} config should implement the script:, run:, or trigger: keyword`;
    return [{ code, path: [name], message }];
  }
  const { script } = job;
  const blank = script === null || script === '' || (Array.isArray(script) && script.length === 0);
  return blank ? [{ code, path: [name, 'script'], message: `jobs:${name} script can't be blank` }] : [];
}

function hasAction(job: Mapping): boolean {
  return ['script', 'run', 'trigger'].some((key) => job[key] !== undefined);
}

/** A job with nothing but `needs:pipeline` shows the status of another pipeline. */
function mirrorsPipeline({ needs }: Mapping): boolean {
  return listOf(needs).some(
    (need) => isMapping(need) && need.pipeline !== undefined && need.job === undefined,
  );
}

/** The stage GitLab gives a job that names none. */
const defaultStage = 'test';

const stageOf = (job: unknown) => String((isMapping(job) ? job.stage : undefined) ?? defaultStage);

function checkStages(
  config: FlatConfig,
  [name, job]: readonly [string, Mapping],
  broken: ReadonlySet<string>,
): JobMistake[] {
  const stages = stagesOf(config);
  const stage = stageOf(job);
  if (!stages.includes(stage)) {
    const message = `${name} job: chosen stage ${stage} does not exist; available stages are ${stages.join(', ')}`;
    return [{ code: twinFindings.STAGE, path: [name, 'stage'], message }];
  }
  const isLater = (other: string) => stages.indexOf(stageOf(config[other])) > stages.indexOf(stage);
  const later = (kind: 'need' | 'dependency', path: string, names: readonly string[]) =>
    names
      .filter((other, index) => names.indexOf(other) === index)
      .filter((other) => isMapping(config[other]) && !broken.has(other) && isLater(other))
      .map((other) => ({
        code: twinFindings.LATER_STAGE,
        path: [name, path],
        message: `${name} job: ${kind} ${other} is not defined in current or prior stages`,
      }));
  const needs = jobNeeds(job).map((need) => need.name);
  return [...later('need', 'needs', needs), ...later('dependency', 'dependencies', dependenciesOf(job))];
}

function checkNames(config: FlatConfig, [name, job]: readonly [string, Mapping]): JobMistake[] {
  const jobs = new Set(visibleKeys(config));
  const needs = jobNeeds(job).filter((need) => !need.optional && !jobs.has(keyOf(config, need.name)));
  const dependencies = dependenciesOf(job).filter((other) => !jobs.has(keyOf(config, other)));
  return [
    ...needs.map((need) => ({
      code: twinFindings.NEED_ABSENT,
      path: [name, 'needs'],
      message: `${name} job: undefined need: ${need.name}`,
    })),
    ...dependencies.map((other) => ({
      code: twinFindings.DEPENDENCY_ABSENT,
      path: [name, 'dependencies'],
      message: `${name} job: undefined dependency: ${other}`,
    })),
  ];
}

function checkCircles(jobs: readonly (readonly [string, Mapping])[]): readonly JobMistake[] {
  const graph = new Map(jobs.map(([name, job]) => [name, jobNeeds(job).map((need) => need.name)]));
  return circlesOf(graph).map((circle) => ({
    code: twinFindings.NEED_CIRCLE,
    path: [circle[0] ?? '', 'needs'],
    message: `The pipeline has circular dependencies: ${[...circle, circle[0]].join(' needs ')}`,
  }));
}

function dependenciesOf(job: Mapping): readonly string[] {
  return listOf(job.dependencies).filter((name) => typeof name === 'string');
}

// Without the index of the rule: behind a `!reference` it is another one than in the file.
function checkRules(rules: unknown, path: DataPath, name: string): JobMistake[] {
  return listOf(rules).flatMap((rule) => {
    const condition = (isMapping(rule) ? rule.if : undefined) ?? null;
    if (condition === null || (typeof condition === 'string' && parseExpression(condition))) return [];
    const message = `${name} if invalid expression syntax: ${String(condition)}`;
    return [{ code: twinFindings.RULE_IF, path, message }];
  });
}
