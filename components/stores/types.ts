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

/** The log of one session, open for one writer. */
export interface SessionLog {
  /** Everything acknowledged so far, in order. */
  readonly records: readonly SessionRecord[];
  /** Of this writer. */
  readonly epoch: number;
  /** Bytes of an unacknowledged tail that were dropped when it was opened. */
  readonly dropped: number;
  /** Resolves when the record is durable; nothing may act on it before. */
  readonly append: (kind: string, body: JsonValue) => Promise<SessionRecord>;
  readonly close: () => Promise<void>;
}

/** Where sessions are kept. */
export interface SessionStore {
  readonly id: string;
  /** What it survives, in a sentence that is printed. */
  readonly guarantee: string;
  /** Begins a session, or goes on with it in a new epoch. @throws STORE_DAMAGED, STORE_SESSION_MISSING */
  readonly open: (session: string, how: 'begin' | 'resume') => Promise<SessionLog>;
}
