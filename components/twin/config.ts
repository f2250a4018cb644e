import { jobNames } from './render/jobs.ts';
import { isMapping, type Mapping } from './render/merge.ts';
import type { FlatConfig } from './types.ts';

export { isMapping, type Mapping } from './render/merge.ts';

/** The jobs of a configuration by name, hidden ones left out. */
export function jobsOf(config: FlatConfig): readonly (readonly [string, Mapping])[] {
  return jobNames(config).map((name) => [name, config[name] as Mapping] as const);
}

/** The key an expanded job name (`test: [1/3]`, `test: [linux, 24]`) stands for. */
export function keyOf(config: FlatConfig, name: string): string {
  if (isMapping(config[name])) return name;
  const key = jobsOf(config).find(
    ([job, { parallel }]) => parallel !== undefined && name.startsWith(`${job}: [`),
  );
  return key?.[0] ?? name;
}

/** A value that may be one item or a list of them. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
