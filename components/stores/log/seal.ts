import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { type SessionKey, segmentKey } from './keys.ts';
import { keyInfo, type Preamble, renderPreamble, tagBytes } from './preamble.ts';

/** Where a frame stands; it can be opened nowhere else. */
export interface Spot {
  /** Number of the frame in its segment. */
  readonly counter: number;
  /** Of the record in it; of a header that of the record to come. */
  readonly sequence: number;
  /** Tag of the frame before. */
  readonly previous: Uint8Array;
}

export interface Sealed {
  readonly body: Uint8Array;
  readonly tag: Uint8Array;
}

export interface Sealer {
  readonly seal: (spot: Spot, plain: Uint8Array) => Sealed;
  /** Undefined for what was not sealed at that spot, by that key. */
  readonly open: (spot: Spot, sealed: Sealed) => Uint8Array | undefined;
}

/** Seals the frames of one segment: with AES-256-GCM, or without a key by a digest that finds accidents only. */
export function createSealer(preamble: Preamble, key: SessionKey | undefined): Sealer {
  const place = renderPreamble(preamble);
  const bound = ({ counter, sequence, previous }: Spot) => {
    const numbers = Buffer.alloc(16);
    numbers.writeBigUInt64BE(BigInt(counter));
    numbers.writeBigUInt64BE(BigInt(sequence), 8);
    return Buffer.concat([place, numbers, previous]);
  };
  return key === undefined ? digestSealer(bound) : gcmSealer(key, preamble, bound);
}

type Bound = (spot: Spot) => Uint8Array;

function gcmSealer(key: SessionKey, preamble: Preamble, bound: Bound): Sealer {
  const secret = segmentKey(key, preamble.salt, keyInfo(preamble));
  // The counter alone: the key is this segment's own (NIST SP 800-38D §8.2.1).
  const nonceOf = ({ counter }: Spot) => {
    const nonce = Buffer.alloc(12);
    nonce.writeBigUInt64BE(BigInt(counter), 4);
    return nonce;
  };
  return {
    seal: (spot, plain) => {
      const cipher = createCipheriv('aes-256-gcm', secret, nonceOf(spot), { authTagLength: tagBytes });
      cipher.setAAD(bound(spot));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return { body, tag: cipher.getAuthTag() };
    },
    open: (spot, { body, tag }) => {
      const cipher = createDecipheriv('aes-256-gcm', secret, nonceOf(spot), { authTagLength: tagBytes });
      cipher.setAAD(bound(spot)).setAuthTag(tag);
      try {
        return Buffer.concat([cipher.update(body), cipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}

function digestSealer(bound: Bound): Sealer {
  const tagOf = (spot: Spot, body: Uint8Array) =>
    createHash('sha256').update(bound(spot)).update(body).digest().subarray(0, tagBytes);
  return {
    seal: (spot, body) => ({ body, tag: tagOf(spot, body) }),
    open: (spot, { body, tag }) => (tagOf(spot, body).equals(tag) ? body : undefined),
  };
}
