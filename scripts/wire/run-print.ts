import type { Context } from '../../components/kernel/context.ts';
import type { ExitCode } from '../../components/kernel/failure.ts';
import { exitCodes } from '../../components/kernel/failure.ts';
import { withoutControls } from '../../components/kernel/log.ts';
import { cut } from '../../components/kernel/schema-terms.ts';
import type { Rung } from '../../components/sandbox/types.ts';
import type { AgentState } from '../../components/session/agent-state.ts';
import type { SessionOutcome } from '../../components/session/types.ts';
import { counted, iterationInWords } from '../../components/session/words.ts';
import type { Retention, SessionLog, SessionStore } from '../../components/stores/types.ts';
import type { Continuation } from './continuation.ts';
import { mostHops } from './continuation-inputs.ts';
import type { RanSession } from './run-session.ts';

/** One line, whatever strangers wrote into it: names of tools are a model's words, reasons a manifest's. */
export function printLine(context: Context, text: string): void {
  context.print(`${cut(withoutControls(context.redact(text)).replace(/[\n\t]/g, ' '), 2_000)}\n`);
}

interface Started {
  readonly id: string;
  readonly log: SessionLog;
  readonly rung: Rung;
  readonly reason: string;
  readonly store: SessionStore;
  readonly retention: Retention | undefined;
  /** Why it is another than the manifest asks for. */
  readonly instead: string | undefined;
  readonly told: readonly string[];
}

export function printStart(
  context: Context,
  { id, log, rung, reason, store, retention, instead, told }: Started,
): void {
  const { epoch, dropped, pruned } = log;
  printLine(context, `session ${id}, job ${epoch} of it`);
  printLine(context, `sandbox: ${rung}${rung === 'none' ? ` (${reason}); no script runs` : ''}`);
  printLine(context, `store: ${store.guarantee}`);
  if (instead !== undefined) printLine(context, `store: ${instead}`);
  for (const line of told) printLine(context, line);
  if (dropped > 0)
    context.log.warning(`${dropped} bytes at the end of the log were never acknowledged, and are left out`);
  if (pruned !== undefined && pruned.segments > 0)
    printLine(context, `its retention drops ${counted(pruned.segments, 'segment')} of ${pruned.bytes} bytes`);
  if (retention !== undefined && pruned === undefined)
    context.log.warning('the manifest limits how long records are kept, and this store keeps what it has');
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

/** Prints what a session came to and how it goes on, and gives the exit code of that. */
export function printEnd(
  context: Context,
  { id, head, end }: RanSession,
  { agent, next: further }: { readonly agent: string; readonly next: Continuation },
): ExitCode {
  const { exitCode, next } = outcomes[end.outcome];
  printLine(context, `${end.outcome}: ${end.reason}`);
  printLine(context, `${counted(end.proposals.length, 'proposal')}; nothing of it is done by this job`);
  if (end.outcome === 'complete' && end.answer !== undefined)
    printLine(
      context,
      "it has answered: answer.json has the value, which is a model's words to whoever reads it",
    );
  if (further.kind === 'started') {
    const { pipeline, hop } = further;
    printLine(
      context,
      `it goes on in pipeline ${pipeline}, the ${hop} of at most ${mostHops} it starts for itself`,
    );
    return exitCode;
  }
  if (further.kind === 'left') context.log.warning(`it does not go on by itself: ${further.why}`);
  if (next !== '')
    printLine(
      context,
      `${next}pipewright run --agent=${agent} --session=${id} --head=${head}, with ${end.outcome === 'budget' ? 'a larger budget and otherwise ' : ''}the same inputs`,
    );
  return exitCode;
}
