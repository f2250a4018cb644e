import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import type { Finding } from '../../components/kernel/finding.ts';
import { redactData } from '../../components/kernel/redact.ts';
import { type Analysis, analyse } from '../../components/policy/analysis/analyse.ts';
import { coverageOf, uncovered } from '../../components/policy/testing/coverage.ts';
import { parseTests, testSuffix } from '../../components/policy/testing/parse.ts';
import { runTests } from '../../components/policy/testing/run.ts';
import { readFolder } from './apply-policies.ts';
import type { PolicyInputs } from './policy-inputs.ts';
import { type Levels, readLevels } from './policy-levels.ts';
import { printFindings } from './print-findings.ts';

export interface Tested {
  readonly passed: number;
  readonly failed: number;
  readonly policies: number;
  readonly covered: number;
  readonly analysis: Analysis['counts'];
  readonly findings: readonly Finding[];
}

/** Runs the tests of policies and says what can be said without them. */
export async function testPolicies(context: Context, inputs: PolicyInputs): Promise<ExitCode> {
  const tested = await runAll(context, await readLevels(context, inputs), inputs);
  const shown = redactData(context.redact, tested);
  if (inputs.json) context.print(`${JSON.stringify(shown, undefined, 2)}\n`);
  else {
    const checked = [{ path: inputs.policies, findings: shown.findings }];
    await printFindings(context, checked, checked);
    context.print(renderTested(shown));
  }
  const isBad = hasMistakes(tested) || (inputs.coverage === 'required' && tested.covered < tested.policies);
  return isBad ? exitCodes.findings : exitCodes.ok;
}

/** Where a policy has a mistake nothing is decided, so no test is run. */
export async function runAll(
  context: Context,
  { all, own }: Levels,
  { policies: folder }: Pick<PolicyInputs, 'policies'>,
): Promise<Tested> {
  const files = folder.endsWith('.json')
    ? []
    : await readFolder(context, folder.replace(/\/+$/, ''), testSuffix);
  const { cases, findings: ofTests } = await parseTests(files ?? []);
  const found = [...all.flatMap(({ findings }) => findings), ...ofTests];
  const isBroken = all.some(({ broken }) => broken.length > 0);
  const run = isBroken ? undefined : runTests(all, own.name, cases);
  const coverage = coverageOf(
    own,
    cases.map(({ request }) => request),
  );
  const { counts, findings: ofAnalysis } = analyse(own);
  return {
    ...{ passed: run?.passed ?? 0, failed: run?.failed.length ?? 0, policies: own.policies.length },
    covered: coverage.filter(({ held, stayedOut }) => held && stayedOut).length,
    analysis: counts,
    findings: [...found, ...(run?.findings ?? []), ...uncovered(coverage), ...ofAnalysis],
  };
}

export function hasMistakes({ findings }: Tested): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

function renderTested({ passed, failed, policies, covered, analysis }: Tested): string {
  const known = policies - analysis.unknown;
  return [
    `tests: ${passed} passed, ${failed} failed`,
    `policies: ${policies}, of which tests show both sides of ${covered}`,
    `analysis: ${known} tried with all values of their facts, ${analysis.unknown} unknown, since theirs are not finite`,
    '',
  ].join('\n');
}
