import type { Message } from '../../models/types.ts';
import type { AgentState } from '../agent-state.ts';
import { withBrought, withTurnOf } from '../brought.ts';
import { measuredBy } from '../context-window.ts';
import { taskMessage } from '../prompt.ts';
import type { Blocked, CallMade, Delegated, Denial, TurnTaken, Work } from '../records.ts';
import { lostOf, spentBy } from '../usage.ts';
import type { Observed } from './delegating.ts';

/** What a call brought, as the iteration is made of it. */
export type Made = Omit<CallMade, 'of' | keyof Observed>;

/** A turn that delegates: it is recorded before its calls are made, and each of them when it is. */
export interface OpenTurn {
  readonly turn: Work['turn'];
  readonly blocked: readonly Blocked[];
  /** In the order of its calls. */
  readonly made: readonly Made[];
  /** What a person said meanwhile, which the agent is told when the turn is done. */
  readonly said: readonly string[];
  /** The task of the next call, where a subagent works on it. */
  readonly task: Task | undefined;
}

/** A subagent at work: a conversation of its own, made of the records like that of its agent. */
export interface Task {
  readonly subagent: string;
  /** The task first. */
  readonly messages: readonly Message[];
  readonly turns: number;
  /** That it took, or may have. */
  readonly tokens: number;
  /** Of its last turn. */
  readonly blocked: readonly Blocked[];
  readonly cut: Work['turn']['cut'];
  readonly denials: readonly Denial[];
}

/** What answered calls of one subagent took; those without an answer count for the session. */
export interface SubagentUsage {
  readonly name: string;
  readonly tasks: number;
  readonly turns: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costPicoUsd: string;
}

export function withTurnTaken(state: AgentState, taken: TurnTaken): AgentState {
  const { of, turn, blocked, lost, ...observed } = taken;
  const brought = { results: [], proposals: [], report: undefined, ...observed };
  const next = withBrought(withTurnOf(state, { turn, lost }), brought);
  if (of === undefined) {
    const measured = measuredBy(state.sent, turn.usage.inputTokens) ?? state.measured;
    return { ...next, measured, open: { turn, blocked, made: [], said: [], task: undefined } };
  }
  const { open, task } = taskIn(state);
  const { text, toolCalls, providerData, cut } = turn;
  const message: Message = {
    ...{ role: 'assistant', text, toolCalls },
    ...(providerData === undefined ? {} : { providerData }),
  };
  const spent = spentBy(turn, lostOf(lost))?.tokens ?? 0;
  const messages = [...task.messages, message];
  const { turns, tokens } = task;
  return {
    ...next,
    subagents: count(state.subagents, of, { turns: 1, turn }),
    open: { ...open, task: { ...task, messages, turns: turns + 1, tokens: tokens + spent, blocked, cut } },
  };
}

export function withDelegated(state: AgentState, { subagent, task }: Delegated): AgentState {
  const { open } = openIn(state);
  const messages: Message[] = [{ role: 'user', text: taskMessage(task) }];
  return {
    ...state,
    ended: undefined,
    subagents: count(state.subagents, subagent, { tasks: 1 }),
    open: {
      ...open,
      task: { subagent, messages, turns: 0, tokens: 0, blocked: [], cut: undefined, denials: [] },
    },
  };
}

export function withCallMade(state: AgentState, { of, ...made }: CallMade): AgentState {
  if (of === undefined) {
    const { open } = openIn(state);
    const { elapsed: _, filtered: __, classes: ___, ...brought } = made;
    const all = [...open.made, brought];
    return { ...withBrought(state, made), open: { ...open, made: all, task: undefined } };
  }
  const { open, task } = taskIn(state);
  const results = made.results.map((one): Message => ({ role: 'tool', ...one }));
  const denials = [...task.denials, ...(made.denials ?? [])];
  return {
    ...withBrought(state, { ...made, denials: undefined, report: undefined }),
    open: { ...open, task: { ...task, messages: [...task.messages, ...results], denials } },
  };
}

/** What of an iteration was not counted call by call. */
export function rest(work: Work): Omit<Work, 'turn' | 'lost'> {
  return { ...work, results: [], proposals: [], denials: undefined, misfits: undefined };
}

/** A state in which a task took so many tokens more. */
export function spentInTask(open: OpenTurn | undefined, tokens: number): OpenTurn | undefined {
  if (open?.task === undefined) return open;
  return { ...open, task: { ...open.task, tokens: open.task.tokens + tokens } };
}

/**
 * A state in which a person was heard. Where nobody knows what came of a call, that is its result; else an agent whose turn is
 * open is told when that is done.
 */
export function heard(state: AgentState, said: string): AgentState {
  const { open, unclear } = state;
  if (open === undefined) return { ...state, messages: [...state.messages, { role: 'user', text: said }] };
  const call = nextCall(open);
  if (unclear === undefined || call === undefined)
    return { ...state, open: { ...open, said: [...open.said, said] } };
  return withCallMade(state, {
    ...(open.task === undefined ? {} : { of: open.task.subagent }),
    results: [{ callId: call.id, text: said, failed: true }],
    ...{ proposals: [], sources: [], report: undefined, elapsed: state.elapsed },
  });
}

/** The call that is to be made next: of the subagent at work, or of the turn itself. */
function nextCall({ task, turn, made }: OpenTurn): Work['turn']['toolCalls'][number] | undefined {
  return task === undefined ? turn.toolCalls[made.length] : pendingIn(task).at(0);
}

/** Calls of a subagent's last turn that are not made. */
export function pendingIn({ messages }: Pick<Task, 'messages'>): Work['turn']['toolCalls'] {
  const at = messages.findLastIndex(({ role }) => role === 'assistant');
  const last = messages[at];
  return last?.role === 'assistant' ? last.toolCalls.slice(messages.length - at - 1) : [];
}

/** @throws TypeError where no turn delegates, which no log of ours comes to */
export function openIn({ open }: AgentState): { readonly open: OpenTurn } {
  if (open === undefined) throw new TypeError('there is no turn that delegates');
  return { open };
}

/** @throws TypeError where no subagent is at work */
export function taskIn(state: AgentState): { readonly open: OpenTurn; readonly task: Task } {
  const { open } = openIn(state);
  if (open.task === undefined) throw new TypeError('no subagent is at work');
  return { open, task: open.task };
}

function count(
  all: AgentState['subagents'],
  name: string,
  more: { readonly tasks?: number; readonly turns?: number; readonly turn?: Work['turn'] },
): AgentState['subagents'] {
  const nothing = { tasks: 0, turns: 0, inputTokens: 0, outputTokens: 0, costPicoUsd: '0' };
  const before = all.find((one) => one.name === name) ?? { name, ...nothing };
  const { inputTokens = 0, outputTokens = 0 } = more.turn?.usage ?? {};
  const next = {
    name,
    tasks: before.tasks + (more.tasks ?? 0),
    turns: before.turns + (more.turns ?? 0),
    inputTokens: before.inputTokens + inputTokens,
    outputTokens: before.outputTokens + outputTokens,
    costPicoUsd: String(BigInt(before.costPicoUsd) + BigInt(more.turn?.costPicoUsd ?? 0)),
  };
  return all.includes(before as SubagentUsage)
    ? all.map((one) => (one.name === name ? next : one))
    : [...all, next];
}
