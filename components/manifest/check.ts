import type { Finding } from '../kernel/finding.ts';
import { compareFindings } from '../kernel/finding.ts';
import { type DataPath, renderPath } from '../kernel/place.ts';
import { parseYaml } from '../kernel/yaml.ts';
import type { YamlLocator } from '../kernel/yaml-positions.ts';
import type { Rule } from './rule.ts';
import { checkStructure, type PlacedIssue } from './structure.ts';
import type { Structure } from './types.ts';

export interface CheckedText {
  readonly structure: Structure;
  readonly findings: readonly Finding[];
}

/**
 * Checks the text of one file: YAML, then the structure of each document, then rules. Positions are looked up
 * only where there is something to report, since the parser that knows them is about ten times slower.
 */
export async function checkText(file: string, text: string, rules: readonly Rule[]): Promise<CheckedText> {
  const parsed = parseYaml(text, 'manifest');
  if (!parsed.ok) {
    const { explainYaml } = await import('../kernel/yaml-positions.ts');
    const all = explainYaml(text, 'manifest');
    const problems = all.length > 0 ? all : parsed.problems;
    const findings = problems.map(({ code, ...problem }): Finding => {
      return { ...problem, code: code.code, severity: code.severity, file, path: '' };
    });
    return { structure: 'invalid', findings };
  }
  if (parsed.documents.length === 0) return checkDocuments(file, text, [null], rules);
  return checkDocuments(file, text, parsed.documents, rules);
}

async function checkDocuments(
  file: string,
  text: string,
  documents: readonly unknown[],
  rules: readonly Rule[],
): Promise<CheckedText> {
  const placed: { readonly document: number; readonly issue: PlacedIssue }[] = [];
  let structure: Structure = 'valid';
  for (const [index, value] of documents.entries()) {
    const result = await checkStructure(value, index);
    if (result.issues.length > 0) structure = 'invalid';
    const document = result.document;
    const found = document === undefined ? [] : rules.flatMap((rule) => applyRule(rule, document));
    placed.push(...[...result.issues, ...found].map((issue) => ({ document: index, issue })));
  }
  if (placed.length === 0) return { structure, findings: [] };
  const { locate } = await import('../kernel/yaml-positions.ts');
  const locator = locate(text, 'manifest');
  const findings = placed.map(({ document, issue }) => toFinding(file, locator, document, issue));
  return { structure, findings: findings.sort(compareFindings) };
}

function applyRule(rule: Rule, document: Parameters<Rule['check']>[0]): PlacedIssue[] {
  return rule.check(document).map((issue) => ({ ...issue, code: rule }));
}

function toFinding(file: string, locator: YamlLocator, document: number, issue: PlacedIssue): Finding {
  const { code, path, target, ...words } = issue;
  const place: DataPath = path;
  const { line, column } = locator(document, place, target ?? 'value');
  return { code: code.code, severity: code.severity, file, line, column, path: renderPath(place), ...words };
}
