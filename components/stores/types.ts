import type { JsonValue } from '../kernel/canonical.ts';

/** One entry of a session's log. */
export interface SessionRecord {
  /** From 0, without gaps. */
  readonly sequence: number;
  /** Which run wrote it, from 1: one job's share of the session. */
  readonly epoch: number;
  readonly kind: string;
  /** Milliseconds since the epoch of Unix. */
  readonly at: number;
  readonly body: JsonValue;
}

/** The last acknowledged entry of a log. Kept where the store's writer cannot reach, it shows what was taken away since. */
export interface Head {
  readonly sequence: number;
  /** In hexadecimal. */
  readonly tag: string;
}

/** How much of a session's log is kept; only whole segments that a session needs no more are ever dropped. */
export interface Retention {
  /** Days after its last record from which a segment is dropped. */
  readonly days: number | undefined;
  /** Segments that are kept, the newest: one is what one job wrote. */
  readonly segments: number | undefined;
}

/** The log of one session, open for one writer. */
export interface SessionLog {
  /** What a snapshot holds of all that came before {@link records}; undefined where these are everything. */
  readonly snapshot: JsonValue | undefined;
  /** What is acknowledged after the snapshot that was found, in order. */
  readonly records: readonly SessionRecord[];
  /** Of this writer. */
  readonly epoch: number;
  /** Bytes of an unacknowledged tail that were dropped when it was opened. */
  readonly dropped: number;
  /** What its retention has dropped when it was opened; undefined where the store keeps what it has. */
  readonly pruned: Pruned | undefined;
  /** Undefined before the first record. */
  readonly head: () => Head | undefined;
  /** Resolves when the record is durable; nothing may act on it before. */
  readonly append: (kind: string, body: JsonValue) => Promise<SessionRecord>;
  /** Whether a snapshot saves more reading than it costs to write, or lets go what its retention says. */
  readonly isSnapshotDue: () => boolean;
  /** Writes what all records so far come to: whoever opens the log later begins with it. */
  readonly appendSnapshot: (state: JsonValue) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Where sessions are kept. */
export interface SessionStore {
  readonly id: string;
  /** What it survives and who can read it, in a sentence that is printed. */
  readonly guarantee: string;
  /**
   * Begins a session, or goes on with it in a new epoch.
   *
   * @param known - a head of the session from elsewhere, which the log must hold
   * @throws SESSION_ROLLED_BACK, STORE_SESSION_MISSING, STORE_BUSY, STORE_KEY_MISSING and its like
   */
  readonly open: (
    session: string,
    how: 'begin' | 'resume',
    known?: Head,
    retention?: Retention,
  ) => Promise<SessionLog>;
  /** Ids of the sessions that are kept, in no order. */
  readonly list: () => Promise<readonly string[]>;
  /**
   * Drops the segments before the one with the last snapshot, which a session needs no more; its log says so from then on.
   * @throws as `open` does, and STORE_KEEPS_ALL
   */
  readonly prune: (session: string, known?: Head) => Promise<Pruned>;
  /** Reads a whole log and claims nothing, so that its writer goes on. @throws as `open` does */
  readonly read: (session: string, known?: Head) => Promise<ReadLog>;
}

/** A whole log, as far as it is kept. */
export interface ReadLog {
  /** All that are kept; of kind `snapshot` where one was written, and the first of them that where older ones were dropped. */
  readonly records: readonly SessionRecord[];
  readonly head: Head | undefined;
  /** Bytes at the end that nobody has acknowledged, or not yet. */
  readonly dropped: number;
}

export interface Pruned {
  readonly segments: number;
  readonly bytes: number;
}

/** Where segments lie, of whose content it knows nothing. */
export interface SegmentStore {
  readonly id: string;
  /** What it survives, in a sentence without an end. */
  readonly guarantee: string;
  /**
   * Claims the next epoch of a session. What earlier writers have acknowledged is in the segments then, and they acknowledge
   * nothing more.
   *
   * @throws STORE_SESSION_MISSING, STORE_SESSION_EXISTS, STORE_BUSY, STORE_UNREADABLE, STORE_UNWRITABLE, STORE_FULL
   */
  readonly claim: (session: string, how: 'begin' | 'resume') => Promise<Claim>;
  /** Ids of the sessions that are kept, in no order. @throws STORE_UNREADABLE */
  readonly list: () => Promise<readonly string[]>;
  /** The segments as they are, in order. @throws STORE_SESSION_MISSING, STORE_UNREADABLE, STORE_FULL */
  readonly read: (session: string) => Promise<readonly StoredSegment[]>;
}

/** One writer's right to a segment of its own. */
export interface Claim {
  readonly epoch: number;
  /** Those of the epochs before, in order. */
  readonly segments: readonly StoredSegment[];
  /** Bytes that all segments of the session may have together. */
  readonly mostBytes: number;
  /** Resolves when the bytes are durable and nobody has claimed a later epoch. @throws STORE_BUSY, STORE_UNWRITABLE */
  readonly append: (bytes: Uint8Array) => Promise<void>;
  /** Removes the segments up to that epoch; undefined where the store keeps what it has. @throws STORE_UNWRITABLE */
  readonly drop: ((through: number) => Promise<void>) | undefined;
  readonly close: () => Promise<void>;
}

export interface StoredSegment {
  readonly epoch: number;
  /** What messages call it. */
  readonly name: string;
  /** Undefined where there is none any more. */
  readonly bytes: Uint8Array | undefined;
}

/** At most so much; undefined is without limit. */
export interface Bounds {
  readonly tokens: number | undefined;
  /** In 10⁻¹² USD. */
  readonly costPicoUsd: bigint | undefined;
}

/** Budgets of a day in UTC, over all jobs. */
export interface DayLimits {
  readonly agent: Bounds;
  readonly project: Bounds;
}

/** Whose day it is: the project by what the job is in, the agent by its manifest. */
export interface DayAccount {
  readonly project: string;
  readonly agent: string;
}

/** One reservation of a day. */
export interface DayPlace {
  /** Such as `2026-11-29`, in UTC. */
  readonly day: string;
  /** Number of the record of the call in its session. */
  readonly sequence: number;
  /** From 1: a log that lost records has calls of one number twice, and each may have been paid for. */
  readonly attempt: number;
}

export interface DayCall {
  readonly session: string;
  readonly epoch: number;
  /** That the record of the call will have. */
  readonly sequence: number;
  /** What it may take at most. */
  readonly tokens: number;
  readonly costPicoUsd: bigint;
}

export type DayAnswer =
  | { readonly ok: true; readonly place: DayPlace }
  | {
      readonly ok: false;
      readonly day: string;
      /** Whose budget does not hold it, and what of it is spent or reserved. */
      readonly of: keyof DayLimits;
      readonly unit: keyof Bounds;
      readonly spent: bigint;
    };

/** What all sessions of a day have spent and may spend, in one place for all of them. */
export interface DayLedger {
  /**
   * Reserves what a call may take, or says which budget does not hold it. The same call reserves once however often it is
   * asked, until it was begun. @throws STORE_DATABASE
   */
  readonly reserve: (call: DayCall) => Promise<DayAnswer>;
  /** Said once the call is recorded, before it is made: from then on it may have been paid for. @throws STORE_RESERVATION_LOST */
  readonly begin: (session: string, place: DayPlace) => Promise<void>;
  /** Puts what a call took in the place of what was reserved; the second time nothing happens. @throws STORE_RESERVATION_LOST */
  readonly settle: (session: string, place: DayPlace, actual: DaySpent) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface DaySpent {
  readonly tokens: number;
  readonly costPicoUsd: bigint;
}
