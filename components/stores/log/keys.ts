import { createHash, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { errors } from '../errors.ts';

/** Bytes of the id by which a segment names its key. */
export const keyIdBytes = 8;

export interface SessionKey {
  readonly id: Uint8Array;
  readonly secret: Uint8Array;
}

/** The key new segments are sealed with, and those that older ones may be. */
export interface KeyRing {
  readonly current: SessionKey | undefined;
  readonly earlier: readonly SessionKey[];
}

/**
 * Reads a key: 32 random bytes in base64.
 *
 * @param name - what messages call its place, such as the variable; the value is in none
 * @throws STORE_KEY_FORM
 */
export function parseKey(name: string, base64: string): SessionKey {
  const text = base64.trim();
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) throw errors.KEY_FORM({ name, reason: 'it is not base64' });
  const secret = Buffer.from(text, 'base64');
  if (secret.length !== 32)
    throw errors.KEY_FORM({ name, reason: `it has ${secret.length} bytes, expected 32` });
  const id = createHash('sha256').update('pipewright/session-key-id\n').update(secret).digest();
  return { id: id.subarray(0, keyIdBytes), secret };
}

export function findKey({ current, earlier }: KeyRing, id: Uint8Array): SessionKey | undefined {
  return [...(current === undefined ? [] : [current]), ...earlier].find((key) => timingSafeEqual(key.id, id));
}

/**
 * The key of one segment (RFC 5869): two segments never share one, so their counters may both begin at 0. As a key object,
 * since of bytes Node makes one for each frame, which takes three times as long as to open it.
 */
export function segmentKey({ secret }: SessionKey, salt: Uint8Array, info: Uint8Array): KeyObject {
  return createSecretKey(new Uint8Array(hkdfSync('sha256', secret, salt, info, 32)));
}
