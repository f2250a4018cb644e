import type { Finding } from '../kernel/finding.ts';
import { compareFindings } from '../kernel/finding.ts';
import { once } from '../kernel/once.ts';
import { renderPath } from '../kernel/place.ts';
import type { YamlLocator } from '../kernel/yaml-positions.ts';
import { deviations } from './deviations.ts';
import { type DocumentIssue, type Examined, examineText } from './examine.ts';
import { detectFeatures, type FeatureId } from './features/features.ts';
import type { Neighbours, Rule } from './rule.ts';
import type { Structure } from './types.ts';

export interface CheckedText {
  readonly structure: Structure;
  readonly findings: readonly Finding[];
  /** What the file uses of OSSA; undefined where it cannot be read. */
  readonly features?: readonly FeatureId[];
}

/**
 * Checks the text of one file and says where everything stands; positions are looked up only where there is something to
 * report.
 */
export async function checkText(
  file: string,
  text: string,
  rules: readonly Rule[],
  neighbours?: Neighbours,
): Promise<CheckedText> {
  return placeFindings(file, text, await examineText(text, rules, neighbours));
}

const loadPositions = once(() => import('../kernel/yaml-positions.ts'));

/** Gives what was found in a text its lines and columns. */
export async function placeFindings(file: string, text: string, examined: Examined): Promise<CheckedText> {
  if (!examined.readable) {
    const { explainYaml } = await loadPositions();
    const findings = explainYaml(text, 'manifest', examined.problems).map(({ code, ...problem }): Finding => {
      return { ...problem, code: code.code, severity: code.severity, file, path: '' };
    });
    return { structure: 'invalid', findings };
  }
  const { structure, issues } = examined;
  const features = detectFeatures(examined.documents);
  if (issues.length === 0) return { structure, findings: [], features };
  const locator = examined.locate();
  const findings = issues.map((issue) => toFinding(file, locator, issue));
  return { structure, findings: findings.sort(compareFindings), features };
}

function toFinding(file: string, locator: YamlLocator, { document, issue }: DocumentIssue): Finding {
  const { code, path, target, wants: _, deviation, ...words } = issue;
  const { line, column } = locator(document, path, target ?? 'value');
  const why = deviations.find(({ id }) => id === deviation);
  return {
    ...{ code: code.code, severity: code.severity, file, line, column, path: renderPath(path), ...words },
    ...(why === undefined ? {} : { deviation: `${why.reason} (${why.id})` }),
  };
}
