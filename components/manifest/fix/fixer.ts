import type { YamlEdit } from '../../kernel/yaml-edit/edit.ts';
import type { PlacedIssue } from '../structure.ts';
import type { Data } from '../types.ts';

/** What mends one mistake. */
export interface Mend {
  /** All of them or none is made, one after the other. */
  readonly edits: readonly YamlEdit[];
  /** For the report: `scanner → custom`. */
  readonly says: string;
}

/** Knows the one right answer to mistakes of a kind, or that there is none. It reads and changes nothing. */
export interface Fixer {
  /** File name. */
  readonly id: string;
  /** What it changes, and why that is the one right answer; docs/rules.md shows it. */
  readonly about: string;
  readonly plan: (issue: PlacedIssue, document: Data) => Mend | undefined;
}

export function defineFixer(fixer: Fixer): Fixer {
  return fixer;
}
