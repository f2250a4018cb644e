import { isMapping, listOf, type Mapping } from '../config.ts';
import type { FlatConfig } from '../types.ts';
import type { Project } from '../world/project.ts';
import { withDefaults } from './defaults.ts';
import { parseDuration } from './durations.ts';
import type { ExpandedJob } from './expand.ts';
import { expandText } from './expansion.ts';
import { namesFor, readNeeds } from './needs.ts';
import { readTrigger } from './trigger-spec.ts';
import type { JobSpec, RetrySpec } from './types.ts';
import { mergeYamlVariables, readYamlVariables } from './yaml-variables.ts';

/** A job with what is known of it before its rules are looked at. */
export type Draft = Omit<JobSpec, 'needs' | 'dependencies' | 'resourceGroup' | 'idTokens' | 'timeoutSeconds'>;

/** Describes a job, with the rule that lets it in. */
export function draftOf(config: FlatConfig, expanded: ExpandedJob, rule: Mapping | undefined): Draft {
  const { name, key, node, matrix } = expanded;
  const job = withDefaults(config, expanded.job);
  const when = String(rule?.when ?? job.when ?? 'on_success') as JobSpec['when'];
  const start = rule?.start_in ?? job.start_in;
  const matrixVariables = Object.entries(matrix).map(([name, value]) => ({ key: name, value, raw: false }));
  const own = mergeYamlVariables(readYamlVariables(job.variables), matrixVariables);
  const inherit = isMapping(job.inherit) ? job.inherit.variables : undefined;
  return {
    ...{ name, key, node, when, config: job },
    stage: typeof job.stage === 'string' ? job.stage : 'test',
    kind: job.trigger === undefined ? 'build' : 'bridge',
    allowFailure: readAllowFailure(job, rule),
    retry: readRetry(job.retry),
    startInSeconds: when === 'delayed' ? parseDuration(start) : undefined,
    interruptible: (rule?.interruptible ?? job.interruptible) === true,
    trigger: readTrigger(job.trigger),
    variables: mergeYamlVariables(own, readYamlVariables(rule?.variables)),
    inheritVariables: Array.isArray(inherit) ? inherit.map(String) : inherit !== false,
  };
}

/**
 * The whole of a job's description, once its variables can be expanded.
 *
 * @param all - every job of the pipeline, which names in `needs` and `dependencies` stand for
 */
export function specOf(
  draft: Draft,
  rule: Mapping | undefined,
  expanded: ExpandedJob,
  all: readonly ExpandedJob[],
  project: Project,
  variables: ReadonlyMap<string, string>,
): JobSpec {
  const { config: job } = draft;
  const dependencies = Array.isArray(job.dependencies) ? job.dependencies.map(String) : undefined;
  const group = job.resource_group;
  return {
    ...draft,
    needs: readNeeds(rule?.needs ?? job.needs, expanded, all, variables),
    dependencies: dependencies?.flatMap((name) => namesFor(all, name)),
    resourceGroup: typeof group === 'string' ? expandText(group, variables) : undefined,
    timeoutSeconds: parseDuration(job.timeout) ?? project.settings.build_timeout,
    idTokens: readIdTokens(job.id_tokens, variables),
  };
}

// A job that is manual by itself may fail, one that a rule makes manual may not, unless it says so.
function readAllowFailure(job: Mapping, rule: Mapping | undefined): JobSpec['allowFailure'] {
  if (typeof rule?.allow_failure === 'boolean') return rule.allow_failure;
  const { allow_failure: allowed } = job;
  if (isMapping(allowed)) return listOf(allowed.exit_codes).map(Number);
  return typeof allowed === 'boolean' ? allowed : job.when === 'manual';
}

function readRetry(retry: unknown): RetrySpec {
  if (typeof retry === 'number') return { max: retry, when: ['always'], exitCodes: [] };
  if (!isMapping(retry)) return { max: 0, when: [], exitCodes: [] };
  const when = listOf(retry.when).map(String);
  const exitCodes = listOf(retry.exit_codes).map(Number);
  return {
    max: typeof retry.max === 'number' ? retry.max : 0,
    when: when.length === 0 && exitCodes.length === 0 ? ['always'] : when,
    exitCodes,
  };
}

function readIdTokens(tokens: unknown, variables: ReadonlyMap<string, string>): JobSpec['idTokens'] {
  if (!isMapping(tokens)) return {};
  const read = Object.entries(tokens).map(([name, token]) => {
    const aud = isMapping(token) ? listOf(token.aud).map((one) => expandText(String(one), variables)) : [];
    return [name, { aud }] as const;
  });
  return Object.fromEntries(read);
}
