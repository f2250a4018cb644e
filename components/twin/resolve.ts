import { Reference } from '../kernel/yaml.ts';
import { listOf } from './config.ts';
import { deepMerge, isMapping, type Mapping, mappingOf, without } from './render/merge.ts';
import type { FlatConfig } from './types.ts';

/** A mistake in how the parts of a configuration point to each other, in GitLab's words. */
export interface ResolveProblem {
  readonly kind: 'extends' | 'reference';
  /** The job, or other key of the configuration, it stands in. */
  readonly job: string;
  readonly message: string;
}

export interface Resolved {
  /** What the jobs of problems lack is left out or null in it. */
  readonly config: FlatConfig;
  readonly problems: readonly ResolveProblem[];
}

/** GitLab's limits: `extends` in 10 levels, `!reference` in 10. */
const deepest = 10;

/**
 * Puts in place what `extends` and `!reference` point to, in GitLab's order, and flattens the lists of scripts and
 * rules that references nest. Reports every mistake.
 */
export function resolveConfig(config: FlatConfig): Resolved {
  const problems: ResolveProblem[] = [];
  const extended = mappingOf(
    Object.entries(config).map(([name, value]) => [
      name,
      isMapping(value) && value.extends !== undefined ? extend(config, name, value, [name], problems) : value,
    ]),
  );
  const resolved = mappingOf(
    Object.entries(extended).map(([name, value]) => [name, follow(extended, name, value, [], problems)]),
  );
  const flat = mappingOf(Object.entries(resolved).map(([name, value]) => [name, flatten(value)]));
  return { config: flat, problems };
}

function extend(
  config: FlatConfig,
  job: string,
  value: Mapping,
  chain: readonly string[],
  problems: ResolveProblem[],
): Mapping {
  const parents = listOf(value.extends).map(String);
  const say = (message: string) => problems.push({ kind: 'extends', job, message: `${job}: ${message}` });
  let merged: Mapping = {};
  for (const parent of parents) {
    const base = config[parent];
    if (!isMapping(base)) say(`unknown keys in \`extends\` (${parent})`);
    else if (chain.includes(parent)) say('circular dependency detected in `extends`');
    else if (chain.length > deepest) say('nesting too deep in `extends`');
    else {
      const whole =
        base.extends === undefined ? base : extend(config, job, base, [...chain, parent], problems);
      merged = deepMerge(merged, whole);
    }
  }
  return without(deepMerge(merged, value), 'extends');
}

function follow(
  config: FlatConfig,
  job: string,
  value: unknown,
  chain: readonly string[],
  problems: ResolveProblem[],
): unknown {
  if (value instanceof Reference) return target(config, job, value, chain, problems);
  if (Array.isArray(value)) return value.map((item) => follow(config, job, item, chain, problems));
  if (!isMapping(value)) return value;
  return mappingOf(
    Object.entries(value).map(([key, item]) => [key, follow(config, job, item, chain, problems)]),
  );
}

function target(
  config: FlatConfig,
  job: string,
  reference: Reference,
  chain: readonly string[],
  problems: ResolveProblem[],
): unknown {
  const written = `!reference ${JSON.stringify(reference.path)}`;
  const say = (message: string) => {
    problems.push({ kind: 'reference', job, message: `${written} ${message}` });
    return null;
  };
  if (chain.includes(written)) return say('is part of a circular chain');
  if (chain.length >= deepest) return say('is nested too deep');
  let value: unknown = config;
  for (const key of reference.path) {
    const place =
      value instanceof Reference ? target(config, job, value, [...chain, written], problems) : value;
    value = isMapping(place) && Object.hasOwn(place, String(key)) ? place[String(key)] : undefined;
  }
  if (value === undefined) return say('could not be found');
  return follow(config, job, value, [...chain, written], problems);
}

const flattened = ['script', 'before_script', 'after_script', 'rules'];

function flatten(value: unknown): unknown {
  if (!isMapping(value)) return value;
  return mappingOf(
    Object.entries(value).map(([key, item]) => [
      key,
      flattened.includes(key) && Array.isArray(item) ? item.flat(deepest) : item,
    ]),
  );
}

/** The commands of a job in the order they run, with what it inherits. */
export function scriptOf(config: FlatConfig, job: Mapping): readonly string[] {
  const defaults = isMapping(config.default) ? config.default : {};
  const { inherit } = job;
  const inherited = isMapping(inherit) ? inherit.default : undefined;
  const lines = (key: string): string[] => {
    const takes = Array.isArray(inherited) ? inherited.includes(key) : inherited !== false;
    const value = job[key] ?? (takes && key !== 'script' ? (defaults[key] ?? config[key]) : undefined);
    return listOf(value).filter((line) => typeof line === 'string');
  };
  return [...lines('before_script'), ...lines('script'), ...lines('after_script')];
}
