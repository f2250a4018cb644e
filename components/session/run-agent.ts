import type { Evaluator } from '../expressions/types.ts';
import type { Context } from '../kernel/context.ts';
import type { CountTokens, Model } from '../models/types.ts';
import type { SessionLog } from '../stores/types.ts';
import { agentReplay, withWork } from './agent-replay.ts';
import type { AgentState } from './agent-state.ts';
import { withAnswerDue } from './answer-due.ts';
import { askModel, settleCall, tellFiltered } from './ask-model.ts';
import type { Harvest } from './belt/types.ts';
import type { Budget } from './budget/budget.ts';
import { openChronicle } from './chronicle.ts';
import { createGauge } from './context-window.ts';
import { startWatch, type TimeLimits } from './deadline.ts';
import { decide, signalFacts } from './decide.ts';
import { delegateTool } from './delegation/delegate-tool.ts';
import { type Delegating, observe } from './delegation/delegating.ts';
import { isDelegating, makeCalls } from './delegation/make-calls.ts';
import type { OpenTurn } from './delegation/open-turn.ts';
import { takeTurn } from './delegation/take-turn.ts';
import { escalate } from './escalation.ts';
import { createGuard } from './filters/guard.ts';
import { endOf, endOfIterations, forPeople } from './for-people.ts';
import { runLoop } from './loop/run-loop.ts';
import type { Program } from './loop/types.ts';
import { roomFor } from './oversee.ts';
import { pace } from './pace.ts';
import { type PlannedRequest, planRequest } from './plan-request.ts';
import { openingSources } from './prompt.ts';
import type { Ended, Work } from './records.ts';
import { assertResumable, soFarOf } from './steps.ts';
import { type BeltParts, createToolBelt } from './tool-belt.ts';
import type { SessionManifest, SessionTarget } from './types.ts';

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
  /** The program that is the agent; without one our own loop is. */
  readonly program?: Program | undefined;
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
  const { program } = run;
  const own = createToolBelt(context, { ...run, guard });
  // A program gives its tasks away by itself.
  const delegation = program === undefined ? delegateTool(manifest, context.redact) : undefined;
  const belt = delegation === undefined ? own : { ...own, descriptions: [...own.descriptions, delegation] };
  const isCounted = manifest.state.maxTokens !== undefined;
  const gauge = isCounted ? createGauge(await run.openTokenCounter()) : undefined;
  const parts = { chronicle, belt, guard, gauge, watch, elapsedBefore: before.elapsed };
  const end =
    program === undefined
      ? await iterations(context, run, parts)
      : await runLoop(context, { ...parts, run, program, known: new Set() });
  const ended = withIssue(run, end, chronicle.state());
  await chronicle.append('ended', ended);
  return { ...ended, state: chronicle.state() };
}

type Parts = Omit<Delegating, 'run'>;

async function iterations(context: Context, run: AgentRun, parts: Parts): Promise<Ended> {
  const { manifest } = run;
  const { chronicle, watch } = parts;
  for (;;) {
    const state = chronicle.state();
    const planned =
      endOf(state) ??
      (state.open === undefined ? endOfIterations(manifest, state) : undefined) ??
      watch.isOver() ??
      state.open ??
      (await pace(context, manifest, state, watch)) ??
      planRequest(context, { ...run, ...parts }, state);
    const end =
      'outcome' in planned
        ? planned
        : 'request' in planned
          ? await iterate(context, run, parts, planned)
          : await finish(context, run, parts, planned);
    if (end !== undefined) return end;
    run.onIteration(chronicle.state());
  }
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
  parts: Parts,
  planned: PlannedRequest,
): Promise<Ended | undefined> {
  context.cancel.throwIfAborted();
  const { belt, guard, chronicle } = parts;
  const state = chronicle.state();
  const soFar = soFarOf(state, run.title);
  const answered = await askModel(context, run, { chronicle, guard, soFar }, planned);
  if ('outcome' in answered) return answered;
  const { blocked, lost } = answered;
  const turn = { ...answered.turn, costPicoUsd: String(answered.turn.costPicoUsd) };
  if (isDelegating(belt, turn))
    return finish(context, run, parts, await takeTurn(context, { run, ...parts }, { turn, blocked, lost }));
  const harvest = await belt.call(turn.toolCalls, {
    ...{ soFar, taken: state.proposals, calls: state.calls, approved: state.approved },
    ...{ blocked },
    room: roomFor(run.manifest.oversight, chronicle.state().recent, context.clock.now()),
    announce: (tool) => chronicle.append('tool-called', { tool }),
    onApproved: (approved) => chronicle.append('approval-used', { digest: approved }),
  });
  await conclude(context, run, parts, { state, turn, lost, harvest });
  await settleCall(context, run, chronicle);
  return undefined;
}

/** Makes what is left of the calls of a turn that delegates. */
async function finish(
  context: Context,
  run: AgentRun,
  parts: Parts,
  { turn }: OpenTurn,
): Promise<Ended | undefined> {
  const harvest = await makeCalls(context, { run, ...parts });
  if ('outcome' in harvest) return harvest;
  await conclude(context, run, parts, { state: parts.chronicle.state(), turn, lost: undefined, harvest });
  return undefined;
}

interface Called extends Pick<Work, 'turn' | 'lost'> {
  /** Which the signals are asked about with what the turn brought. */
  readonly state: AgentState;
  readonly harvest: Harvest;
}

async function conclude(
  context: Context,
  run: AgentRun,
  parts: Parts,
  { state, turn, lost, harvest }: Called,
): Promise<void> {
  const { manifest, conditions } = run;
  const seen = observe(parts);
  const work: Work = {
    ...{ ...harvest, ...seen, turn },
    sources: [...openingSources(run), ...harvest.sources],
    ...(lost === undefined ? {} : { lost }),
  };
  const asked = { tools: turn.toolCalls.length > 0, raised: harvest.report?.signal, cut: turn.cut };
  const worked = withWork(state, work);
  const facts = signalFacts(manifest, worked);
  const signalled = forPeople(run, harvest, decide(manifest, conditions, facts, asked));
  const reminding = worked.iterations < manifest.maxIterations ? 'now' : 'never';
  const decided = withAnswerDue(run.answer, worked, signalled, reminding);
  await parts.chronicle.append('iteration', { ...work, decided });
  tellFiltered(context, seen.filtered ?? []);
}
