import type { Evaluator } from '../expressions/types.ts';
import { digest, type JsonValue } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { ModelFailure } from '../models/model-failure.ts';
import type { CountTokens, Model } from '../models/types.ts';
import type { SessionLog } from '../stores/types.ts';
import { type AgentState, agentReplay, spentOf, withWork } from './agent-state.ts';
import { share } from './budget/amount.ts';
import { type Budget, overrunOf } from './budget/budget.ts';
import { type Chronicle, openChronicle } from './chronicle.ts';
import { cleanTurn } from './clean-turn.ts';
import { createGauge } from './context-window.ts';
import { startWatch, type TimeLimits, type Watch } from './deadline.ts';
import { decide, signalFacts } from './decide.ts';
import { escalate } from './escalation.ts';
import { type PlannedRequest, planRequest } from './plan-request.ts';
import type { Decided, Ended, Work } from './records.ts';
import { type BeltParts, createToolBelt, type ToolBelt } from './tool-belt.ts';
import type { AgentManifest, SessionManifest, SessionTarget } from './types.ts';

export interface AgentRun extends BeltParts {
  readonly source: SessionManifest;
  /** Whether a session goes on under a manifest that was changed since. */
  readonly acceptsChanges: boolean;
  readonly target: SessionTarget;
  /** Of the merge request, where it is known. */
  readonly title: string | undefined;
  readonly model: Model;
  /** Called where the manifest limits tokens. */
  readonly openTokenCounter: () => Promise<CountTokens>;
  readonly budget: Budget;
  readonly log: SessionLog;
  readonly session: string;
  /** Of the environment `signal`. */
  readonly conditions: Evaluator;
  readonly deadline: TimeLimits['deadline'];
  /** Told after each iteration, once it is durable. */
  readonly onIteration: (state: AgentState) => void;
}

export interface AgentEnd extends Ended {
  readonly state: AgentState;
}

/**
 * Runs an agent's session to the end of this job's share: iterations, each a call of the model and the tool calls it asks
 * for, until a signal ends it. Every step is recorded before it is acted on; all that is known of the session comes from
 * its records.
 * @throws SESSION_MANIFEST_CHANGED, SESSION_TARGET_CHANGED, SESSION_RECORDS_INVALID, and what model and store throw
 */
export async function runAgent(context: Context, run: AgentRun): Promise<AgentEnd> {
  const { source, target, manifest, session, acceptsChanges } = run;
  const begun = { kind: manifest.kind, name: manifest.name, manifest: source, target };
  const chronicle = await openChronicle(
    run.log,
    { session, acceptsChanges, redact: context.redact, ...begun },
    agentReplay,
  );
  const before = chronicle.state();
  // The job before may have had no time to say it.
  await run.budget.settle(run.session, before.lastCall);
  if (before.ended?.outcome === 'complete') return { ...before.ended, state: before };
  const watch = startWatch(context, { timeoutSeconds: manifest.timeoutSeconds, deadline: run.deadline });
  const belt = createToolBelt(context, run);
  const isCounted = manifest.state.maxTokens !== undefined;
  const gauge = isCounted ? createGauge(await run.openTokenCounter()) : undefined;
  for (;;) {
    const state = chronicle.state();
    const planned = endOf(manifest, state, watch) ?? planRequest(context, { ...run, belt, gauge }, state);
    const end =
      'outcome' in planned
        ? planned
        : await iterate(context, run, belt, chronicle, before.elapsed, watch, planned);
    if (end !== undefined) {
      const ended = withIssue(run, end, state);
      await chronicle.append('ended', ended);
      return { ...ended, state: chronicle.state() };
    }
    run.onIteration(chronicle.state());
  }
}

function endOf(
  manifest: AgentManifest,
  { decided, iterations }: AgentState,
  watch: Watch,
): Ended | undefined {
  if (decided !== undefined && decided.signal !== 'continue' && decided.signal !== 'checkpoint')
    return { outcome: decided.signal, reason: decided.reason };
  if (iterations >= manifest.maxIterations)
    return { outcome: 'blocked', reason: `it has had all of its ${manifest.maxIterations} iterations` };
  return watch.isOver();
}

function withIssue(run: AgentRun, end: Ended, state: AgentState): Ended {
  if (end.outcome !== 'escalate') return end;
  const { desk, session, manifest } = run;
  const made = escalate(desk, { session, name: manifest.name, reason: end.reason }, state);
  if (made.ok) return { ...end, proposal: made.proposal };
  return { ...end, reason: `${end.reason}; no issue is proposed: ${made.why}` };
}

/** Gives the end where a budget does not hold the next call. */
async function iterate(
  context: Context,
  run: AgentRun,
  belt: ToolBelt,
  chronicle: Chronicle<AgentState>,
  elapsedBefore: number,
  watch: Watch,
  { request, sent }: PlannedRequest,
): Promise<Ended | undefined> {
  context.cancel.throwIfAborted();
  const { manifest, model, budget, session } = run;
  const state = chronicle.state();
  const reservation = await budget.reserve(request, spentOf(state), callOf(run));
  if (!reservation.ok) return { outcome: 'budget', reason: reservation.reason };
  const { reserved } = reservation;
  await chronicle.append('model-called', {
    ...{ request: digest(request as unknown as JsonValue), model: model.id, reserved },
    ...(sent === undefined ? {} : { sent }),
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
  const turn = cleanTurn(answer, context.redact);
  const lost = lostOf(turn.unanswered);
  const harvest = await belt.call(turn.toolCalls, state.proposals);
  const work: Work = {
    ...harvest,
    turn: { ...turn, costPicoUsd: String(turn.costPicoUsd) },
    elapsed: Math.round(elapsedBefore + watch.elapsed()),
    ...(lost === undefined ? {} : { lost }),
  };
  const asked = { tools: turn.toolCalls.length > 0, raised: harvest.report?.signal, cut: turn.cut };
  const facts = signalFacts(manifest, withWork(state, work));
  const decided: Decided = decide(manifest, run.conditions, facts, asked);
  await chronicle.append('iteration', { ...work, decided });
  const { lastCall } = chronicle.state();
  await budget.settle(session, lastCall);
  const overrun = lastCall && overrunOf(lastCall);
  if (overrun !== undefined) context.log.warning(overrun);
  return undefined;
}

/** The call to come: its number is that of its record. */
function callOf({ session, log, model }: AgentRun) {
  const sequence = (log.head()?.sequence ?? -1) + 1;
  return { session, epoch: log.epoch, sequence, attempts: model.attempts ?? 1 };
}
