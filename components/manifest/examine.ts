import { parseYaml, type YamlProblems } from '../kernel/yaml.ts';
import { locateManifest } from '../kernel/yaml-locate.ts';
import type { YamlLocator } from '../kernel/yaml-positions.ts';
import { noNeighbours } from './neighbours.ts';
import { checkComponents } from './ossa-components/check.ts';
import type { Neighbours, Rule, RuleIssue } from './rule.ts';
import { checkStructure, type PlacedIssue } from './structure.ts';
import type { ManifestDocument, Structure } from './types.ts';

/** What is said about a document of a file, by the number of the document. */
export interface DocumentIssue {
  readonly document: number;
  readonly issue: PlacedIssue;
}

export type Examined =
  | { readonly readable: false; readonly problems: YamlProblems }
  | {
      readonly readable: true;
      readonly structure: Structure;
      readonly documents: readonly unknown[];
      readonly issues: readonly DocumentIssue[];
      /** Looks places of the text up. */
      readonly locate: () => YamlLocator;
    };

/**
 * Checks the text of one file: YAML, then the structure of each document, then its components and the rules, which never change the
 * verdict on the structure. Places are paths yet.
 */
export async function examineText(
  text: string,
  rules: readonly Rule[],
  neighbours: Neighbours = noNeighbours,
): Promise<Examined> {
  const parsed = parseYaml(text, 'manifest');
  if (!parsed.ok) return { readable: false, problems: parsed.problems };
  const documents = parsed.documents.length === 0 ? [null] : parsed.documents;
  const issues: DocumentIssue[] = [];
  let structure: Structure = 'valid';
  for (const [document, value] of documents.entries()) {
    const result = await checkStructure(value, document);
    if (result.issues.length > 0) structure = 'invalid';
    const found: PlacedIssue[] = [...result.issues];
    if (result.document !== undefined) {
      found.push(...(await checkComponents(result.document)));
      found.push(...(await applyRules(rules, result.document, neighbours)));
    }
    issues.push(...found.map((issue) => ({ document, issue })));
  }
  return { readable: true, structure, documents, issues, locate: () => locateManifest(text, parsed.events) };
}

async function applyRules(
  rules: readonly Rule[],
  document: ManifestDocument,
  neighbours: Neighbours,
): Promise<readonly PlacedIssue[]> {
  const placed: PlacedIssue[] = [];
  const keep = (rule: Rule, issues: readonly RuleIssue[]) =>
    placed.push(...issues.map((issue) => ({ ...issue, code: rule })));
  for (const rule of rules) {
    keep(rule, rule.check(document));
    if (rule.checkFurther !== undefined) keep(rule, await rule.checkFurther(document, neighbours));
  }
  return placed;
}
