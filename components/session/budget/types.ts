import type { Bounds, DayLimits, DayPlace } from '../../stores/types.ts';

/** Tokens and money of a call, or of many. */
export interface Amount {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In 10⁻¹² USD. */
  readonly costPicoUsd: bigint;
}

/** What a manifest allows itself. It only narrows what the operator allows. */
export interface ManifestLimits {
  /** Of one call, in tokens. */
  readonly request: {
    readonly inputTokens: number | undefined;
    readonly outputTokens: number | undefined;
    readonly tokens: number | undefined;
  };
  /** Of all its sessions of a day, in UTC. */
  readonly day: Bounds;
}

/** What the operator allows, in 10⁻¹² USD. */
export interface OperatorLimits {
  readonly session: bigint | undefined;
  /** Of all sessions of the project in a day, in UTC. */
  readonly projectDay: bigint | undefined;
  /** What becomes of budgets of a day where no database counts them: refused, or each session alone is held to them. */
  readonly enforcement: 'hard' | 'best-effort';
}

/** Budgets as they are kept in one job. */
export interface Limits {
  readonly request: ManifestLimits['request'];
  readonly session: Bounds;
  /** Undefined where no budget of a day is kept by a database. */
  readonly day: DayLimits | undefined;
}

/** What one call may take at most, as its record has it: sums are text, which JSON keeps exactly. */
export interface Reserved {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Absent where the price of the model is not known, which no budget in money lets happen. */
  readonly costPicoUsd?: string | undefined;
  /** Where the database has it; absent where no budget of a day is kept there. */
  readonly place?: DayPlace | undefined;
}

/** The last call of a session, until the next. */
export interface LastCall {
  readonly reserved: Reserved;
  /** Undefined while nothing is known of what came of it. */
  readonly actual: { readonly tokens: number; readonly costPicoUsd: string } | undefined;
}
