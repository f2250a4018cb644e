import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import { assertNoLinks, writeFileAtomic } from '../../components/kernel/files.ts';
import { redactData } from '../../components/kernel/redact.ts';
import { makeBundle, renderBundle } from '../../components/policy/bundle/bundle.ts';
import { errors } from '../../components/policy/errors.ts';
import type { PolicyInputs } from './policy-inputs.ts';
import { readLevels } from './policy-levels.ts';
import { hasMistakes, runAll } from './policy-test.ts';
import { printFindings } from './print-findings.ts';

/**
 * Writes a folder's policies as one file. What does not compile, whose tests fail, or with required coverage has none, is not
 * built. @throws POLICY_VERSION_MISSING, POLICY_NONE, FILE_UNWRITABLE
 */
export async function buildPolicies(context: Context, inputs: PolicyInputs): Promise<ExitCode> {
  const { version, policies, bundle: file, coverage } = inputs;
  if (version === undefined) throw errors.VERSION_MISSING(undefined);
  const levels = await readLevels(context, inputs);
  const tested = await runAll(context, levels, inputs);
  const isBad = hasMistakes(tested) || (coverage === 'required' && tested.covered < tested.policies);
  if (isBad) {
    const checked = [{ path: policies, findings: redactData(context.redact, tested.findings) }];
    await printFindings(context, checked, checked);
    context.print(`not built: ${file} would hold policies with mistakes\n`);
    return exitCodes.findings;
  }
  // From the folder on: where it lies is no part of what it says.
  const prefix = `${policies.replace(/\/+$/, '')}/`;
  const inside = levels.files.map(({ path, text }) => ({ path: path.slice(prefix.length), text }));
  const bundle = makeBundle(inside, version);
  await assertNoLinks(context, file);
  await writeFileAtomic(context, file, renderBundle(bundle));
  const said = { file, version, digest: bundle.digest, policies: tested.policies, tests: tested.passed };
  context.print(
    inputs.json
      ? `${JSON.stringify(said, undefined, 2)}\n`
      : `written ${file}: ${tested.policies} policies, version ${version}, ${bundle.digest}\n`,
  );
  return exitCodes.ok;
}
