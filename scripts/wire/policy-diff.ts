import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import { redactData } from '../../components/kernel/redact.ts';
import { compareDecisions, type RecordedRequest } from '../../components/policy/compare.ts';
import { createEngine } from '../../components/policy/engine.ts';
import { errors } from '../../components/policy/errors.ts';
import type { ParsedLevel } from '../../components/policy/types.ts';
import { renderDifferences } from '../../components/policy/words.ts';
import type { PolicyInputs } from './policy-inputs.ts';
import { readLevels } from './policy-levels.ts';
import { readRequests } from './policy-requests.ts';
import { printFindings } from './print-findings.ts';

/** Says which recorded requests the policies decide otherwise than they were decided, or than other policies decide them. */
export async function diffPolicies(
  context: Context,
  inputs: PolicyInputs,
  reports: readonly string[],
): Promise<ExitCode> {
  const { all } = await readLevels(context, inputs, true);
  const { against } = inputs;
  const others =
    against === '' ? undefined : (await readLevels(context, { ...inputs, policies: against })).all;
  if (await areBroken(context, [...all, ...(others ?? [])])) return exitCodes.findings;
  const recorded: RecordedRequest[] = [];
  const given = all.map(({ name }) => name).join(', ');
  for (const file of reports) {
    const { requests, without, levels } = await readRequests(context, file);
    const known = levels?.join(', ') ?? 'none';
    if (others === undefined && requests.length > 0 && known !== given)
      throw errors.LEVELS_DIFFER({ file, recorded: known, given });
    if (without > 0)
      context.log.info(`${file}: ${without} requests without facts; no policy was asked about them`);
    recorded.push(...requests.map((one) => ({ ...one, name: `${file}: ${one.name}` })));
  }
  const engine = createEngine(all);
  const found = compareDecisions(recorded, engine, others && createEngine(others));
  const shown = redactData(context.redact, found);
  context.print(
    inputs.json
      ? `${JSON.stringify({ requests: recorded.length, differences: shown }, undefined, 2)}\n`
      : renderDifferences(shown, recorded.length),
  );
  return found.length > 0 ? exitCodes.findings : exitCodes.ok;
}

/** Prints the mistakes of policies, which would decide nothing. */
export async function areBroken(context: Context, levels: readonly ParsedLevel[]): Promise<boolean> {
  const findings = redactData(context.redact, [...new Set(levels.flatMap((level) => level.findings))]);
  const checked = [{ path: '', findings }];
  await printFindings(context, checked, checked);
  return levels.some(({ broken }) => broken.length > 0);
}
