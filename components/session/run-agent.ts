import type { Evaluator } from '../expressions/types.ts';
import type { Context } from '../kernel/context.ts';
import type { CountTokens, Model } from '../models/types.ts';
import type { SessionLog } from '../stores/types.ts';
import { agentReplay, withWork } from './agent-replay.ts';
import type { AgentState } from './agent-state.ts';
import { withAnswerDue } from './answer-due.ts';
import { askModel, settleCall, tellFiltered } from './ask-model.ts';
import type { Budget } from './budget/budget.ts';
import { type Chronicle, openChronicle } from './chronicle.ts';
import { createGauge, type Gauge } from './context-window.ts';
import { startWatch, type TimeLimits, type Watch } from './deadline.ts';
import { decide, signalFacts } from './decide.ts';
import { escalate } from './escalation.ts';
import { createGuard, type Guard } from './filters/guard.ts';
import { endOf, endOfIterations, forPeople } from './for-people.ts';
import { runLoop } from './loop/run-loop.ts';
import type { Program } from './loop/types.ts';
import { roomFor } from './oversee.ts';
import { pace } from './pace.ts';
import { type PlannedRequest, planRequest } from './plan-request.ts';
import { openingSources } from './prompt.ts';
import type { Ended, Work } from './records.ts';
import { assertResumable, soFarOf } from './steps.ts';
import { type BeltParts, createToolBelt, type ToolBelt } from './tool-belt.ts';
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
  const belt = createToolBelt(context, { ...run, guard });
  const isCounted = manifest.state.maxTokens !== undefined;
  const gauge = isCounted ? createGauge(await run.openTokenCounter()) : undefined;
  const parts = { chronicle, belt, guard, gauge, watch, elapsedBefore: before.elapsed };
  const { program } = run;
  const end =
    program === undefined
      ? await iterations(context, run, parts)
      : await runLoop(context, { ...parts, run, program, known: new Set() });
  const ended = withIssue(run, end, chronicle.state());
  await chronicle.append('ended', ended);
  return { ...ended, state: chronicle.state() };
}

interface Parts {
  readonly chronicle: Chronicle<AgentState>;
  readonly belt: ToolBelt;
  readonly guard: Guard;
  readonly gauge: Gauge | undefined;
  readonly watch: Watch;
  /** Milliseconds of earlier jobs. */
  readonly elapsedBefore: number;
}

async function iterations(context: Context, run: AgentRun, parts: Parts): Promise<Ended> {
  const { manifest } = run;
  const { chronicle, watch } = parts;
  for (;;) {
    const state = chronicle.state();
    const planned =
      endOf(state) ??
      endOfIterations(manifest, state) ??
      watch.isOver() ??
      (await pace(context, manifest, state, watch)) ??
      planRequest(context, { ...run, ...parts }, state);
    const end = 'outcome' in planned ? planned : await iterate(context, run, parts, planned);
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
  { belt, guard, chronicle, watch, elapsedBefore }: Parts,
  planned: PlannedRequest,
): Promise<Ended | undefined> {
  context.cancel.throwIfAborted();
  const { manifest } = run;
  const state = chronicle.state();
  const soFar = soFarOf(state, run.title);
  const answered = await askModel(context, run, { chronicle, guard, soFar }, planned);
  if ('outcome' in answered) return answered;
  const { turn, blocked, lost } = answered;
  const harvest = await belt.call(turn.toolCalls, {
    ...{ soFar, taken: state.proposals, calls: state.calls, approved: state.approved },
    ...{ blocked },
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
  const worked = withWork(state, work);
  const facts = signalFacts(manifest, worked);
  const signalled = forPeople(run, harvest, decide(manifest, run.conditions, facts, asked));
  const reminding = worked.iterations < manifest.maxIterations ? 'now' : 'never';
  const decided = withAnswerDue(run.answer, worked, signalled, reminding);
  await chronicle.append('iteration', { ...work, decided });
  await settleCall(context, run, chronicle);
  tellFiltered(context, filtered);
  return undefined;
}
