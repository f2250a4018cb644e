import type { Message } from '../models/types.ts';
import type { SessionRecord } from '../stores/types.ts';
import { type AgentState, emptyState, loadAgent, saveAgent } from './agent-state.ts';
import { countDenials, withBrought, withTurnOf } from './brought.ts';
import { amountOf, sum, tokensOf } from './budget/amount.ts';
import type { Amount } from './budget/types.ts';
import { type Replay, underManifest } from './chronicle.ts';
import { measuredBy } from './context-window.ts';
import {
  heard,
  rest,
  spentInTask,
  withCallMade,
  withDelegated,
  withTurnTaken,
} from './delegation/open-turn.ts';
import { answeredLoop, loopWithHeld, loopWithStep, withoutProposed } from './loop/loop-state.ts';
import { withRequests } from './oversee.ts';
import { answerDue, answerMessage, approvalMessage, droppedMessage, goOn } from './prompt.ts';
import type {
  Answer,
  ApprovalUsed,
  Begun,
  CallFailed,
  CallMade,
  Decided,
  Delegated,
  Ended,
  Iteration,
  LoopHeld,
  LoopStep,
  ManifestChanged,
  ModelCalled,
  ToolCalled,
  TurnTaken,
  Work,
} from './records.ts';
import type { Signal } from './types.ts';
import { lostOf, withLost } from './usage.ts';

const mostNotes = 100;

/** The state after one more record. @throws TypeError for a record that is none of an agent */
function advance(state: AgentState, { kind, body }: Pick<SessionRecord, 'kind' | 'body'>): AgentState {
  switch (kind) {
    case 'session-begun':
      return { ...state, begun: body as unknown as Begun };
    case 'manifest-changed':
      return withManifest(state, body as unknown as ManifestChanged);
    case 'model-called': {
      const { reserved, sent, at } = body as unknown as ModelCalled;
      const lastCall = reserved && { reserved, actual: undefined };
      const recent = at === undefined ? state.recent : withRequests(state.recent, { at, tools: 0 });
      return { ...withoutOpenCall(state), isCalled: true, lastCall, sent, recent, ended: undefined };
    }
    case 'tool-called': {
      const { tool, request } = body as unknown as ToolCalled;
      return { ...state, unclear: tool, loop: { ...state.loop, open: request } };
    }
    case 'call-failed':
      return withFailedCall(state, body as unknown as CallFailed);
    case 'turn-taken':
      return withTurnTaken(state, body as unknown as TurnTaken);
    case 'delegated':
      return withDelegated(state, body as unknown as Delegated);
    case 'call-made':
      return withCallMade(state, body as unknown as CallMade);
    case 'iteration':
      return withIteration(state, body as unknown as Iteration);
    case 'ended': {
      const ended = body as unknown as Ended;
      const denials = countDenials(state.denials, ended.denials);
      // Of a share that ended for a person nothing that was approved before it is left.
      const isCutOff = ended.outcome === 'continue' || ended.outcome === 'budget';
      const approved = isCutOff ? state.approved : [];
      const loop = { ...state.loop, left: ended.left };
      const next = { ...withoutOpenCall(state), decided: undefined, denials, approved, loop, ended };
      return { ...next, misfits: 0, isReminded: false };
    }
    case 'approval-used': {
      const used = (body as unknown as ApprovalUsed).digest;
      return { ...state, approved: state.approved.filter((digest) => digest !== used) };
    }
    case 'loop-step':
      return withLoopStep(state, body as unknown as LoopStep);
    case 'loop-held': {
      const held = body as unknown as LoopHeld;
      const next = { ...state, waiting: held.waiting, elapsed: held.elapsed };
      return { ...next, loop: loopWithHeld(state.loop, held) };
    }
    case 'answered':
      return withAnswer(state, body as unknown as Answer);
    default:
      throw new TypeError(`an agent has no records of kind ${kind}`);
  }
}

function withAnswer(state: AgentState, { text, approves = [] }: Answer): AgentState {
  const tools = state.waiting.filter(({ digest }) => approves.includes(digest)).map(({ tool }) => tool);
  const said = approves.length === 0 ? answerMessage(text, state.unclear) : approvalMessage(tools);
  return {
    ...heard(answeredLoop(state, approves.length === 0 ? text : undefined), said),
    approved: [...new Set([...state.approved, ...approves])],
    ...{ waiting: [], unclear: undefined },
    decided: undefined,
    ended: undefined,
  };
}

/** What another manifest may have otherwise: how a provider counts it, and what is to be answered. */
const anew = { measured: undefined, misfits: 0, isReminded: false };

/** Under another manifest. Who has lost proposals is told, and whatever was decided with them is open again. */
function withManifest(state: AgentState, changed: ManifestChanged): AgentState {
  const next = { ...state, ...underManifest(state, changed), ...anew };
  if (changed.dropped === 0) return next;
  const told = heard(withoutProposed(next), droppedMessage(changed.dropped));
  return { ...told, proposals: [], decided: undefined, ended: undefined };
}

/** What a call brought that is still open is lost, and what it may have cost is not. */
function withoutOpenCall(state: AgentState): AgentState {
  if (!state.isCalled) return state;
  const { callsLost, lost } = state.usage;
  const reserved = amountOf(state.lastCall?.reserved);
  const usage = { ...state.usage, callsLost: callsLost + 1, lost: sum(lost, reserved) };
  const open = spentInTask(state.open, tokensOf(reserved));
  return { ...state, isCalled: false, lastCall: undefined, usage, open };
}

/** It is known what a failed call can have taken: what was reserved for it besides is free again. */
function withFailedCall(state: AgentState, { lost }: CallFailed): AgentState {
  const amount = lostOf(lost);
  const actual = { tokens: tokensOf(amount), costPicoUsd: String(amount.costPicoUsd) };
  return {
    ...{ ...state, isCalled: false, usage: withLost(state.usage, lost) },
    lastCall: state.lastCall && { ...state.lastCall, actual },
    open: spentInTask(state.open, actual.tokens),
  };
}

/** All that a session has spent, or may have. */
export function spentOf(state: AgentState): Amount {
  const { usage } = withoutOpenCall(state);
  return sum(usage, usage.lost);
}

function withIteration(state: AgentState, iteration: Iteration): AgentState {
  const next = withDecided(withWork(state, iteration), iteration.decided);
  // Of a turn that was taken before its calls that is done, and what was asked last is a subagent's.
  if (state.open !== undefined) return next;
  const measured = measuredBy(state.sent, iteration.turn.usage.inputTokens) ?? state.measured;
  return { ...next, measured };
}

function withDecided(state: AgentState, decided: Decided): AgentState {
  const notes = decided.notes.map((note) => ({ ...note, iteration: state.iterations }));
  const signalCounts: Partial<Record<Signal, number>> = { ...state.signalCounts };
  for (const { signal, state: became } of notes)
    if (became === 'raised') signalCounts[signal] = (signalCounts[signal] ?? 0) + 1;
  const kept = [...state.notes, ...notes].slice(-mostNotes);
  const next = { ...state, decided, notes: kept, signalCounts };
  return decided.reminds ? { ...next, isReminded: true, messages: [...state.messages, answerDue] } : next;
}

export const agentReplay: Replay<AgentState> = {
  empty: emptyState,
  advance,
  save: saveAgent,
  load: loadAgent,
};

/** The state the signals are asked about. */
export function withWork(state: AgentState, work: Work): AgentState {
  const { turn, results } = work;
  const { open } = state;
  const said = (open?.said ?? []).map((text): Message => ({ role: 'user', text }));
  return {
    ...(open === undefined
      ? withBrought(withTurnOf(state, work), work)
      : withBrought({ ...state, open: undefined }, rest(work))),
    messages: [
      ...nextMessages(state),
      {
        ...{ role: 'assistant', text: turn.text, toolCalls: turn.toolCalls },
        ...(turn.providerData === undefined ? {} : { providerData: turn.providerData }),
      },
      ...results.map(({ callId, text, failed }): Message => ({ role: 'tool', callId, text, failed })),
      ...said,
    ],
  };
}

/** The same of what a program has asked for: the conversation is its own. */
export function withStep(state: AgentState, step: Omit<LoopStep, 'decided'>): AgentState {
  const { turn, at, lost } = step;
  const called = turn === undefined ? state : withTurnOf(state, { turn, lost });
  const recent = at === undefined ? called.recent : withRequests(called.recent, { at, tools: 0, models: 0 });
  return withBrought({ ...called, recent }, step);
}

function withLoopStep(state: AgentState, step: LoopStep): AgentState {
  const next = withDecided(withStep(state, step), step.decided);
  const counted = step.turn && measuredBy(state.sent, step.turn.usage.inputTokens);
  return { ...next, measured: counted ?? state.measured, loop: loopWithStep(state.loop, step) };
}

/** What the next request says after the first messages. A model that has nothing to read is told to go on. */
export function nextMessages({ messages }: AgentState): readonly Message[] {
  const last = messages.at(-1);
  return last?.role === 'assistant' ? [...messages, goOn] : messages;
}
