import { randomUUID } from 'node:crypto';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { World } from '../world/world.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** Signs the `id_tokens` of jobs, and gives the keys to check them with. */
export interface IdTokenIssuer {
  /** A compact JWS, RS256, that holds from five seconds ago on. One audience is a text, several are a list. */
  readonly sign: (
    claims: Claims,
    options: { readonly audience: readonly string[]; readonly expiresInSeconds: number },
  ) => Promise<string>;
  /** The public key, as a JWK set. */
  readonly jwks: () => Promise<{ readonly keys: readonly JWK[] }>;
}

interface Key {
  readonly privateKey: CryptoKey;
  readonly public: JWK & { readonly kid: string };
}

/** Seconds a token is valid before it was made, for clocks that differ. */
const notBefore = 5;

/** An issuer with a key of its own, made when it is first needed; `iss` is the address of the instance by then. */
export function createIdTokenIssuer(world: Pick<World, 'url' | 'clock'>): IdTokenIssuer {
  let made: Promise<Key> | undefined;
  const key = () => {
    made ??= createKey();
    return made;
  };
  return {
    sign: async (claims, { audience, expiresInSeconds }) => {
      const { privateKey, public: shown } = await key();
      const now = Math.floor(world.clock.now() / 1000);
      const [only = '', ...others] = audience;
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: shown.kid })
        .setIssuer(world.url)
        .setAudience(others.length === 0 ? only : [...audience])
        .setJti(randomUUID())
        .setIssuedAt(now)
        .setNotBefore(now - notBefore)
        .setExpirationTime(now + expiresInSeconds)
        .sign(privateKey);
    },
    jwks: async () => ({ keys: [(await key()).public] }),
  };
}

async function createKey(): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { privateKey, public: { ...jwk, kid, use: 'sig', alg: 'RS256' } };
}
