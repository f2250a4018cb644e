import type { FindingCode, Severity } from '../kernel/finding.ts';
import type { Node, Piece, Pipeline } from './types.ts';

/** What is said about one place of a configuration. */
export interface Issue {
  readonly node: Node;
  /** Whether its key is meant. */
  readonly target?: 'key' | 'value';
  /** A part of its text, for places within a script. */
  readonly piece?: Piece;
  readonly message: string;
  readonly expected?: string;
  readonly got?: string;
  readonly fix?: string;
}

/** A check of a pipeline. */
export interface Rule extends FindingCode {
  /** File name; the code is made from it, and waivers name it. */
  readonly id: string;
  /** Configurations that it reports, and ones close to them that it does not: documentation and test at once. */
  readonly bad: string;
  readonly good: string;
  readonly check: (pipeline: Pipeline) => readonly Issue[];
}

interface RuleDeclaration {
  readonly id: string;
  readonly severity: Severity;
  /** What it reports and why that matters; docs/lint-ci.md shows it. */
  readonly about: string;
  readonly bad: string;
  readonly good: string;
  readonly check: Rule['check'];
}

/** Declares a rule; `debug-trace` has the code `LINT_DEBUG_TRACE`. */
export function defineRule(declaration: RuleDeclaration): Rule {
  return { ...declaration, code: `LINT_${declaration.id.toUpperCase().replaceAll('-', '_')}` };
}
