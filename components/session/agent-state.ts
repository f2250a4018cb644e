import type { JsonValue } from '../kernel/canonical.ts';
import type { Message } from '../models/types.ts';
import type { SourceLabel } from '../tools/types.ts';
import type { LastCall } from './budget/types.ts';
import type { Measured } from './context-window.ts';
import type { OpenTurn, SubagentUsage } from './delegation/open-turn.ts';
import type { DataClass, Found } from './filters/types.ts';
import { emptyLoop, type LoopState } from './loop/loop-state.ts';
import type { Requests } from './oversee.ts';
import type { Begun, Decided, Ended, GivenAnswer, Report, Sent, SignalNote, Waiting } from './records.ts';
import type { Signal } from './types.ts';
import { emptyUsage, loadUsage, type SessionUsage, saveUsage } from './usage.ts';

/** All that a session of an agent is, made from its records and from nothing else: so a resumed one is the same. */
export interface AgentState {
  readonly begun: Begun | undefined;
  /** Digest of the manifest it began with, where it is under another now. */
  readonly began: string | undefined;
  /** After the first ones. */
  readonly messages: readonly Message[];
  readonly iterations: number;
  readonly usage: SessionUsage;
  /** A call was made, and what it brought is not recorded. */
  readonly isCalled: boolean;
  /** A tool that must not be called twice was called, and nobody knows what came of it. */
  readonly unclear: string | undefined;
  /** How much the last request held, where `spec.state` bounds it. */
  readonly sent: Sent | undefined;
  /** What the last answer showed of how the provider counts. */
  readonly measured: Measured | undefined;
  readonly lastCall: LastCall | undefined;
  readonly errors: number;
  readonly report: Report | undefined;
  /** The last answer that fitted the schema of its time. */
  readonly given: GivenAnswer | undefined;
  /** Answers that did not fit, and whether it was told that one is missing; in this job's share. */
  readonly misfits: number;
  readonly isReminded: boolean;
  readonly proposals: readonly JsonValue[];
  readonly sources: readonly SourceLabel[];
  /** What its filters found, in all. */
  readonly filtered: readonly Found[];
  /** Classes of data it has seen, which only grow. */
  readonly dataClasses: readonly DataClass[];
  readonly elapsed: number;
  /** What the last iteration decided, until it was acted on. */
  readonly decided: Decided | undefined;
  /** The last ones, so that a signal an iteration does not make a long session's state grow. */
  readonly notes: readonly (SignalNote & { readonly iteration: number })[];
  /** How often each signal was raised. */
  readonly signalCounts: Readonly<Partial<Record<Signal, number>>>;
  /** How often each policy denied a step. */
  readonly denials: Readonly<Record<string, number>>;
  /** Calls of tools, failed ones among them. */
  readonly calls: number;
  /** What rates count, where the manifest limits them. */
  readonly recent: readonly Requests[];
  /** Calls that the last turn wanted and a person must approve. */
  readonly waiting: readonly Waiting[];
  /** Digests of calls that a person approved and that were not made yet. */
  readonly approved: readonly string[];
  /** A turn that delegates, while its calls are made. */
  readonly open: OpenTurn | undefined;
  /** What each subagent took, in the order of their first tasks. */
  readonly subagents: readonly SubagentUsage[];
  /** Of an agent that is a program of its own. */
  readonly loop: LoopState;
  readonly ended: Ended | undefined;
}

export const emptyState: AgentState = {
  begun: undefined,
  began: undefined,
  messages: [],
  iterations: 0,
  usage: emptyUsage,
  isCalled: false,
  unclear: undefined,
  sent: undefined,
  measured: undefined,
  lastCall: undefined,
  errors: 0,
  report: undefined,
  given: undefined,
  misfits: 0,
  isReminded: false,
  proposals: [],
  sources: [],
  filtered: [],
  dataClasses: [],
  elapsed: 0,
  decided: undefined,
  notes: [],
  signalCounts: {},
  denials: {},
  calls: 0,
  recent: [],
  waiting: [],
  approved: [],
  open: undefined,
  subagents: [],
  loop: emptyLoop,
  ended: undefined,
};

/** For a snapshot: sums are text in JSON, which has no whole numbers of that size. */
export function saveAgent(state: AgentState): JsonValue {
  const usage = saveUsage(state.usage);
  return { ...state, usage } as unknown as JsonValue;
}

export function loadAgent(saved: JsonValue): AgentState {
  const state = saved as unknown as AgentState;
  const usage = loadUsage(state.usage);
  return { ...emptyState, ...state, usage };
}
