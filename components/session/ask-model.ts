import { digest, type JsonValue } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { ModelFailure } from '../models/model-failure.ts';
import type { Model, ModelTurn } from '../models/types.ts';
import type { SessionLog } from '../stores/types.ts';
import { spentOf } from './agent-replay.ts';
import type { AgentState } from './agent-state.ts';
import { share } from './budget/amount.ts';
import { type Budget, overrunOf } from './budget/budget.ts';
import type { Chronicle } from './chronicle.ts';
import { filterTurn } from './filters/filter-turn.ts';
import { filteredInWords, type Guard } from './filters/guard.ts';
import type { Found } from './filters/types.ts';
import { isRated } from './oversee.ts';
import type { PlannedRequest } from './plan-request.ts';
import type { Ended, Lost } from './records.ts';
import { endWithoutModel } from './steps.ts';
import type { AgentManifest, SoFar, StepGate } from './types.ts';

export interface ModelParts {
  readonly manifest: AgentManifest;
  readonly model: Model;
  readonly budget: Budget;
  readonly log: SessionLog;
  readonly session: string;
  readonly gate: StepGate;
}

export interface AnsweredTurn {
  /** Filtered and cleaned. */
  readonly turn: ModelTurn;
  /** By the number of a call, what filters block in its arguments. */
  readonly blocked: ReadonlyMap<number, readonly string[]>;
  readonly lost: Lost | undefined;
}

/**
 * Calls the model once: asks the policies, reserves, records, asks. Gives the end of the session where policies or a budget
 * do not let it.
 */
export async function askModel(
  context: Context,
  run: ModelParts,
  {
    chronicle,
    guard,
    soFar,
  }: { readonly chronicle: Chronicle<AgentState>; readonly guard: Guard; readonly soFar: SoFar },
  { request, sent }: PlannedRequest,
): Promise<AnsweredTurn | Ended> {
  const { manifest, model, budget, session } = run;
  // What has been spent and read since the last call may be what a policy asks for.
  const denied = endWithoutModel(run.gate, request, soFar);
  if (denied !== undefined) return denied;
  const reservation = await budget.reserve(request, spentOf(chronicle.state()), callOf(run));
  if (!reservation.ok) return { outcome: 'budget', reason: reservation.reason };
  const { reserved } = reservation;
  await chronicle.append('model-called', {
    ...{ request: digest(request as unknown as JsonValue), model: model.id, reserved },
    ...(sent === undefined ? {} : { sent }),
    ...(isRated(manifest.oversight) ? { at: context.clock.now() } : {}),
  });
  await budget.begin(session, reserved);
  const lostOf = (requests = 0) =>
    requests === 0 ? undefined : { requests, reserved: share(reserved, model.attempts ?? 1) };
  const answer = await model.generate(request).catch(async (error: unknown) => {
    if (!(error instanceof ModelFailure)) throw error;
    await chronicle.append('call-failed', { code: error.code, lost: lostOf(error.unanswered) });
    await budget.settle(session, chronicle.state().lastCall);
    throw error;
  });
  const { turn, seen, blocked } = filterTurn(answer, guard.filter, context.redact);
  guard.note(seen);
  return { turn, blocked, lost: lostOf(turn.unanswered) };
}

/** Says what the last call took, once that is recorded. */
export async function settleCall(
  { log }: Pick<Context, 'log'>,
  { budget, session }: Pick<ModelParts, 'budget' | 'session'>,
  chronicle: Chronicle<AgentState>,
): Promise<void> {
  const { lastCall } = chronicle.state();
  await budget.settle(session, lastCall);
  const overrun = lastCall && overrunOf(lastCall);
  if (overrun !== undefined) log.warning(overrun);
}

export function tellFiltered({ log }: Pick<Context, 'log'>, filtered: readonly Found[]): void {
  if (filtered.length > 0) log.warning(`filters of the manifest: ${filteredInWords(filtered)}`);
}

/** The call to come: its number is that of its record. */
function callOf({ session, log, model }: ModelParts) {
  const sequence = (log.head()?.sequence ?? -1) + 1;
  return { session, epoch: log.epoch, sequence, attempts: model.attempts ?? 1 };
}
