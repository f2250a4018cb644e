import type { Context } from '../../components/kernel/context.ts';
import type { ExitCode } from '../../components/kernel/failure.ts';
import { exitCodes } from '../../components/kernel/failure.ts';
import { withoutControls } from '../../components/kernel/log.ts';
import { cut } from '../../components/kernel/schema-terms.ts';
import type { Rung } from '../../components/sandbox/types.ts';
import type { AgentState } from '../../components/session/agent-state.ts';
import type { SessionOutcome } from '../../components/session/types.ts';
import { counted, iterationInWords } from '../../components/session/words.ts';
import type { SessionStore } from '../../components/stores/types.ts';
import type { RanSession } from './run-session.ts';

/** One line, whatever strangers wrote into it: names of tools are a model's words, reasons a manifest's. */
export function printLine(context: Context, text: string): void {
  context.print(`${cut(withoutControls(context.redact(text)).replace(/[\n\t]/g, ' '), 2_000)}\n`);
}

interface Started {
  readonly id: string;
  readonly epoch: number;
  readonly dropped: number;
  readonly rung: Rung;
  readonly reason: string;
  readonly store: SessionStore;
  readonly told: readonly string[];
}

export function printStart(
  context: Context,
  { id, epoch, dropped, rung, reason, store, told }: Started,
): void {
  printLine(context, `session ${id}, job ${epoch} of it`);
  printLine(context, `sandbox: ${rung}${rung === 'none' ? ` (${reason}); no script runs` : ''}`);
  printLine(context, `store: ${store.guarantee}`);
  for (const line of told) printLine(context, line);
  if (dropped > 0)
    context.log.warning(`${dropped} bytes at the end of the log were never acknowledged, and are left out`);
}

export function printIteration(context: Context, state: AgentState): void {
  printLine(context, iterationInWords(state));
}

export function printAttempt(context: Context, attempt: number, reason: string): void {
  printLine(context, `attempt ${attempt} came to nothing: ${reason}`);
}

const outcomes: Readonly<Record<SessionOutcome, { readonly exitCode: ExitCode; readonly next: string }>> = {
  complete: { exitCode: exitCodes.ok, next: '' },
  continue: { exitCode: exitCodes.continue, next: 'go on with it in another job: ' },
  blocked: { exitCode: exitCodes.blocked, next: 'once what blocks it is gone, go on with it: ' },
  escalate: { exitCode: exitCodes.escalate, next: 'a person should look at it; go on with it then: ' },
  failed: { exitCode: exitCodes.findings, next: 'to try again: ' },
  budget: { exitCode: exitCodes.budget, next: 'go on with it: ' },
};

/** Prints what a session came to and how to go on, and gives the exit code of that. */
export function printEnd(
  context: Context,
  { id, head, end }: RanSession,
  inputs: { readonly agent: string },
): ExitCode {
  const { exitCode, next } = outcomes[end.outcome];
  printLine(context, `${end.outcome}: ${end.reason}`);
  printLine(context, `${counted(end.proposals.length, 'proposal')}; nothing of it is done by this job`);
  if (next !== '')
    printLine(
      context,
      `${next}pipewright run --agent=${inputs.agent} --session=${id} --head=${head}, with ${end.outcome === 'budget' ? 'a larger budget and otherwise ' : ''}the same inputs`,
    );
  return exitCode;
}
