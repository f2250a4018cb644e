import type { JsonValue } from '../../kernel/canonical.ts';
import { errors } from '../errors.ts';
import type { Claim, Head, SessionRecord } from '../types.ts';
import { packEntry, packHeader } from './content.ts';
import { renderFrame } from './frame.ts';
import type { SessionKey } from './keys.ts';
import { type Preamble, renderPreamble } from './preamble.ts';
import type { Written } from './read.ts';
import { createSealer } from './seal.ts';

export interface Writer {
  readonly head: () => Head | undefined;
  /**
   * Whether there are as many bytes after the last snapshot as that has itself: so however long a session lasts, snapshots
   * are no more than half of its log, and what is read to go on is no more than twice what it comes to.
   */
  readonly isSnapshotDue: () => boolean;
  /** Writes a record, one after the other, and gives it as it will be read. */
  readonly append: (kind: string, body: JsonValue, isSnapshot: boolean) => Promise<SessionRecord>;
}

interface Parts {
  readonly session: string;
  readonly claim: Claim;
  readonly key: SessionKey | undefined;
  readonly salt: Uint8Array;
  readonly now: () => number;
}

/** Bytes of records that are read sooner than a snapshot is written. */
const leastSnapshot = 32 * 1024;

/** Begins a segment, and writes what comes to it. @throws STORE_BUSY, STORE_UNWRITABLE, STORE_FULL */
export async function beginWriting(parts: Parts, written: Omit<Written, 'writtenAt'>): Promise<Writer> {
  const { session, claim, key, salt, now } = parts;
  const { epoch, append: put, mostBytes } = claim;
  const preamble: Preamble = {
    ...{ keyId: key?.id, salt, session, epoch },
    ...{ sequence: written.sequence, previous: written.tag },
  };
  const sealer = createSealer(preamble, key);
  let { sequence, tag } = written;
  let [counter, bytes] = [0, written.lengths.reduce((sum, length) => sum + length, 0)];
  const write = async (packed: Uint8Array, before: Uint8Array = new Uint8Array()): Promise<void> => {
    const sealed = sealer.seal({ counter, sequence, previous: tag }, packed);
    const frame = Buffer.concat([before, renderFrame(sealed, tag)]);
    if (bytes + frame.length > mostBytes) throw errors.FULL({ session, limit: mostBytes });
    await put(frame);
    bytes += frame.length;
    tag = sealed.tag;
    counter += 1;
  };
  await write(packHeader({ sealed: written.lengths, pruned: written.pruned }), renderPreamble(preamble));
  let sizes = written.sizes;
  const append = async (kind: string, body: JsonValue, isSnapshot: boolean): Promise<SessionRecord> => {
    const at = now();
    const packed = packEntry({ kind, at, body }, isSnapshot);
    await write(packed);
    const { snapshot, since } = sizes;
    sizes = isSnapshot ? { snapshot: packed.length, since: 0 } : { snapshot, since: since + packed.length };
    const record = { sequence, epoch, kind, at, body: asRead(body) };
    sequence += 1;
    return record;
  };
  // After a frame that could not be written the segment ends: what follows a torn one is damage.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    head: () => headOf(sequence, tag),
    isSnapshotDue: () => sizes.since >= Math.max(leastSnapshot, sizes.snapshot),
    append: (kind, body, isSnapshot) => {
      const appended = turn.then(() => append(kind, body, isSnapshot));
      turn = appended;
      appended.catch(() => undefined);
      return appended;
    },
  };
}

/** Without members that are undefined. */
function asRead(body: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(body));
}

/** @param next - sequence of the record to come */
export function headOf(next: number, tag: Uint8Array): Head | undefined {
  return next === 0 ? undefined : { sequence: next - 1, tag: Buffer.from(tag).toString('hex') };
}
