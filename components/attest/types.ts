import type { JsonValue } from '../kernel/canonical.ts';

/** in-toto Statement v1: what is said of which bytes. https://github.com/in-toto/attestation */
export interface Statement {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: JsonValue;
}

/** DSSE v1: a payload with signatures over its type and bytes. https://github.com/secure-systems-lab/dsse */
export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** Signs statements with one key. */
export interface Signer {
  /** `sha256:` of the public key's DER (SubjectPublicKeyInfo). A hint, never a proof. */
  readonly keyId: string;
  readonly sign: (statement: Statement) => Envelope;
}
