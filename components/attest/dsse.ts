import { type KeyObject, sign, verify } from 'node:crypto';

/** Media type of in-toto statements in an envelope. */
export const payloadType = 'application/vnd.in-toto+json';

/**
 * Pre-authentication encoding: what is signed names its type, so a payload cannot be taken for one of another type.
 * Source: secure-systems-lab/dsse, protocol.md, version 1
 */
export function encodeForSigning(type: string, payload: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** A signature (Ed25519, RFC 8032) in base64. */
export function signPayload(key: KeyObject, payload: Uint8Array): string {
  return sign(null, encodeForSigning(payloadType, payload), key).toString('base64');
}

/** Whether a key has signed a payload of our type; a key that is not of Ed25519 has signed nothing. */
export function isSignedBy(key: KeyObject, payload: Uint8Array, signature: Uint8Array): boolean {
  if (key.asymmetricKeyType !== 'ed25519') return false;
  return verify(null, encodeForSigning(payloadType, payload), key, signature);
}
