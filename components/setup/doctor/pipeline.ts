import { inRules } from '../../gitlab/ci-context.ts';
import { valueAt } from '../../kernel/place.ts';
import { parseYaml } from '../../kernel/yaml.ts';
import type { HandOff } from '../check-hand-off.ts';
import type { Known } from '../types.ts';
import { foldCondition } from './conditions.ts';

/** A configuration with all that it includes, as GitLab merged it. */
export interface MergedPipeline {
  readonly jobs: readonly MergedJob[];
  /** Undefined where the configuration has none. */
  readonly workflow: readonly MergedRule[] | undefined;
}

export interface MergedJob {
  readonly name: string;
  readonly stage: string;
  /** Its commands, a line each. */
  readonly script: string;
  readonly allowFailure: unknown;
  readonly when: string | undefined;
  /** Undefined where it has none: then it runs in every pipeline but those of merge requests. */
  readonly rules: readonly MergedRule[] | undefined;
  /** Whether it has `only` or `except`, which are not read. */
  readonly hasOnly: boolean;
  readonly tags: readonly string[];
}

export interface MergedRule {
  /** Empty: it always holds. Rules that never hold are left out. */
  readonly condition: string;
  readonly when: string | undefined;
}

/** Keys of a configuration that are no jobs. Source: docs.gitlab.com/ci/yaml, "Global keywords" */
const keywords = [
  ...['default', 'include', 'stages', 'variables', 'workflow', 'spec', 'image', 'services', 'cache'],
  ...['before_script', 'after_script'],
];

/** Undefined where it is no YAML. */
export function parsePipeline(mergedYaml: string): MergedPipeline | undefined {
  const parsed = parseYaml(mergedYaml, 'gitlab');
  if (!parsed.ok) return undefined;
  const document = parsed.documents.at(-1);
  if (typeof document !== 'object' || document === null) return { jobs: [], workflow: undefined };
  const jobs = Object.entries(document)
    .filter(([name, job]) => !name.startsWith('.') && !keywords.includes(name) && isRecord(job))
    .map(([name, job]) => jobOf(name, job));
  return { jobs, workflow: rulesOf(valueAt(document, ['workflow', 'rules'])) };
}

function jobOf(name: string, job: unknown): MergedJob {
  const at = (key: string) => valueAt(job, [key]);
  return {
    name,
    stage: textOf(at('stage')) ?? 'test',
    script: linesOf(at('script')),
    allowFailure: at('allow_failure'),
    when: textOf(at('when')),
    rules: rulesOf(at('rules')),
    hasOnly: at('only') !== undefined || at('except') !== undefined,
    tags: [at('tags')].flat(3).flatMap((tag) => textOf(tag) ?? []),
  };
}

function rulesOf(value: unknown): readonly MergedRule[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.flat(3).flatMap((rule) => {
    const when = textOf(valueAt(rule, ['when']));
    const folded = foldCondition(textOf(valueAt(rule, ['if'])) ?? '');
    if ('text' in folded) return [{ condition: folded.text, when }];
    return folded.always ? [{ condition: '', when }] : [];
  });
}

function linesOf(value: unknown): string {
  return [value]
    .flat(5)
    .flatMap((line) => textOf(line) ?? [])
    .join('\n');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** GitLab makes no pipeline of jobs in .pre and .post alone. */
export function makesPipeline({ stage }: { readonly stage: string }): boolean {
  return stage !== '.pre' && stage !== '.post';
}

/** A job that runs a command of ours, with the flags it is given. */
export interface OurJob {
  readonly job: MergedJob;
  readonly prefix: string;
  readonly flag: (name: string) => string | undefined;
}

/** Jobs whose script is that of our component, `pipewright gate --job-prefix=x …`, without those whose rules never hold. */
export function ourJobs({ jobs }: MergedPipeline, command: string): readonly OurJob[] {
  const call = new RegExp(`^\\S+ ${command} --job-prefix=(\\S+)`, 'm');
  return jobs.flatMap((job) => {
    const prefix = call.exec(job.script)?.[1];
    if (prefix === undefined || job.rules?.length === 0) return [];
    return [{ job, prefix, flag: (name: string) => flagIn(job.script, name) }];
  });
}

/** How the jobs of `gate` hand off. */
export function handOffsOf(pipeline: Known<MergedPipeline>): Known<readonly HandOff[]> {
  if (!pipeline.known) return pipeline;
  const value = ourJobs(pipeline.value, 'gate').map(({ job, flag }) => ({
    always: flag('hand-off') === 'always',
    afterFailures: job.when === 'always' || job.rules?.some(({ when }) => when === 'always') === true,
  }));
  return { known: true, value };
}

function flagIn(script: string, name: string): string | undefined {
  return new RegExp(`(?<=\\s)--${name}=(\\S*)`).exec(script)?.[1];
}

const inRequests = new RegExp(`(?<!!= *["'])merge_request_event|\\$${inRules.mergeRequest}`);
const requestsAlone = new RegExp(`^\\(*\\$${inRules.source} *== *["']merge_request_event["']\\)*$`);
/** Tags, and the default branch. */
const elsewhere = new RegExp(`\\$(${inRules.tag}|${inRules.defaultBranch})`);

/**
 * Whether a job may be in pipelines of merge requests, and in those of branches that are not the default one. The first rule
 * that holds decides; a condition that says neither counts as one of branches.
 */
export function kindsOf({ rules }: Pick<MergedJob, 'rules'>): {
  readonly request: boolean;
  readonly branch: boolean;
} {
  if (rules === undefined) return { request: false, branch: true };
  const kinds = { request: false, branch: false };
  let isRequestShut = false;
  for (const { condition, when } of rules) {
    if (when === 'never' && condition === '') break;
    if (when === 'never') isRequestShut ||= requestsAlone.test(condition);
    if (when === 'never') continue;
    const isAbout = inRequests.test(condition);
    kinds.request ||= !isRequestShut && (condition === '' || isAbout);
    kinds.branch ||= (!isAbout || condition.includes('||')) && !elsewhere.test(condition);
    if (condition === '') break;
  }
  return kinds;
}

/** What is so in no pipeline of a merge request. */
const notInRequests = new RegExp(
  `\\$(?:${inRules.branch}|${inRules.tag})\\b|\\$${inRules.source} *(?:== *["'](?!merge_request_event)|!= *["']merge_request_event)`,
);

/** Whether rules may let something run in a pipeline of a merge request: a condition about something else may hold there. */
export function mayBeInRequests(rules: readonly MergedRule[]): boolean {
  if (kindsOf({ rules }).request) return true;
  for (const { condition, when } of rules) {
    if (when === 'never' && (condition === '' || requestsAlone.test(condition))) return false;
    if (when !== 'never' && condition !== '' && !notInRequests.test(condition)) return true;
  }
  return false;
}
