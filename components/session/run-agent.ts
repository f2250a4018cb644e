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
import { createGauge } from './context-window.ts';
import { startWatch, type TimeLimits, type Watch } from './deadline.ts';
import { decide, signalFacts } from './decide.ts';
import { escalate } from './escalation.ts';
import { filterTurn } from './filters/filter-turn.ts';
import { createGuard, filteredInWords, type Guard } from './filters/guard.ts';
import { isRated, questionOf, roomFor, waitFor } from './oversee.ts';
import { type PlannedRequest, planRequest } from './plan-request.ts';
import { openingSources } from './prompt.ts';
import type { Decided, Ended, Work } from './records.ts';
import { assertResumable, endWithoutModel, soFarOf } from './steps.ts';
import { type BeltParts, createToolBelt, type Harvest, type ToolBelt } from './tool-belt.ts';
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
 * @throws SESSION_MANIFEST_CHANGED, SESSION_TARGET_CHANGED, SESSION_RESUME_DENIED, SESSION_RECORDS_INVALID, and what model and store throw
 */
export async function runAgent(context: Context, run: AgentRun): Promise<AgentEnd> {
  const { source, target, manifest, session, acceptsChanges } = run;
  const begun = { kind: manifest.kind, name: manifest.name, manifest: source, target };
  const chronicle = await openChronicle(
    run.log,
    {
      ...{ session, acceptsChanges, redact: context.redact, ...begun },
      onResume: (state) => {
        if (state.ended?.outcome !== 'complete')
          assertResumable(run.gate, session, soFarOf(state, run.title));
      },
    },
    agentReplay,
  );
  const before = chronicle.state();
  // The job before may have had no time to say it.
  await run.budget.settle(run.session, before.lastCall);
  if (before.ended?.outcome === 'complete') return { ...before.ended, state: before };
  const watch = startWatch(context, { timeoutSeconds: manifest.timeoutSeconds, deadline: run.deadline });
  const guard = createGuard(manifest.filters);
  const belt = createToolBelt(context, { ...run, guard });
  const isCounted = manifest.state.maxTokens !== undefined;
  const gauge = isCounted ? createGauge(await run.openTokenCounter()) : undefined;
  for (;;) {
    const state = chronicle.state();
    const planned =
      endOf(manifest, state, watch) ??
      (await pace(context, manifest, state, watch)) ??
      planRequest(context, { ...run, belt, gauge, guard }, state);
    const end =
      'outcome' in planned
        ? planned
        : await iterate(context, run, { belt, guard }, chronicle, before.elapsed, watch, planned);
    if (end !== undefined) {
      const ended = withIssue(run, end, state);
      await chronicle.append('ended', ended);
      return { ...ended, state: chronicle.state() };
    }
    run.onIteration(chronicle.state());
  }
}

/** What only a person can find out. */
function askAbout(tool: string): string {
  return `its call of ${tool} was cut off, and nobody knows whether it was done: is it to be called again?`;
}

function endOf(manifest: AgentManifest, state: AgentState, watch: Watch): Ended | undefined {
  const { decided, iterations } = state;
  if (state.unclear !== undefined) return { outcome: 'blocked', reason: askAbout(state.unclear) };
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
  { belt, guard }: { readonly belt: ToolBelt; readonly guard: Guard },
  chronicle: Chronicle<AgentState>,
  elapsedBefore: number,
  watch: Watch,
  { request, sent }: PlannedRequest,
): Promise<Ended | undefined> {
  context.cancel.throwIfAborted();
  const { manifest, model, budget, session } = run;
  const state = chronicle.state();
  const soFar = soFarOf(state, run.title);
  // What has been spent and read since the last call may be what a policy asks for.
  const denied = endWithoutModel(run.gate, request, soFar);
  if (denied !== undefined) return denied;
  const reservation = await budget.reserve(request, spentOf(state), callOf(run));
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
  const said = filterTurn(answer, guard.filter, context.redact);
  const { turn } = said;
  guard.note(said.seen);
  const lost = lostOf(turn.unanswered);
  const harvest = await belt.call(turn.toolCalls, {
    ...{ soFar, taken: state.proposals, calls: state.calls, approved: state.approved },
    ...{ blocked: said.blocked },
    room: roomFor(manifest.oversight, chronicle.state().recent, context.clock.now()),
    announce: (tool) => chronicle.append('tool-called', { tool }),
    onApproved: (approved) => chronicle.append('approval-used', { digest: approved }),
  });
  const { filtered, classes } = guard.take();
  const work: Work = {
    ...harvest,
    sources: [...openingSources(run), ...harvest.sources],
    ...(filtered.length === 0 ? {} : { filtered }),
    ...(classes.length === 0 ? {} : { classes }),
    turn: { ...turn, costPicoUsd: String(turn.costPicoUsd) },
    elapsed: Math.round(elapsedBefore + watch.elapsed()),
    ...(lost === undefined ? {} : { lost }),
  };
  const asked = { tools: turn.toolCalls.length > 0, raised: harvest.report?.signal, cut: turn.cut };
  const facts = signalFacts(manifest, withWork(state, work));
  const decided = forPeople(run, harvest, decide(manifest, run.conditions, facts, asked));
  await chronicle.append('iteration', { ...work, decided });
  const { lastCall } = chronicle.state();
  await budget.settle(session, lastCall);
  const overrun = lastCall && overrunOf(lastCall);
  if (overrun !== undefined) context.log.warning(overrun);
  if (filtered.length > 0) context.log.warning(`filters of the manifest: ${filteredInWords(filtered)}`);
  return undefined;
}

/** What only a person can decide ends this job's share, whatever the signals say. */
function forPeople(
  { manifest, session }: AgentRun,
  { waiting, denials }: Harvest,
  decided: Decided,
): Decided {
  if (waiting !== undefined) return { ...decided, signal: 'blocked', reason: questionOf(session, waiting) };
  const [denied] = denials ?? [];
  if (denied === undefined || !manifest.oversight.stopsOnDenial) return decided;
  const reason = `${denied.policies.join(', ')} denied ${denied.what}, and the manifest wants a person then`;
  return { ...decided, signal: 'blocked', reason };
}

/** Waits until the manifest's rates have room for a call; gives the end where that is longer than there is time. */
async function pace(
  context: Context,
  { oversight }: AgentManifest,
  { recent }: AgentState,
  watch: Watch,
): Promise<Ended | undefined> {
  const wait = waitFor(oversight, recent, context.clock.now());
  if (wait === 0) return undefined;
  const over = watch.isOver(wait);
  const seconds = Math.ceil(wait / 1_000);
  if (over !== undefined)
    return { ...over, reason: `the manifest limits its calls, and the next one may be made in ${seconds} s` };
  context.log.info(`waiting ${seconds} s: the manifest limits how many calls are made in a while`);
  await context.clock.sleep(wait);
  return undefined;
}

/** The call to come: its number is that of its record. */
function callOf({ session, log, model }: AgentRun) {
  const sequence = (log.head()?.sequence ?? -1) + 1;
  return { session, epoch: log.epoch, sequence, attempts: model.attempts ?? 1 };
}
