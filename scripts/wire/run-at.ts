import { renderDecision } from '../../components/decide/words.ts';
import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import type { Finding } from '../../components/kernel/finding.ts';
import { redactData } from '../../components/kernel/redact.ts';
import { createSandbox } from '../../components/sandbox/create.ts';
import { type Carried, goOn } from './continuation.ts';
import { exitOf } from './decision.ts';
import { printFindings } from './print-findings.ts';
import { writeFiles } from './run-files.ts';
import { readRunnable } from './run-manifest.ts';
import type { RunPlace, RunPolicies } from './run-place.ts';
import { printEnd } from './run-print.ts';
import { runSession, type SessionInputs } from './run-session.ts';
import { missingTools } from './run-tools.ts';

export interface RunInputs extends SessionInputs, RunPolicies {
  readonly agent: string;
  readonly continuation: boolean;
  readonly carried: Carried;
  readonly hop: number;
  readonly 'job-prefix': string;
}

/** Checks the manifest of a place, asks the policies where they are asked, runs it and writes what came of it. */
export async function runAt(
  context: Context,
  place: RunPlace,
  folder: string,
  inputs: RunInputs,
): Promise<ExitCode> {
  const sandbox = createSandbox(context);
  const runnable = await readRunnable(place.manifest, await missingTools(place, sandbox));
  await show(context, place.manifest.path, runnable.findings);
  if (!runnable.ok) return exitCodes.findings;
  const allowed = await askPolicies(context, place, inputs);
  if (allowed !== exitCodes.ok) return allowed;
  const ran = await runSession(context, place, runnable, { ...inputs, sandbox });
  await writeFiles(context, folder, place, runnable, ran);
  context.log.info(`result and proposals are in ${folder}`);
  const { continuation, carried, hop } = inputs;
  const next = await goOn(context, ran, { continuation, carried, hop, prefix: inputs['job-prefix'] });
  return printEnd(context, ran, { agent: inputs.agent, next });
}

/** Where a session has something to lose: says what policies answer, and gives the exit code of that. */
async function askPolicies(context: Context, { ask }: RunPlace, folders: RunPolicies): Promise<ExitCode> {
  if (ask === undefined) return exitCodes.ok;
  const { report, findings } = await ask(folders);
  await show(context, folders.policies, findings);
  context.print(renderDecision(redactData(context.redact, report)));
  return exitOf(report.verdict, 'enforce');
}

async function show(context: Context, path: string, findings: readonly Finding[]): Promise<void> {
  const file = { path, findings: redactData(context.redact, findings) };
  await printFindings(context, [file], [file]);
}
