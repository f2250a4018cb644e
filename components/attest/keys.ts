import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { canonicalJson, digestBytes, type JsonValue } from '../kernel/canonical.ts';
import { payloadType, signPayload } from './dsse.ts';
import { errors } from './errors.ts';
import type { Signer } from './types.ts';

/** What stands before the 32 bytes of an Ed25519 seed in PKCS#8 (RFC 8410 §7). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Makes a signer of a seed of 32 bytes in base64. Ed25519 makes the key of it alone, so it is as secret as the key.
 *
 * @param name - what messages call its place, such as the variable; the value is in none
 * @throws ATTEST_SEED
 */
export function parseSeed(name: string, base64: string): Signer & { readonly publicKey: string } {
  const text = base64.trim();
  const refuse = (reason: string) => errors.SEED({ name, reason });
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) throw refuse('it is not base64');
  const seed = Buffer.from(text, 'base64');
  if (seed.length !== 32) throw refuse(`it has ${seed.length} bytes, expected 32`);
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const keyId = digestBytes(spki);
  return {
    keyId,
    publicKey: spki.toString('base64'),
    sign: (statement) => {
      const payload = Buffer.from(canonicalJson(statement as unknown as JsonValue));
      const signatures = [{ keyid: keyId, sig: signPayload(key, payload) }];
      return { payloadType, payload: payload.toString('base64'), signatures };
    },
  };
}

/** Reads a public key, SubjectPublicKeyInfo in base64; undefined where it is none of Ed25519. */
export function parsePublicKey(base64: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(base64.trim(), 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
