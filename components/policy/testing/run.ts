import type { Finding } from '../../kernel/finding.ts';
import { createEngine } from '../engine.ts';
import { policyFindings as codes } from '../findings.ts';
import { type IssueOfDocument, placeIssues } from '../place-issues.ts';
import type { ParsedLevel, PolicyDecision } from '../types.ts';
import type { TestCase } from './types.ts';

export interface TestRun {
  readonly passed: number;
  readonly failed: readonly TestCase[];
  readonly findings: readonly Finding[];
}

/**
 * Decides each case by levels, the widest first, and holds it against what is wanted: the decision, and exactly the policies
 * that decide and warn. Ids without a level are of the one that is tested.
 */
export function runTests(
  levels: readonly ParsedLevel[],
  tested: string,
  cases: readonly TestCase[],
): TestRun {
  const engine = createEngine(levels);
  const failed: TestCase[] = [];
  const issues: IssueOfDocument[] = [];
  for (const one of cases) {
    const { decision, by, warnings = [] } = one.wanted;
    const got = inWords(engine.decide(one.request));
    const full = (ids: readonly string[]) => ids.map((id) => withLevel(id, tested));
    const expected = phrase(decision, full(by), full(warnings));
    if (got === expected) continue;
    failed.push(one);
    issues.push({
      at: one.place,
      issue: {
        ...{ code: codes.TEST_FAILED, path: ['spec', 'cases', one.index], expected, got },
        message: `"${one.name}" is decided otherwise: ${got}`,
      },
    });
  }
  return { passed: cases.length - failed.length, failed, findings: placeIssues(issues) };
}

/** `deny by default/four-eyes`, with `!` before what cannot be evaluated. */
export function inWords({ effect, policies, warnings }: PolicyDecision): string {
  const ids = (rows: PolicyDecision['policies']) =>
    rows.map((row) => `${row.effect === 'error' ? '!' : ''}${row.id}`);
  return phrase(effect, ids(policies), ids(warnings));
}

function phrase(decision: string, by: readonly string[], warnings: readonly string[]): string {
  const warned = warnings.length === 0 ? '' : `, warned by ${[...warnings].sort().join(', ')}`;
  return `${decision} by ${by.length === 0 ? 'none' : [...by].sort().join(', ')}${warned}`;
}

function withLevel(id: string, level: string): string {
  const [, mark = '', name = ''] = /^(!?)(.*)$/.exec(id) ?? [];
  return name.includes('/') ? id : `${mark}${level}/${name}`;
}
