import type { Expression } from '../expressions/types.ts';
import type { JsonValue } from '../kernel/canonical.ts';
import type { Retention } from '../stores/types.ts';
import type { ManifestLimits } from './budget/types.ts';

/** How a manifest wants a model to be asked. */
export interface ModelRules {
  readonly topP: number | undefined;
  readonly frequencyPenalty: number | undefined;
  readonly presencePenalty: number | undefined;
  /** How often the same is asked, and how long is waited between. */
  readonly attempts: {
    readonly attempts: number;
    readonly backoff: 'none' | 'fixed' | 'linear' | 'exponential';
    readonly initialMs: number;
    readonly mostMs: number;
  };
  /** Models that may answer in its place, in their order. */
  readonly fallbacks: readonly {
    readonly provider: string;
    readonly model: string;
    readonly temperature: number | undefined;
    readonly trigger: { readonly onError: boolean; readonly statuses: readonly number[] | undefined };
  }[];
}

/** OSSA's completion signals. */
export const signals = ['continue', 'complete', 'blocked', 'escalate', 'checkpoint'] as const;
export type Signal = (typeof signals)[number];

/** What a run of a session comes to; each has one exit code. `failed` is a task's; `budget`: its next call could cost more than is left. */
export type SessionOutcome = 'complete' | 'continue' | 'blocked' | 'escalate' | 'failed' | 'budget';

/** One signal of a manifest. */
export interface DeclaredSignal {
  readonly signal: Signal;
  /** Undefined where the agent raises it itself. */
  readonly condition: Expression | undefined;
}

/** OSSA's modes of `spec.state`. */
export const stateModes = ['stateless', 'session', 'long_running'] as const;

/** What a run honours of `spec.state`. */
export interface StateRules {
  readonly mode: (typeof stateModes)[number];
  /** Of one request, each undefined where there is no limit. */
  readonly maxMessages: number | undefined;
  readonly maxTokens: number | undefined;
  /** Whether records may only be kept encrypted. */
  readonly encrypted: boolean;
}

/** What a run uses of a manifest of kind Agent. */
export interface AgentManifest {
  readonly kind: 'Agent';
  readonly name: string;
  readonly role: string;
  readonly provider: string;
  readonly model: string;
  readonly temperature: number | undefined;
  readonly maxOutputTokens: number;
  readonly rules: ModelRules;
  readonly limits: ManifestLimits;
  /** Ids of our tools that it names. */
  readonly tools: readonly string[];
  /** By priority, the highest first. */
  readonly signals: readonly DeclaredSignal[];
  readonly defaultSignal: Signal;
  readonly maxIterations: number;
  readonly state: StateRules;
  /** Of one job's share. */
  readonly timeoutSeconds: number | undefined;
  /** Target of the primary measure of effectiveness. */
  readonly target: number | undefined;
  /** How much of its sessions' logs is kept; undefined where the manifest says nothing. */
  readonly retention: Retention | undefined;
  /** The kind of store it asks for, in OSSA's words; where that lies it does not say. */
  readonly backend: string | undefined;
}

export interface Condition {
  readonly expression: Expression;
  /** Its author's words for people. */
  readonly message: string | undefined;
}

export type OnError = 'fail' | 'retry' | 'ignore';

/** What a run uses of a manifest of kind Task. */
export interface TaskManifest {
  readonly kind: 'Task';
  readonly name: string;
  readonly type: 'deterministic' | 'idempotent' | 'transactional';
  /** Path of the script in the repository. */
  readonly entrypoint: string;
  readonly timeoutSeconds: number;
  readonly checkInput: (value: JsonValue) => readonly string[];
  readonly checkOutput: (value: JsonValue) => readonly string[];
  readonly preconditions: readonly Condition[];
  readonly postconditions: readonly Condition[];
  readonly onError: OnError;
}

/** What a session is about; it must be the same in each of its jobs. */
export interface SessionTarget {
  /** Where the changes begin, and their last commit. */
  readonly base: string;
  readonly head: string;
  readonly mergeRequest: { readonly project: number; readonly iid: number } | undefined;
}

/** The manifest that is run. */
export interface SessionManifest {
  /** In the repository. */
  readonly path: string;
  readonly digest: string;
  /** What it says, where a log can hold that. */
  readonly content?: JsonValue | undefined;
  /** Digest of the lists that proposals choose from. */
  readonly choices?: string | undefined;
}
