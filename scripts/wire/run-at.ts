import { renderDecision } from '../../components/decide/words.ts';
import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import type { Finding } from '../../components/kernel/finding.ts';
import { redactData } from '../../components/kernel/redact.ts';
import { createSandbox } from '../../components/sandbox/create.ts';
import { createNoSandbox } from '../../components/sandbox/switched-off.ts';
import type { StepGate } from '../../components/session/types.ts';
import { type Carried, goOn } from './continuation.ts';
import { exitOf } from './decision.ts';
import { printFindings } from './print-findings.ts';
import { keepAsked, writeFiles } from './run-files.ts';
import { type CheckedRunnable, readRunnable } from './run-manifest.ts';
import type { RunPlace, RunPolicies } from './run-place.ts';
import { printEnd } from './run-print.ts';
import { runSession } from './run-session.ts';
import { missingTools } from './run-tools.ts';
import type { SessionInputs } from './session-start.ts';

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
  const sandbox = inputs.sandbox === 'off' ? createNoSandbox() : createSandbox(context);
  const runnable = await readRunnable(place.manifest, await missingTools(place, sandbox, inputs));
  await show(context, place.manifest.path, runnable.findings);
  if (!runnable.ok) return exitCodes.findings;
  const answer = await askPolicies(context, place, runnable, inputs);
  if (answer.exitCode !== exitCodes.ok) return answer.exitCode;
  const parts = { gate: answer.gate, sandbox, keep: keepAsked(context, folder) };
  const ran = await runSession(context, place, runnable, parts, inputs);
  await writeFiles(context, folder, place, runnable, ran);
  context.log.info(`result and proposals are in ${folder}`);
  const { continuation, carried, hop } = inputs;
  const next = await goOn(context, ran, { continuation, carried, hop, prefix: inputs['job-prefix'] });
  return printEnd(context, ran, { agent: inputs.agent, next });
}

interface Answer {
  readonly exitCode: ExitCode;
  readonly gate: StepGate;
}

/** Nobody has read the policies, since nothing is asked of them. */
const unread: StepGate = () => ({
  allowed: false,
  reasons: [{ policy: 'undecided', message: 'the policies were not read' }],
});

/**
 * Says what policies answer where a session has something to lose, and gives the exit code of that. A task that begins takes
 * no step they are asked about; reading them would take longer than all else of it.
 */
async function askPolicies(
  context: Context,
  place: RunPlace,
  { manifest }: Extract<CheckedRunnable, { ok: true }>,
  inputs: RunInputs,
): Promise<Answer> {
  const isAsked = place.isDecided || manifest.kind === 'Agent' || inputs.session !== '';
  if (!isAsked) return { exitCode: exitCodes.ok, gate: unread };
  const { report, findings, gate } = await place.ask(inputs);
  await show(context, inputs.policies, findings);
  if (report === undefined) return { exitCode: exitCodes.ok, gate };
  context.print(renderDecision(redactData(context.redact, report)));
  return { exitCode: exitOf(report.verdict, 'enforce'), gate };
}

async function show(context: Context, path: string, findings: readonly Finding[]): Promise<void> {
  const file = { path, findings: redactData(context.redact, findings) };
  await printFindings(context, [file], [file]);
}
