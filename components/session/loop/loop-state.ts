import type { JsonValue } from '../../kernel/canonical.ts';
import type { ModelTurn } from '../../models/types.ts';
import type { AgentState } from '../agent-state.ts';
import type { LoopHeld, LoopStep } from '../records.ts';

/** A request of an agent's own program that was answered. */
export interface AnsweredStep {
  /** Of the request, without its id. */
  readonly request: string;
  readonly asked: LoopStep['asked'];
  /** What the program was told, and is told again. */
  readonly answer: JsonValue;
  readonly proposals: number;
  /** Whether an answer was given by it; absent where none was. */
  readonly gave?: true;
  /** What its provider wants back with a turn. */
  readonly turn?: Pick<ModelTurn, 'text' | 'toolCalls' | 'providerData'>;
}

/** What a session knows of the program that is its agent. */
export interface LoopState {
  /** In their order: a program that is started again is answered from them. */
  readonly steps: readonly AnsweredStep[];
  /** What a person has said, until the program is told. */
  readonly said: string | undefined;
  /** The request that was not answered: a person must approve it, or it was cut off. */
  readonly open: string | undefined;
  /** The step at which the program took another way than before. */
  readonly left: number | undefined;
}

export const emptyLoop: LoopState = { steps: [], said: undefined, open: undefined, left: undefined };

/** With one more request that was answered; an end that was taken is none that a program is told again. */
export function loopWithStep(loop: LoopState, step: LoopStep): LoopState {
  const { request, asked, answer, proposals, given, turn, hears, decided } = step;
  const one: AnsweredStep = {
    ...{ request, asked, answer, proposals: proposals.length },
    ...(given === undefined ? {} : { gave: true }),
    ...(turn?.providerData === undefined
      ? {}
      : { turn: { text: turn.text, toolCalls: turn.toolCalls, providerData: turn.providerData } }),
  };
  return {
    ...loop,
    steps: asked === 'done' && !decided.reminds ? loop.steps : [...loop.steps, one],
    open: undefined,
    said: hears ? undefined : loop.said,
  };
}

export function loopWithHeld(loop: LoopState, { request }: LoopHeld): LoopState {
  return { ...loop, open: request, said: undefined };
}

/** A state after a person has answered: a way that was left is forgotten from there on, with what it has proposed and answered. */
export function answeredLoop(state: AgentState, said: string | undefined): AgentState {
  const { left } = state.loop;
  if (left === undefined) return { ...state, loop: { ...state.loop, said } };
  return forgetFrom(state, left);
}

/** What was proposed is gone, since it chose from other lists: the program begins again where it first did. */
export function withoutProposed(state: AgentState): AgentState {
  const first = state.loop.steps.findIndex(({ proposals }) => proposals > 0);
  return first === -1 ? state : forgetFrom(state, first);
}

function forgetFrom(state: AgentState, step: number): AgentState {
  const steps = state.loop.steps.slice(0, step);
  const proposed = steps.reduce((sum, { proposals }) => sum + proposals, 0);
  const isKept = state.loop.steps.slice(step).every(({ gave }) => !gave);
  return {
    ...{ ...state, loop: { ...emptyLoop, steps }, proposals: state.proposals.slice(0, proposed) },
    given: isKept ? state.given : undefined,
  };
}

/** Calls of tools since the model was asked last. */
export function callsOfTurn({ steps }: LoopState): number {
  const last = steps.findLastIndex(({ asked }) => asked === 'model');
  return steps.slice(last + 1).filter(({ asked }) => asked !== 'ask').length;
}
