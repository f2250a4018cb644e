import type { Finding } from '../kernel/finding.ts';
import type { FeatureId } from './features/features.ts';

export const kinds = ['Agent', 'Task', 'Workflow', 'Flow', 'Skill', 'Validator'] as const;
export type Kind = (typeof kinds)[number];

export type Data = Readonly<Record<string, unknown>>;

/** One document of a file. */
export interface ManifestDocument {
  /** Position among the file's documents, from 0. */
  readonly index: number;
  readonly data: Data;
  readonly kind: Kind;
}

/** Whether the file satisfies the OSSA version it declares; rules of our own never change it. */
export type Structure = 'valid' | 'invalid';

/** What is known of one file after all checks. */
export interface CheckedManifest {
  /** Relative to the working directory, with `/`. */
  readonly path: string;
  /** Of the file's bytes; undefined when they could not be read. */
  readonly digest: string | undefined;
  readonly structure: Structure;
  /** Ids of the features it uses (features/); absent where it cannot be read. */
  readonly features?: readonly FeatureId[] | undefined;
  readonly findings: readonly Finding[];
}
