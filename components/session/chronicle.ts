import type { JsonValue } from '../kernel/canonical.ts';
import { valueAt } from '../kernel/place.ts';
import type { SessionLog, SessionRecord } from '../stores/types.ts';
import { assertSame, type Gone } from './assert-same.ts';
import { errors } from './errors.ts';
import type { Begun, ManifestChanged } from './records.ts';

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
  /** @throws TypeError for what is no such state */
  readonly load: (saved: JsonValue) => State;
}

/** Changes with what records and states hold: older ones are not read by guessing. */
const format = 'pipewright/session/v1';

/** The state that a snapshot holds. @throws SESSION_RECORDS_INVALID */
export function loadState<State>(
  session: string,
  snapshot: JsonValue,
  { load }: Pick<Replay<State>, 'load'>,
): State {
  const invalid = (cause?: unknown) =>
    errors.RECORDS_INVALID({ session, sequence: 0, reason: 'its snapshot has another form' }, cause);
  if (valueAt(snapshot, ['format']) !== format) throw invalid();
  try {
    return load(valueAt(snapshot, ['state']) as JsonValue);
  } catch (error) {
    throw invalid(error);
  }
}

/** What a log's snapshot holds of a state. */
export function snapshotOf(saved: JsonValue): JsonValue {
  return { format, state: saved };
}

/** Whether a snapshot has been left without what was said. */
export function isErased(snapshot: JsonValue | undefined): boolean {
  return valueAt(snapshot, ['erased']) === true;
}

/** What was begun, by a log that is open. */
export function begunOf({
  snapshot = null,
  records,
}: Pick<SessionLog, 'snapshot' | 'records'>): Begun | undefined {
  return [{ kind: 'snapshot', body: snapshot }, ...records].map(begunIn).find((found) => found !== undefined);
}

/** What was begun, where a record or a snapshot says it. */
export function begunIn({ kind, body }: Pick<SessionRecord, 'kind' | 'body'>): Begun | undefined {
  if (kind === 'session-begun') return body as unknown as Begun;
  return kind === 'snapshot' ? (valueAt(body, ['state', 'begun']) as Begun | undefined) : undefined;
}

/** What becomes of a state's beginning under another manifest. */
export function underManifest(
  { begun, began }: { readonly begun: Begun | undefined; readonly began: string | undefined },
  { name, before, manifest }: ManifestChanged,
) {
  return { begun: begun && { ...begun, name, manifest }, began: began ?? before };
}

/** The state that a log comes to. @throws SESSION_RECORDS_INVALID */
export function replayLog<State>(
  session: string,
  { snapshot, records }: Pick<SessionLog, 'snapshot' | 'records'>,
  replay: Replay<State>,
): State {
  const first = snapshot === undefined ? replay.empty : loadState(session, snapshot, replay);
  return records.reduce((state, record) => take(session, state, record, replay), first);
}

/** The digests of the log say that nobody has changed it by mistake, not that this version wrote it. */
function take<State>(
  session: string,
  before: State,
  record: SessionRecord,
  { advance }: Replay<State>,
): State {
  try {
    return advance(before, record);
  } catch (error) {
    const reason = (error as Error).message;
    throw errors.RECORDS_INVALID({ session, sequence: record.sequence, reason }, error);
  }
}

/** What every state says. */
interface Opened extends Omit<Gone, 'begun'> {
  readonly begun: Begun | undefined;
}

interface OpenParts {
  readonly session: string;
  /** Whether it may go on under a manifest that was changed since. */
  readonly acceptsChanges: boolean;
  readonly redact: (text: string) => string;
}

interface Going<State> {
  /** Called with the state of a session that is gone on with, before anything is written; throws where it may not be. */
  readonly onResume: (state: State) => void;
}

/**
 * Reads the state out of a session's records, and begins the session where there are none.
 * @throws SESSION_MANIFEST_CHANGED, SESSION_TARGET_CHANGED, SESSION_INPUT_CHANGED, SESSION_ERASED, SESSION_RECORDS_INVALID
 */
export async function openChronicle<State extends Opened>(
  log: SessionLog,
  { session, acceptsChanges, redact, onResume, ...begun }: Omit<Begun, 'format'> & OpenParts & Going<State>,
  replay: Replay<State>,
): Promise<Chronicle<State>> {
  if (isErased(log.snapshot)) throw errors.ERASED({ session });
  let state = replayLog(session, log, replay);
  const snapshotIfDue = async () => {
    if (state.begun !== undefined && log.isSnapshotDue())
      await log.appendSnapshot(snapshotOf(replay.save(state)));
  };
  const chronicle: Chronicle<State> = {
    state: () => state,
    append: async (kind, body) => {
      state = take(session, state, await log.append(kind, body as JsonValue), replay);
      await snapshotIfDue();
    },
  };
  if (state.begun === undefined) await chronicle.append('session-begun', { format, ...begun });
  else {
    const changed = assertSame(session, { ...state, begun: state.begun }, begun, { acceptsChanges, redact });
    onResume(state);
    if (changed !== undefined) await chronicle.append('manifest-changed', changed);
    await snapshotIfDue();
  }
  return chronicle;
}
