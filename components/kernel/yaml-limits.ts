import type { YamlProfile } from './yaml-scalars.ts';

export interface YamlLimits {
  /** UTF-8 bytes of the text. */
  readonly bytes: number;
  /** Values of all documents, keys and what aliases repeat included. */
  readonly nodes: number;
  /** Aliases of all documents. */
  readonly aliases: number;
  /** Collections inside each other, also through aliases. */
  readonly depth: number;
}

/** GitLab's own defaults are 2 MB (`max_yaml_size_bytes`) and 100 (`max_yaml_depth`). */
export const defaultYamlLimits: Readonly<Record<YamlProfile, YamlLimits>> = {
  manifest: { bytes: 1024 * 1024, nodes: 100_000, aliases: 1_000, depth: 100 },
  gitlab: { bytes: 2 * 1024 * 1024, nodes: 500_000, aliases: 10_000, depth: 100 },
};
