import { join } from 'node:path';
import { decideAndApply } from '../../components/decide/apply.ts';
import type { CommitMode } from '../../components/decide/commit-place.ts';
import { hasFailed, hasMoved, isRefused } from '../../components/decide/outcome.ts';
import type { PulledLevel } from '../../components/decide/pulled-level.ts';
import { isSettled, keepReceipt } from '../../components/decide/receipts.ts';
import type { DecisionReport } from '../../components/decide/report.gen.ts';
import { attest } from '../../components/decide/statement.ts';
import { findOpen } from '../../components/decide/sweep.ts';
import type { Asked } from '../../components/decide/target.ts';
import { renderDecision } from '../../components/decide/words.ts';
import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes, Failure } from '../../components/kernel/failure.ts';
import { redactData } from '../../components/kernel/redact.ts';
import type { PolicyFile } from '../../components/policy/types.ts';
import type { CommitSettings } from './apply-commits.ts';
import type { Connection } from './apply-connection.ts';
import { exitOf } from './decision.ts';
import { writeDecision } from './decision-files.ts';
import { readLocalBundles } from './gate-bundles.ts';
import { printFindings } from './print-findings.ts';
import { version } from './version.ts';

export interface ApplyInputs {
  readonly serves: readonly string[];
  readonly agents: string;
  readonly policies: string;
  readonly organisation: readonly PolicyFile[];
  readonly pulled: readonly PulledLevel[];
  /** `here`: sessions that this pipeline ran itself. */
  readonly from: 'pipeline' | 'here';
  readonly out: string;
  readonly status: boolean;
  readonly findings: 'none' | 'threads';
  readonly statusCheck: string;
  readonly commits: CommitMode;
  readonly onlyCommits?: CommitSettings['onlyCommits'];
  /** Where decisions are written. */
  readonly folder: string;
}

/** Decides about one merge request, acts, and writes down what was decided and done. */
export async function applyOne(
  context: Context,
  connection: Connection,
  asked: Asked,
  { from, out, folder, ...rest }: ApplyInputs,
): Promise<ExitCode> {
  const own = from === 'here' ? { own: await readLocalBundles(context, out) } : {};
  const { report, findings } = await decideAndApply(context, connection.gitlab, {
    asked,
    version,
    ...rest,
    ...own,
  });
  const shown = redactData(context.redact, report);
  const envelope = attest(shown, connection.signer);
  await writeDecision(context, folder, shown, envelope);
  const checked = [{ path: rest.policies, findings: redactData(context.redact, findings) }];
  await printFindings(context, checked, checked);
  context.print(renderDecision(shown));
  if (envelope === undefined)
    context.log.warning('the decision is recorded unsigned: PIPEWRIGHT_SIGNING_KEY is not set');
  else context.log.info(`signed with the key ${connection.signer?.keyId}`);
  // All else was not looked at, and may still be waiting.
  if (rest.onlyCommits === undefined) await keep(context, connection, asked, shown);
  return exitOfApplied(report);
}

/** What is done is done: that its receipt could not be kept only makes the next sweep look again. */
async function keep(
  context: Context,
  { receipts }: Connection,
  asked: Asked,
  report: DecisionReport,
): Promise<void> {
  try {
    await keepReceipt(context, receipts, asked, report);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    context.log.warning(`the receipt is not kept as a package: ${error.message}`);
  }
}

function exitOfApplied(report: DecisionReport): ExitCode {
  if (hasFailed(report)) return exitCodes.outside;
  if (hasMoved(report)) return exitCodes['no-decision'];
  if (isRefused(report)) return exitCodes.denied;
  return exitOf(report.verdict, 'enforce');
}

/**
 * Goes through the open merge requests of projects. One that fails hinders no other; only a failure of the outside makes
 * the job fail, since nobody waits for what is denied.
 */
export async function sweep(
  context: Context,
  connection: Connection,
  projects: readonly string[],
  inputs: ApplyInputs,
): Promise<ExitCode> {
  let worst: ExitCode = exitCodes.ok;
  const onMissing = (project: string) => {
    context.log.error(`the token sees no project ${project}`);
    worst = exitCodes.outside;
  };
  const onPassed = (project: string, mergeRequest: number, why: string) =>
    context.print(`${project}!${mergeRequest}: passed over, ${why}\n`);
  for await (const asked of findOpen(connection.gitlab, projects, { onMissing, onPassed })) {
    context.cancel.throwIfAborted();
    const { project, mergeRequest, pipeline } = asked;
    const isOver = await isSettled(context, connection.receipts, asked);
    context.print(
      `project ${project}, merge request ${mergeRequest}, pipeline ${pipeline}${isOver ? ': settled' : ''}\n`,
    );
    if (isOver) continue;
    const folder = join(inputs.folder, `${project}-${mergeRequest}`);
    try {
      const exit = await applyOne(context, connection, asked, { ...inputs, folder });
      if (exit === exitCodes.outside) worst = exit;
    } catch (error) {
      if (!(error instanceof Failure) || context.cancel.aborted) throw error;
      context.log.error(`${error.code}: ${error.message}`);
      worst = exitCodes.outside;
    }
  }
  return worst;
}
