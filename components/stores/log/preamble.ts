import { createHash } from 'node:crypto';
import { keyIdBytes } from './keys.ts';

/** Bytes of a tag: of AES-256-GCM its own, without a key the first of a SHA-256. */
export const tagBytes = 16;
const saltBytes = 32;

/** What a segment begins with, in plain bytes; every frame of it is sealed together with them. docs/session-log.md */
export interface Preamble {
  /** Undefined where the segment is not encrypted. */
  readonly keyId: Uint8Array | undefined;
  readonly salt: Uint8Array;
  /** A UUID. */
  readonly session: string;
  readonly epoch: number;
  /** Of the first record. */
  readonly sequence: number;
  /** Tag of the last frame that counts of the segments before. */
  readonly previous: Uint8Array;
}

const magic = Buffer.from('PWSL');
const version = 2;
const ciphers = { none: 0, aes256gcm: 1 } as const;
const sessionBytes = 16;
const offsets = {
  version: 4,
  cipher: 5,
  keyId: 8,
  salt: 8 + keyIdBytes,
  session: 8 + keyIdBytes + saltBytes,
  epoch: 8 + keyIdBytes + saltBytes + sessionBytes,
  sequence: 12 + keyIdBytes + saltBytes + sessionBytes,
  previous: 20 + keyIdBytes + saltBytes + sessionBytes,
} as const;
export const preambleBytes = offsets.previous + tagBytes;

export function renderPreamble(preamble: Preamble): Buffer {
  const bytes = Buffer.alloc(preambleBytes);
  magic.copy(bytes);
  bytes.writeUInt8(version, offsets.version);
  bytes.writeUInt8(preamble.keyId === undefined ? ciphers.none : ciphers.aes256gcm, offsets.cipher);
  bytes.set(preamble.keyId ?? [], offsets.keyId);
  bytes.set(preamble.salt, offsets.salt);
  bytes.set(sessionIn(preamble.session), offsets.session);
  bytes.writeUInt32BE(preamble.epoch, offsets.epoch);
  bytes.writeBigUInt64BE(BigInt(preamble.sequence), offsets.sequence);
  bytes.set(preamble.previous, offsets.previous);
  return bytes;
}

/** Undefined for what does not begin as a segment of this version does; `newer` for one of a version to come. */
export function parsePreamble(bytes: Buffer): Preamble | 'newer' | undefined {
  if (!bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const found = bytes.readUInt8(offsets.version);
  const cipher = bytes.readUInt8(offsets.cipher);
  if (found > version) return 'newer';
  const isKnown = cipher === ciphers.none || cipher === ciphers.aes256gcm;
  if (found !== version || !isKnown || bytes.readUInt16BE(offsets.cipher + 1) !== 0) return undefined;
  const sequence = bytes.readBigUInt64BE(offsets.sequence);
  const part = (start: number, length: number) => bytes.subarray(start, start + length);
  const isUnused = part(offsets.keyId, keyIdBytes).every((byte) => byte === 0);
  if (sequence > Number.MAX_SAFE_INTEGER || (cipher === ciphers.none && !isUnused)) return undefined;
  return {
    keyId: cipher === ciphers.none ? undefined : part(offsets.keyId, keyIdBytes),
    salt: part(offsets.salt, saltBytes),
    session: sessionOf(part(offsets.session, sessionBytes)),
    epoch: bytes.readUInt32BE(offsets.epoch),
    sequence: Number(sequence),
    previous: part(offsets.previous, tagBytes),
  };
}

/** What the first segment of a session follows. */
export function genesis(session: string): Uint8Array {
  return createHash('sha256').update(`pipewright/session-log/v2\n${session}`).digest().subarray(0, tagBytes);
}

export function newSalt(random: (bytes: number) => Uint8Array): Uint8Array {
  return random(saltBytes);
}

/** What the key of a segment is derived for. */
export function keyInfo({ session, epoch }: Pick<Preamble, 'session' | 'epoch'>): Uint8Array {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(epoch);
  return Buffer.concat([Buffer.from('pipewright/session-log/v2\n'), sessionIn(session), number]);
}

function sessionIn(session: string): Buffer {
  return Buffer.from(session.replaceAll('-', ''), 'hex');
}

function sessionOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('hex');
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
