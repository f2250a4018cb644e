import type { Context } from '../../kernel/context.ts';
import type { ModelRequest, ToolDescription } from '../../models/types.ts';
import type { AgentState } from '../agent-state.ts';
import { askModel } from '../ask-model.ts';
import { times, tokensOf, worstCase } from '../budget/amount.ts';
import { filterPeople } from '../filters/guard.ts';
import { pace } from '../pace.ts';
import { type PlannedRequest, planConversation } from '../plan-request.ts';
import type { Denial, Ended } from '../records.ts';
import { denialForModel, denialOf, soFarOf } from '../steps.ts';
import type { AgentManifest, Step, Subagent } from '../types.ts';
import type { Delegating } from './delegating.ts';
import type { Task } from './open-turn.ts';
import { takeTurn } from './take-turn.ts';

/** Turns of one task. */
const mostTurns = 10;

/** Why a subagent is not asked again, in words for its agent. */
export interface NotAsked {
  readonly why: string;
  readonly denials: readonly Denial[];
}

interface Asking {
  readonly subagent: Subagent;
  /** Its own. */
  readonly manifest: AgentManifest;
  readonly tools: readonly ToolDescription[];
  readonly task: Task;
}

/** Asks the model for a subagent and records the turn; gives why it did not, or the end of this job's share. */
export async function askSubagent(
  context: Context,
  parts: Delegating,
  asking: Asking,
): Promise<NotAsked | Ended | undefined> {
  const { run, chronicle, watch, guard } = parts;
  const { manifest, task, subagent } = asking;
  const state = chronicle.state();
  const why = whyOver(manifest, task, state);
  if (why !== undefined) return { why, denials: [] };
  const over = watch.isOver() ?? (await pace(context, manifest, state, watch));
  if (over !== undefined) return over;
  const planned = planTask(context, parts, asking);
  if ('outcome' in planned) return { why: planned.reason, denials: [] };
  const short = whyNotTokens(planned.request, run.model.attempts ?? 1, task, subagent);
  if (short !== undefined) return { why: short, denials: [] };
  const soFar = soFarOf(state, run.title);
  const step: Step = { action: 'use_model', provider: manifest.provider, model: manifest.model };
  const answer = run.gate(step, soFar);
  if (!answer.allowed)
    return {
      why: `its model is denied. ${context.redact(denialForModel(answer.reasons))}`,
      denials: [denialOf(step, answer.reasons)],
    };
  const answered = await askModel(context, { ...run, manifest }, { chronicle, guard, soFar }, planned);
  if ('outcome' in answered) return answered;
  const { blocked, lost } = answered;
  const turn = { ...answered.turn, costPicoUsd: String(answered.turn.costPicoUsd) };
  await takeTurn(context, parts, { of: task.subagent, turn, blocked, lost });
  return undefined;
}

function whyOver(
  { oversight, maxIterations }: AgentManifest,
  { turns, denials }: Task,
  { iterations }: AgentState,
): string | undefined {
  if (oversight.stopsOnDenial && denials.length > 0)
    return 'a policy denied a call of it, and the manifest wants a person then';
  if (turns >= mostTurns) return `it has had all of its ${mostTurns} turns`;
  // Who gave the task is left a turn to make something of it.
  if (iterations < maxIterations - 1) return undefined;
  return `the session has had all but the last of its ${maxIterations} iterations`;
}

/** The next request of a task, by the settings of the agent and within its window. */
function planTask(
  { redact }: Pick<Context, 'redact'>,
  { guard, gauge }: Delegating,
  { manifest, tools, task }: Asking,
): PlannedRequest | Ended {
  const clean = guard.input(redact, task.turns === 0);
  const parts = { manifest, title: undefined, gauge, guard };
  return planConversation(parts, { measured: undefined }, clean, (first) => {
    const [given, ...rest] = filterPeople(task.messages, clean);
    const system = first.filter(({ role }) => role === 'system');
    return { first: given === undefined ? system : [...system, given], rest, tools };
  });
}

/** Why its own budget does not hold a call. It reserves like every other: the most that the call can take. */
function whyNotTokens(
  request: ModelRequest,
  attempts: number,
  { tokens }: Task,
  { maxTokens }: Subagent,
): string | undefined {
  if (maxTokens === undefined) return undefined;
  const need = tokensOf(times(worstCase(request, undefined), attempts));
  if (tokens + need <= maxTokens) return undefined;
  const left = Math.max(0, maxTokens - tokens);
  return `its next call could take up to ${need} tokens, and ${left} are left of the ${maxTokens} that one task may take`;
}
