import { permissions } from '../expressions/environments/policy-values.ts';
import type { Expression, FactValues } from '../expressions/types.ts';
import type { Digest } from '../kernel/canonical.ts';
import type { DecidingPolicy, Decision } from '../kernel/decision.ts';
import type { Finding } from '../kernel/finding.ts';

/**
 * What an agent wants: `run` a manifest, `propose` an effect; in a session `use_model` and `call_tool`, before each call,
 * `delegate`, before a subagent is given a task, and `resume`, before one is gone on with.
 */
export const actions = ['run', 'propose', 'use_model', 'call_tool', 'resume', 'delegate'] as const;
export type Action = (typeof actions)[number];

/** What policies may name although nothing asks for it yet; OSSA's permissions are named by themselves. */
export const actionsToCome = [...(['deploy', 'publish'] as const), ...permissions];

/** One request. What policies are found by is told apart; conditions see the facts, which repeat it under their names. */
export interface PolicyRequest {
  readonly action: Action;
  readonly agent: {
    readonly name: string;
    /** Kind of its manifest. */
    readonly kind: string;
    /** Its access tier; a caller gives `tier_1_read` where the manifest has none. */
    readonly tier: string;
  };
  /** Kind of the proposal, such as `note`; `manifest` for `run` and `resume`, `model`, `tool` and `subagent` for what a session uses. */
  readonly resource: string;
  readonly environment?: string;
  /** Facts of the environment `policy` by full name. */
  readonly facts: FactValues;
}

/** A decision with what did not decide: forbids of severity `warning` that hold or cannot be evaluated. */
export interface PolicyDecision extends Decision {
  readonly warnings: readonly DecidingPolicy[];
}

/** Decides requests; made of bundles that compiled. */
export interface PolicyEngine {
  readonly decide: (request: PolicyRequest) => PolicyDecision;
  /** Digest of all documents of all levels, for records. */
  readonly digest: Digest;
  /** How many policies each level has, from the widest down. */
  readonly levels: readonly { readonly name: string; readonly policies: number }[];
}

/** Which requests a policy is about; what is absent is not asked. `*` in names and environments stands for any characters. */
export interface Match {
  /** Also some of `actionsToCome`, which no request has. */
  readonly actions: readonly string[];
  readonly agents?: {
    readonly names?: readonly string[];
    readonly kinds?: readonly string[];
    readonly tiers?: readonly string[];
  };
  readonly resources?: readonly string[];
  readonly environments?: readonly string[];
}

/** A document of a file, counted from 0. */
export interface DocumentPlace {
  readonly file: PolicyFile;
  readonly document: number;
}

/** A policy whose document is right and whose conditions compiled. */
export interface Policy {
  /** Unique among the policies of its level. */
  readonly name: string;
  readonly effect: 'permit' | 'forbid';
  readonly match: Match;
  /** Asked in this order until one does not hold; none holds always. */
  readonly conditions: readonly Expression[];
  readonly message: string;
  readonly fix?: string;
  /** Of a forbid: whether it stops, or only says so. */
  readonly severity: 'error' | 'warning';
  /** Where it is written: its file, and which document of that, from 0. */
  readonly place: DocumentPlace;
}

export const certificationLevels = ['bronze', 'silver', 'gold'] as const;
export type CertificationLevel = (typeof certificationLevels)[number];

/** An owner's word about the bytes of one manifest. */
export interface Certification {
  readonly name: string;
  readonly manifest: Digest;
  readonly level: CertificationLevel;
  /** Last day it holds in UTC, `YYYY-MM-DD`. */
  readonly until?: string;
  readonly reason: string;
}

/** A text with policies, and where it is from. */
export interface PolicyFile {
  /** Relative to the working directory, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** A document that cannot be used, which denies everything. */
export interface BrokenDocument {
  /** Its own name, or else that of its file. */
  readonly name: string;
  readonly message: string;
}

/** All policies of one level, such as `organisation`, whether they are right or not. */
export interface ParsedLevel {
  readonly name: string;
  readonly policies: readonly Policy[];
  readonly certifications: readonly Certification[];
  readonly broken: readonly BrokenDocument[];
  readonly findings: readonly Finding[];
  /** Of the level's name and the texts of its files. */
  readonly digest: Digest;
}
