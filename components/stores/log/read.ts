import type { JsonValue } from '../../kernel/canonical.ts';
import { errors } from '../errors.ts';
import type { Head, SessionRecord, StoredSegment } from '../types.ts';
import { unpackEntry } from './content.ts';
import type { KeyRing } from './keys.ts';
import { genesis, tagBytes } from './preamble.ts';
import { type Begun, beginSegment, Damage, Newer, NoKey, readFrames } from './segment.ts';

/** Everything acknowledged of a session. */
export interface Written {
  readonly snapshot: JsonValue | undefined;
  /** Whose segment it is in. */
  readonly snapshotEpoch: number | undefined;
  /** Those after the snapshot. */
  readonly records: readonly SessionRecord[];
  /** Of the next record. */
  readonly sequence: number;
  /** Bytes of the snapshot, 0 without, and of all records after it. */
  readonly sizes: { readonly snapshot: number; readonly since: number };
  /** Bytes that count, of each segment. */
  readonly lengths: readonly number[];
  /** Last epoch that was dropped on purpose. */
  readonly pruned: number;
  /** When the last record of each segment was written that has any and is there, by its epoch; milliseconds since the epoch of Unix. */
  readonly writtenAt: (epoch: number) => number | undefined;
  /** Of the last frame that counts. */
  readonly tag: Uint8Array;
  /** Bytes of the tail nobody acknowledged. */
  readonly dropped: number;
}

interface Log {
  readonly session: string;
  readonly segments: readonly StoredSegment[];
  readonly ring: KeyRing;
}

/** A frame of the last snapshot or after it, still packed: most of a long log is never unpacked. */
interface Packed {
  readonly name: string;
  readonly epoch: number;
  readonly counter: number;
  readonly sequence: number;
  readonly packed: Uint8Array;
  readonly isSnapshot: boolean;
}

/**
 * Opens every frame of the segments, and unpacks those from the last snapshot on. What a frame is sealed to (its session,
 * epoch, number and the frame before) makes the log one chain.
 *
 * @param known - a head from elsewhere
 * @param from - what is unpacked: everything, snapshots as records of that kind, or only what a session needs to go on
 * @throws SESSION_ROLLED_BACK, STORE_KEY_MISSING, STORE_KEY_UNKNOWN, STORE_NOT_ENCRYPTED, STORE_NEWER
 */
export function readLog(log: Log, known?: Head, from: 'snapshot' | 'all' = 'snapshot'): Written {
  const newest = newestBegun(log);
  const pruned = newest?.header.pruned ?? 0;
  const lengths: number[] = [];
  let chain: Chain | undefined = pruned === 0 ? { tag: genesis(log.session), sequence: 0 } : undefined;
  let packed: Packed[] = [];
  let dropped = 0;
  let oldest: number | undefined;
  const last = new Map<number, Uint8Array>();
  let isKnownFound = known === undefined;
  for (const stored of log.segments) {
    const seal =
      stored.epoch < (newest?.preamble.epoch ?? 0) ? newest?.header.sealed[stored.epoch - 1] : undefined;
    if (stored.epoch <= pruned || seal === 0) {
      lengths.push(seal ?? 0);
      continue;
    }
    const read = atPlace(log, stored, () => readOne(log, stored, seal, chain));
    lengths.push(read?.length ?? 0);
    if (seal === undefined) dropped += (stored.bytes?.length ?? 0) - (read?.length ?? 0);
    if (read === undefined) continue;
    for (const [index, frame] of read.frames.entries()) {
      oldest ??= frame.sequence;
      last.set(stored.epoch, frame.packed);
      if (frame.isSnapshot && (from === 'snapshot' || packed.length === 0)) packed = [];
      // What is left of records before a snapshot tells nothing once those before them are gone.
      else if (pruned > 0 && packed.length === 0) continue;
      packed.push({ ...frame, name: stored.name, epoch: stored.epoch, counter: index + 1 });
      if (frame.sequence === known?.sequence) isKnownFound = hex(frame.tag) === known.tag;
    }
    chain = { tag: read.tag, sequence: read.sequence };
  }
  const first = packed[0];
  const isWhole = pruned === 0 || first?.isSnapshot === true;
  if (!isWhole) throw lost(log, 'what it came to before its first segment is not there');
  // What lies before the oldest segment is gone on purpose, and no head can ask for it.
  const isGone = pruned > 0 && known !== undefined && known.sequence < (oldest ?? 0);
  if (!isKnownFound && !isGone && known !== undefined)
    throw lost(log, `record ${known.sequence} was acknowledged, and is not there or is another one`);
  const [snapshot, ...rest] = packed.map((frame) => unpackOne(log, frame));
  const isSnapshot = from === 'snapshot' && first?.isSnapshot === true;
  const total = packed.reduce((sum, frame) => sum + frame.packed.length, 0);
  const size = isSnapshot ? (first?.packed.length ?? 0) : 0;
  return {
    snapshot: isSnapshot ? snapshot?.body : undefined,
    snapshotEpoch: isSnapshot ? first?.epoch : undefined,
    records: snapshot === undefined || isSnapshot ? rest : [snapshot, ...rest],
    ...{ sequence: chain?.sequence ?? 0, tag: chain?.tag ?? genesis(log.session) },
    writtenAt: (epoch) => {
      const packed = last.get(epoch);
      return packed && unpackEntry(packed)?.at;
    },
    ...{ lengths, pruned, dropped, sizes: { snapshot: size, since: total - size } },
  };
}

interface Chain {
  readonly tag: Uint8Array;
  readonly sequence: number;
}

/** What the newest segment says of those before. Its own bytes prove it. */
function newestBegun(log: Log): Begun | undefined {
  for (const stored of log.segments.toReversed()) {
    const { bytes } = stored;
    if (bytes === undefined) continue;
    const begun = atPlace(log, stored, () => beginSegment(stored, asBuffer(bytes), log.session, log.ring));
    if (begun !== undefined) return begun;
  }
  return undefined;
}

/** @param chain - undefined where what came before is gone on purpose */
function readOne(
  { session, ring }: Log,
  stored: StoredSegment,
  seal: number | undefined,
  chain: Chain | undefined,
) {
  const all = stored.bytes;
  if (all === undefined) throw new Damage(0, 'the segment is missing');
  if (seal !== undefined && all.length < seal)
    throw new Damage(0, `the first ${seal} bytes of it were acknowledged, and ${all.length} are there`);
  const bytes = asBuffer(seal === undefined ? all : all.subarray(0, seal));
  const begun = beginSegment(stored, bytes, session, ring);
  if (begun === undefined) {
    if (seal !== undefined) throw new Damage(0, `the first ${seal} bytes of it were acknowledged otherwise`);
    return undefined;
  }
  const { preamble } = begun;
  const follows =
    chain === undefined ||
    (chain.sequence === preamble.sequence && hex(chain.tag) === hex(preamble.previous));
  if (!follows) throw new Damage(0, 'it does not follow the segment before it');
  const { frames, tag, length } = readFrames(begun, bytes);
  if (seal !== undefined && length !== seal)
    throw new Damage(frames.length + 1, `the first ${seal} bytes of it were acknowledged otherwise`);
  return { frames, tag, length, sequence: preamble.sequence + frames.length };
}

function unpackOne(log: Log, { name, epoch, counter, sequence, packed }: Packed): SessionRecord {
  const entry = unpackEntry(packed);
  if (entry === undefined) throw lost(log, `${name}, frame ${counter}: it holds no record`);
  return { sequence, epoch, ...entry };
}

function atPlace<T>(log: Log, { name }: StoredSegment, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { session, ring } = log;
    if (error instanceof Damage) throw lost(log, `${name}, frame ${error.frame}: ${error.message}`);
    if (error instanceof Newer) throw errors.NEWER({ name });
    if (!(error instanceof NoKey)) throw error;
    if (error.keyId === undefined) throw errors.NOT_ENCRYPTED({ session, name });
    if (ring.current === undefined) throw errors.KEY_MISSING({ session, keyId: error.keyId });
    throw errors.KEY_UNKNOWN({ session, keyId: error.keyId });
  }
}

function lost({ session }: Log, reason: string) {
  return errors.ROLLED_BACK({ session, reason });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hex(tag: Uint8Array): string {
  return Buffer.from(tag.subarray(0, tagBytes)).toString('hex');
}
