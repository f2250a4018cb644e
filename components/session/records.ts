import type { JsonValue } from '../kernel/canonical.ts';
import type { ModelTurn } from '../models/types.ts';
import type { SourceLabel } from '../tools/types.ts';
import type { Reserved } from './budget/types.ts';
import type { DataClass, Found } from './filters/types.ts';
import type { ManifestChanges } from './manifest-changes.ts';
import type { SessionManifest, SessionOutcome, SessionTarget, Signal, Step } from './types.ts';

// What the records of a session hold, by kind. A change that older records do not have is a new `format`.

/** `session-begun`: the first record. */
export interface Begun {
  readonly format: 'pipewright/session/v1';
  readonly kind: 'Agent' | 'Task';
  readonly name: string;
  readonly manifest: SessionManifest;
  readonly target: SessionTarget;
  /** Digest of a task's input. */
  readonly input?: string | undefined;
}

/** `manifest-changed`: a person lets the session go on under the manifest as it is now. */
export interface ManifestChanged {
  readonly name: string;
  /** Digest of the manifest it was under. */
  readonly before: string;
  /** It is under from now on. */
  readonly manifest: SessionManifest;
  /** Undefined where that is not known. */
  readonly changes: ManifestChanges | undefined;
  /** Proposals that are, since they chose from other lists. */
  readonly dropped: number;
}

/** `model-called`: before each call. One that no `iteration` follows may have been paid for. */
export interface ModelCalled {
  /** Digest of the request. */
  readonly request: string;
  readonly model: string;
  /** Where `spec.state` bounds what is sent. */
  readonly sent?: Sent | undefined;
  /** When, in milliseconds since the epoch of Unix, where the manifest limits rates. */
  readonly at?: number | undefined;
  /** What it may take at most; older records have none. */
  readonly reserved?: Reserved | undefined;
}

/** `call-failed`: no model has answered. The session goes on by the same call. */
export interface CallFailed {
  /** Of the error. */
  readonly code: string;
  readonly lost?: Lost | undefined;
}

/** Requests that may have been paid for and brought no turn, and the most that they can have taken. */
export interface Lost {
  readonly requests: number;
  readonly reserved: Reserved;
}

/** How much of a conversation a request holds. */
export interface Sent {
  /** Messages that are not in it. */
  readonly leftOut: number;
  /** Where tokens are limited. */
  readonly size?: RequestSize | undefined;
}

/** Tokens of a request, its tools included. */
export interface RequestSize {
  readonly tokens: number;
  /** Whether they are measured by what the provider counted of the request before, or by our own count alone. */
  readonly counted: 'provider' | 'estimate';
  /** Our own count. */
  readonly estimate: number;
}

/** What an agent said of itself by `report`. */
export interface Report {
  readonly confidence: number;
  readonly nextAction?: string | undefined;
  readonly primaryMetric?: number | undefined;
  /** A signal that its manifest leaves to it. */
  readonly signal?: Signal | undefined;
}

/** An answer that fits. */
export interface GivenAnswer {
  /** Digest of the schema that it fits. */
  readonly schema: string;
  readonly value: JsonValue;
}

/** What became of one signal of the manifest. */
export interface SignalNote {
  readonly signal: Signal;
  /** Undefined where the agent raised it itself. */
  readonly condition: string | undefined;
  /** `error`: the condition has no answer; `held`: none yet, since the agent has not reported what it asks for. */
  readonly state: 'raised' | 'error' | 'held';
  readonly message?: string | undefined;
}

export interface Answered {
  readonly callId: string;
  readonly text: string;
  readonly failed: boolean;
}

/** A call that waits for a person's approval. */
export interface Waiting {
  /** Of the tool and its arguments. */
  readonly digest: string;
  readonly tool: string;
  /** The arguments as they are shown, cut. */
  readonly shown: string;
}

/** `approval-used`: before an approved call is made, so that it is made once. */
export interface ApprovalUsed {
  readonly digest: string;
}

/** A step that policies denied, or the manifest's own lists. */
export interface Denial {
  readonly action: Step['action'];
  /** The tool, or provider and model. */
  readonly what: string;
  /** Those that denied it, with their levels. */
  readonly policies: readonly string[];
}

/** What one call of the model brought, before anything was decided. */
export interface Work {
  readonly turn: Omit<ModelTurn, 'costPicoUsd'> & { readonly costPicoUsd: string };
  readonly results: readonly Answered[];
  readonly proposals: readonly JsonValue[];
  /** What its tools have read from. */
  readonly sources: readonly SourceLabel[];
  readonly report: Report | undefined;
  /** The last answer that fits, where there is one; and how many did not. */
  readonly given?: GivenAnswer | undefined;
  readonly misfits?: number | undefined;
  /** Calls that policies denied; absent where there was none. */
  readonly denials?: readonly Denial[] | undefined;
  /** Calls that a person must approve first; absent where there was none. */
  readonly waiting?: readonly Waiting[] | undefined;
  /** What filters found since the iteration before; older records have none. */
  readonly filtered?: readonly Found[];
  readonly classes?: readonly DataClass[];
  /** A tool of which nobody knows whether it has done what it does. */
  readonly unclear?: string | undefined;
  /** Milliseconds the session had run. */
  readonly elapsed: number;
  /** Where requests before the one that was answered may have been paid for. */
  readonly lost?: Lost | undefined;
}

/** `tool-called`: before a call that must not be made twice. One that no `iteration` or `loop-step` follows may have been made. */
export interface ToolCalled {
  readonly tool: string;
  /** Digest of the request of an agent's own program. */
  readonly request?: string | undefined;
}

/** Arguments of a call that filters block, by its number in the turn. */
export interface Blocked {
  readonly call: number;
  readonly names: readonly string[];
}

/** `turn-taken`: a turn that delegates, or one of a subagent, before its calls are made. */
export interface TurnTaken
  extends Pick<Work, 'turn' | 'sources' | 'filtered' | 'classes' | 'elapsed' | 'lost'> {
  /** The subagent that it is of; undefined where it is the agent's own. */
  readonly of?: string | undefined;
  readonly blocked: readonly Blocked[];
}

/** `delegated`: before a subagent is first asked for a task. */
export interface Delegated {
  readonly subagent: string;
  readonly task: string;
}

/** `call-made`: what one call of such a turn brought. Its denials, where it is a subagent's, are counted with the call of its agent. */
export interface CallMade extends Omit<Work, 'turn' | 'lost'> {
  readonly of?: string | undefined;
}

/** `loop-step`: a request of an agent's own program, with what it brought and what the program is told. */
export interface LoopStep extends Omit<Work, 'turn'> {
  /** Digest of the request, without its id. */
  readonly request: string;
  readonly asked: 'model' | 'tool' | 'propose' | 'report' | 'answer' | 'ask' | 'done';
  readonly answer: JsonValue;
  /** Where the model was called. */
  readonly turn?: Work['turn'] | undefined;
  /** When, of a call of a tool where the manifest limits rates. */
  readonly at?: number | undefined;
  /** Whether it is told what a person has said. */
  readonly hears?: boolean | undefined;
  readonly decided: Decided;
}

/** `loop-held`: a request that is not answered, since a person must approve it. */
export interface LoopHeld {
  readonly request: string;
  readonly waiting: readonly Waiting[];
  readonly elapsed: number;
}

export interface Decided {
  readonly signal: Signal;
  /** Why, in a sentence. */
  readonly reason: string;
  readonly notes: readonly SignalNote[];
  /** Whether the agent is told that its answer is missing. */
  readonly reminds?: boolean | undefined;
}

/** `iteration`: a call of the model, the tool calls it asked for, and what the signals say. One that `turn-taken` has begun is closed by it. */
export interface Iteration extends Work {
  readonly decided: Decided;
}

/** `ended`: this job's share is over. A session that is not complete may go on in another. */
export interface Ended {
  readonly outcome: SessionOutcome;
  readonly reason: string;
  /** The issue that is proposed where a person is wanted; gone once the session goes on. */
  readonly proposal?: JsonValue | undefined;
  /** Where policies let it use no model. */
  readonly denials?: readonly Denial[] | undefined;
  /** The request from which on an agent's own program took another way than before, counted from 0. */
  readonly left?: number | undefined;
}

/** `answered`: what a person says to a session that is blocked or wants a person. */
export interface Answer {
  readonly text: string;
  /** Digests of calls that were waiting and may be made, once each. */
  readonly approves?: readonly string[] | undefined;
}

/** `task-started`: before each attempt; the first is 1. One that nothing follows was cut off. */
export interface TaskStarted {
  readonly attempt: number;
}

/** `task-failed`: an attempt that came to nothing. */
export interface TaskFailed {
  readonly attempt: number;
  readonly reason: string;
}

/** `task-ended`: what the attempts of this job came to. */
export interface TaskEnded extends Ended {
  /** In all its jobs, as is the time. */
  readonly attempts: number;
  /** Milliseconds. */
  readonly elapsed: number;
  readonly output?: JsonValue | undefined;
  readonly proposals: readonly JsonValue[];
  readonly sources: readonly SourceLabel[];
  /** Of a task whose errors are ignored. */
  readonly error?: string | undefined;
}
