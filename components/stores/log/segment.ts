import type { StoredSegment } from '../types.ts';
import { type Header, isSnapshot, unpackHeader } from './content.ts';
import { readFrame } from './frame.ts';
import { findKey, type KeyRing } from './keys.ts';
import { type Preamble, parsePreamble, preambleBytes } from './preamble.ts';
import { createSealer, type Sealer } from './seal.ts';

/** Something that is not as it was written. */
export class Damage extends Error {
  /** Number of the frame in its segment. */
  readonly frame: number;

  constructor(frame: number, reason: string) {
    super(reason);
    this.frame = frame;
  }
}

/** A segment cannot be opened with the keys that are there. */
export class NoKey extends Error {
  /** In hexadecimal; undefined where the segment is not encrypted, and has to be. */
  readonly keyId: string | undefined;

  constructor(keyId: string | undefined) {
    super('no key');
    this.keyId = keyId;
  }
}

/** A segment that was written by a version to come. */
export class Newer extends Error {}

/** One entry, opened and not unpacked. */
export interface Frame {
  readonly sequence: number;
  readonly tag: Uint8Array;
  readonly packed: Uint8Array;
  readonly isSnapshot: boolean;
}

/** A segment whose first frame is whole. */
export interface Begun {
  readonly preamble: Preamble;
  readonly header: Header;
  readonly sealer: Sealer;
  readonly tag: Uint8Array;
  /** Where the second frame begins. */
  readonly end: number;
}

/**
 * Opens the first frame of a segment; undefined where it is not whole, so that its writer has done nothing yet.
 * @throws Damage, NoKey, Newer
 */
export function beginSegment(
  { epoch }: Pick<StoredSegment, 'epoch'>,
  bytes: Buffer,
  session: string,
  ring: KeyRing,
): Begun | undefined {
  if (bytes.length < preambleBytes) return undefined;
  const preamble = parsePreamble(bytes);
  if (preamble === undefined) throw new Damage(0, 'it does not begin as a segment does');
  if (preamble === 'newer') throw new Newer();
  if (preamble.session !== session) throw new Damage(0, 'it belongs to another session');
  if (preamble.epoch !== epoch) throw new Damage(0, `it is the segment of epoch ${preamble.epoch}`);
  const { keyId, sequence, previous } = preamble;
  const key = keyId === undefined ? undefined : findKey(ring, keyId);
  if (keyId !== undefined && key === undefined) throw new NoKey(Buffer.from(keyId).toString('hex'));
  // Who has a key has sealed with it: a segment without is somebody else's.
  if (keyId === undefined && ring.current !== undefined) throw new NoKey(undefined);
  const sealer = createSealer(preamble, key);
  const read = readFrame(bytes, preambleBytes, previous);
  if (read === 'torn') return undefined;
  const packed = read === 'broken' ? undefined : sealer.open({ counter: 0, sequence, previous }, read.sealed);
  const header = packed && unpackHeader(packed);
  if (read === 'broken' || header?.sealed.length !== epoch - 1) throw new Damage(0, notAsWritten);
  return { preamble, header, sealer, tag: read.sealed.tag, end: read.end };
}

/** Opens the frames of a begun segment. `length`: of the bytes that are whole. @throws Damage */
export function readFrames(
  { preamble, sealer, tag, end }: Begun,
  bytes: Buffer,
): { readonly frames: readonly Frame[]; readonly tag: Uint8Array; readonly length: number } {
  const frames: Frame[] = [];
  let [previous, length] = [tag, end];
  for (let counter = 1; ; counter += 1) {
    const read = readFrame(bytes, length, previous);
    if (read === 'torn') return { frames, tag: previous, length };
    const sequence = preamble.sequence + counter - 1;
    const packed = read === 'broken' ? undefined : sealer.open({ counter, sequence, previous }, read.sealed);
    if (read === 'broken' || packed === undefined) throw new Damage(counter, notAsWritten);
    frames.push({ sequence, tag: read.sealed.tag, packed, isSnapshot: isSnapshot(packed) });
    [previous, length] = [read.sealed.tag, read.end];
  }
}

const notAsWritten = 'it is not as it was written there';
