import type { JsonValue } from '../kernel/canonical.ts';
import { valueAt } from '../kernel/place.ts';
import type { SessionLog, SessionRecord } from '../stores/types.ts';
import { assertSame } from './assert-same.ts';
import { errors } from './errors.ts';
import type { Begun } from './records.ts';

/** A session's log and what it comes to. */
export interface Chronicle<State> {
  /** After everything that is durable. */
  readonly state: () => State;
  /** Resolves when the record is durable and the state has taken it in. */
  readonly append: (kind: string, body: object) => Promise<void>;
}

/** How records become a state. */
export interface Replay<State> {
  readonly empty: State;
  /** The state after one more record. @throws TypeError for a record that is none of such a session */
  readonly advance: (state: State, record: Pick<SessionRecord, 'kind' | 'body'>) => State;
  /** The state as a snapshot holds it. */
  readonly save: (state: State) => JsonValue;
  readonly load: (saved: JsonValue) => State;
}

/** Changes with what records and states hold: older ones are not read by guessing. */
const format = 'pipewright/session/v1';

/**
 * Reads the state out of a session's records, and begins the session where there are none.
 * @throws SESSION_MANIFEST_CHANGED, SESSION_TARGET_CHANGED, SESSION_INPUT_CHANGED, SESSION_RECORDS_INVALID
 */
export async function openChronicle<State extends { readonly begun: Begun | undefined }>(
  log: SessionLog,
  { session, ...begun }: Omit<Begun, 'format'> & { readonly session: string },
  { empty, advance, save, load }: Replay<State>,
): Promise<Chronicle<State>> {
  // The digests of the log say that nobody has changed it by mistake, not that this version wrote it.
  const take = (before: State, record: SessionRecord): State => {
    try {
      return advance(before, record);
    } catch (error) {
      const reason = (error as Error).message;
      throw errors.RECORDS_INVALID({ session, sequence: record.sequence, reason }, error);
    }
  };
  const { snapshot } = log;
  const isOurs = snapshot === undefined || valueAt(snapshot, ['format']) === format;
  if (!isOurs)
    throw errors.RECORDS_INVALID({ session, sequence: 0, reason: 'its snapshot has another form' });
  const saved = snapshot === undefined ? undefined : (valueAt(snapshot, ['state']) as JsonValue);
  let state = log.records.reduce(take, saved === undefined ? empty : load(saved));
  const snapshotIfDue = async () => {
    if (state.begun !== undefined && log.isSnapshotDue())
      await log.appendSnapshot({ format, state: save(state) });
  };
  const chronicle: Chronicle<State> = {
    state: () => state,
    append: async (kind, body) => {
      state = take(state, await log.append(kind, body as JsonValue));
      await snapshotIfDue();
    },
  };
  if (state.begun === undefined) await chronicle.append('session-begun', { format, ...begun });
  else {
    assertSame(session, state.begun, begun);
    await snapshotIfDue();
  }
  return chronicle;
}
