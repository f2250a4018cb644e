import type { JsonValue } from '../../kernel/canonical.ts';
import type { ToolDescription } from '../../models/types.ts';
import type { SourceLabel } from '../../tools/types.ts';
import type { Answered, Denial, GivenAnswer, Report, Waiting } from '../records.ts';
import type { SoFar } from '../types.ts';

/** What the tool calls of one turn brought. */
export interface Harvest {
  readonly results: readonly Answered[];
  readonly proposals: readonly JsonValue[];
  readonly sources: readonly SourceLabel[];
  readonly report: Report | undefined;
  /** The last answer that fits. */
  readonly given?: GivenAnswer;
  /** How many answers did not fit. */
  readonly misfits?: number;
  readonly denials?: readonly Denial[];
  readonly waiting?: readonly Waiting[];
  /** A tool that may have done something, and of which nobody knows whether it has. */
  readonly unclear: string | undefined;
}

/** What a session has come to before a turn's calls. */
export interface Before {
  readonly soFar: SoFar;
  /** Proposals of the session so far. */
  readonly taken: readonly JsonValue[];
  /** Calls it has made, and those that the manifest's rate has room for. */
  readonly calls: number;
  readonly room: number;
  /** Calls of this turn that were made before; none where it is not said. */
  readonly inTurn?: number;
  /** Digests of calls that a person approved. */
  readonly approved: readonly string[];
  /** Called before an approved call is made; it is durable then that it was. */
  readonly onApproved: (digest: string) => Promise<void>;
  /** Told of each call that must not be made twice, before it is made; resolves when that is durable. */
  readonly announce: (tool: string) => Promise<void>;
  /** By the number of a call, what filters of the manifest block in its arguments. */
  readonly blocked?: ReadonlyMap<number, readonly string[]>;
}

/** A call of a turn, and what came before it. */
export interface Call {
  readonly name: string;
  readonly input: JsonValue;
  /** In this turn. */
  readonly index: number;
  readonly before: Before;
}

/** What one call brought. */
export interface Outcome {
  readonly text: string;
  readonly failed: boolean;
  readonly sources?: readonly SourceLabel[];
  readonly unclear?: string;
  readonly proposal?: JsonValue;
  readonly report?: Report;
  readonly given?: GivenAnswer;
  /** Whether it is an answer that does not fit. */
  readonly misfits?: true;
  readonly denial?: Denial;
  readonly waiting?: Waiting;
}

/** Tools of one kind that a belt holds. */
export interface Pouch {
  readonly descriptions: readonly ToolDescription[];
  /** What makes calls of a tool; undefined for a name that is none of its. */
  readonly find: (name: string) => ((call: Call) => Promise<Outcome>) | undefined;
}
