import { jobNames } from './render/jobs.ts';
import { isMapping, type Mapping, mappingOf } from './render/merge.ts';
import type { FlatConfig } from './types.ts';

export { isMapping, type Mapping } from './render/merge.ts';

/** The jobs of a configuration by name, hidden ones left out. */
export function jobsOf(config: FlatConfig): readonly (readonly [string, Mapping])[] {
  return jobNames(config).map((name) => [name, config[name] as Mapping] as const);
}

/** All keys that GitLab takes for jobs that run, whatever stands there. */
export function visibleKeys(config: FlatConfig): readonly string[] {
  return jobNames(mappingOf(Object.keys(config).map((key) => [key, {}])));
}

/** The stages of a pipeline in order, with those GitLab puts around them. */
export function stagesOf({ stages }: FlatConfig): readonly string[] {
  const own = Array.isArray(stages)
    ? stages.filter((stage) => typeof stage === 'string')
    : ['build', 'test', 'deploy'];
  return ['.pre', ...own.filter((stage) => stage !== '.pre' && stage !== '.post'), '.post'];
}

/** The key a job of `parallel` stands for: `test: [linux, 24]`, `test 1/3`, with gitlab-ci-local `test: [1/3]`. */
export function keyOf(config: FlatConfig, name: string): string {
  if (isMapping(config[name])) return name;
  const key = jobsOf(config).find(
    ([job, { parallel }]) =>
      parallel !== undefined && name.startsWith(job) && /^(: \[.*\]| \d+\/\d+)$/.test(name.slice(job.length)),
  );
  return key?.[0] ?? name;
}

/** A value that may be one item or a list of them. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
