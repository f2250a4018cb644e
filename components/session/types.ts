import type { Expression } from '../expressions/types.ts';
import type { JsonValue } from '../kernel/canonical.ts';
import type { Retention } from '../stores/types.ts';
import type { Risk, SourceLabel } from '../tools/types.ts';
import type { ManifestLimits } from './budget/types.ts';
import type { FilterRule } from './filters/types.ts';

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

/** What a manifest says of people and limits around the calls of its agent: `spec.autonomy` and `spec.safety`. */
export interface Oversight {
  /** Which calls a person must approve, each by itself. */
  readonly approval: {
    /** All that do more than read, or those of high risk. */
    readonly from: 'medium' | 'high' | undefined;
    /** By name, as in `blocked`. */
    readonly names: readonly string[];
  };
  /** Names of tools, of their permissions and of kinds of proposals, with `_`; undefined where all are allowed. */
  readonly allowed: readonly string[] | undefined;
  readonly blocked: readonly string[];
  /** Calls of tools, of one turn and of the whole session. */
  readonly callsOfTurn: number | undefined;
  readonly callsOfSession: number | undefined;
  /** Calls of models, and calls of tools, each by itself. */
  readonly perMinute: number | undefined;
  readonly perHour: number | undefined;
  /** Whether a person is wanted once a policy has denied a call. */
  readonly stopsOnDenial: boolean;
}

/** An agent that exists only as part of another, which gives it tasks. */
export interface Subagent {
  readonly name: string;
  /** What it is by OSSA's words; `subagent` where its manifest says nothing. */
  readonly kind: string;
  readonly role: string;
  /** Of the provider of the agent that it is part of. */
  readonly model: string;
  /** Ids of tools, all of them the agent's own as well. */
  readonly tools: readonly string[];
  /** Tokens that one task may take. */
  readonly maxTokens: number | undefined;
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
  /** Ids of the tools that it names and that are offered here. */
  readonly tools: readonly string[];
  /** Those that it may give tasks to. */
  readonly subagents: readonly Subagent[];
  /** By priority, the highest first. */
  readonly signals: readonly DeclaredSignal[];
  readonly defaultSignal: Signal;
  readonly maxIterations: number;
  readonly state: StateRules;
  readonly oversight: Oversight;
  /** Of one job's share. */
  readonly timeoutSeconds: number | undefined;
  /** Target of the primary measure of effectiveness. */
  readonly target: number | undefined;
  /** How much of its sessions' logs is kept; undefined where the manifest says nothing. */
  readonly retention: Retention | undefined;
  /** The kind of store it asks for, in OSSA's words; where that lies it does not say. */
  readonly backend: string | undefined;
  /** What `spec.safety` wants filtered. */
  readonly filters: readonly FilterRule[];
}

/** What an agent is to answer, as its manifest declares it. */
export interface AnswerRules {
  /** JSON Schema of a mapping. */
  readonly schema: JsonValue;
  /** Of the schema's canonical JSON. */
  readonly digest: string;
  readonly description: string | undefined;
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

/** What a session is about to do. */
export type Step =
  | { readonly action: 'resume' }
  | { readonly action: 'use_model'; readonly provider: string; readonly model: string }
  | {
      readonly action: 'call_tool';
      readonly tool: string;
      readonly kind: string;
      readonly risk: Risk;
      readonly permission: string;
    }
  | {
      readonly action: 'delegate';
      readonly subagent: string;
      readonly kind: string;
      readonly provider: string;
      readonly model: string;
      /** Ids of the tools that it is given. */
      readonly tools: readonly string[];
    };

/** What a session has come to before a step. */
export interface SoFar {
  readonly sources: readonly SourceLabel[];
  readonly costPicoUsd: bigint;
  readonly tokens: number;
  readonly iterations: number;
  readonly proposals: number;
  readonly confidence: number | undefined;
}

/** A policy that stops a step, and what to do about it. */
export interface StepReason {
  /** Level and name. */
  readonly policy: string;
  readonly message: string;
  readonly fix?: string | undefined;
}

/** Whether policies allow a step. What cannot be decided is denied. */
export type StepAnswer =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reasons: readonly StepReason[] };

export type StepGate = (step: Step, soFar: SoFar) => StepAnswer;

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
