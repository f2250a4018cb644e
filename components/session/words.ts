import { cut } from '../kernel/schema-terms.ts';
import type { AgentState } from './agent-state.ts';
import type { Task } from './delegation/open-turn.ts';

/** The last iteration of a state, in a line: what was called, what it took, what was decided. */
export function iterationInWords(state: AgentState): string {
  if (state.open?.task !== undefined) return taskInWords(state.open.task);
  if (state.loop.steps.length > 0 || state.messages.length === 0) return stepInWords(state);
  const turn = state.messages.findLast(({ role }) => role === 'assistant');
  const calls = turn?.role === 'assistant' ? turn.toolCalls.map(({ name }) => cut(name, 40)) : [];
  const { inputTokens, outputTokens } = state.usage;
  const parts = [
    calls.length === 0 ? 'no tool called' : `called ${cut(calls.join(', '), 200)}`,
    `${inputTokens + outputTokens} tokens so far`,
    counted(state.proposals.length, 'proposal'),
    ...leftOutOf(state),
  ];
  const decided = state.decided === undefined ? '' : `: ${state.decided.signal}, ${state.decided.reason}`;
  return `iteration ${state.iterations} (${parts.join('; ')})${decided}`;
}

/** The last turn of a subagent, or the task that it is given. */
function taskInWords({ subagent, messages, turns, tokens }: Task): string {
  const said = messages.findLast(({ role }) => role !== 'tool');
  if (said?.role !== 'assistant') return `gives a task to ${subagent}`;
  const calls = said.toolCalls.map(({ name }) => cut(name, 40));
  const called = calls.length === 0 ? 'no tool called' : `called ${cut(calls.join(', '), 200)}`;
  return `${subagent}, turn ${turns} (${called}; ${tokens} tokens for its task so far)`;
}

/** The same of an agent's own program. */
function stepInWords(state: AgentState): string {
  const { steps } = state.loop;
  const { inputTokens, outputTokens } = state.usage;
  const parts = [
    `${inputTokens + outputTokens} tokens so far`,
    counted(state.proposals.length, 'proposal'),
    ...leftOutOf(state),
  ];
  const signal = state.decided?.signal ?? 'continue';
  const decided = signal === 'continue' ? '' : `: ${signal}, ${state.decided?.reason}`;
  const asked = signal === 'complete' ? 'the loop ends' : (steps.at(-1)?.asked ?? 'the loop');
  return `request ${steps.length} (${asked}; ${parts.join('; ')})${decided}`;
}

/** Of the request before it. */
function leftOutOf({ sent }: AgentState): readonly string[] {
  return sent === undefined || sent.leftOut === 0 ? [] : [`${counted(sent.leftOut, 'message')} left out`];
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
