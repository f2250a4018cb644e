import type { FindingCode, Severity } from '../kernel/finding.ts';
import type { DataPath } from '../kernel/place.ts';
import type { Wanted } from '../kernel/schema.ts';
import type { ManifestDocument } from './types.ts';

/** What is said about one place of a document. */
export interface RuleIssue {
  readonly path: DataPath;
  /** Whether the key or the value of the place is meant; the value unless said. */
  readonly target?: 'key' | 'value';
  readonly message: string;
  readonly expected?: string;
  readonly got?: string;
  readonly suggestion?: string;
  readonly fix?: string;
  /** What would have been right, for `--fix`. */
  readonly wants?: Wanted;
}

/** What lies beside a manifest, for rules that follow its references. */
export interface Neighbours {
  /**
   * The kinds of the documents in a file, `?` for one that is no manifest.
   *
   * @param path - as the manifest writes it, relative to its own folder
   * @returns undefined where no such file is in the repository
   */
  readonly kindsIn: (path: string) => Promise<readonly string[] | undefined>;
}

/**
 * A check of ours on top of the structure. It sees documents whose structure may be invalid, so it takes nothing
 * for granted, and it never changes the structure's verdict.
 */
export interface Rule extends FindingCode {
  /** File name; the code is made from it. */
  readonly id: string;
  readonly check: (document: ManifestDocument) => readonly RuleIssue[];
  /** The part of it that loads or reads something, where the document gives reason to: the rest costs no job a wait. */
  readonly checkFurther?: (
    document: ManifestDocument,
    neighbours: Neighbours,
  ) => Promise<readonly RuleIssue[]>;
}

interface RuleDeclaration {
  readonly id: string;
  readonly severity: Severity;
  /** What it reports and why that matters; docs/rules.md shows it. */
  readonly about: string;
  readonly check: Rule['check'];
  readonly checkFurther?: NonNullable<Rule['checkFurther']>;
}

/** Declares a rule; `fallback-expert` has the code `RULE_FALLBACK_EXPERT`. */
export function defineRule(declaration: RuleDeclaration): Rule {
  return { ...declaration, code: `RULE_${declaration.id.toUpperCase().replaceAll('-', '_')}` };
}
