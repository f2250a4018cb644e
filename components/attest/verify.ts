import type { KeyObject } from 'node:crypto';
import { isSignedBy, payloadType } from './dsse.ts';
import { asStatement } from './statement.ts';
import type { Envelope, Statement } from './types.ts';

export interface Expected {
  readonly predicateType: string;
  /** Digests (`sha256:…`) of bytes that the statement must be about. */
  readonly subjects?: readonly string[];
}

export type Verified =
  | { readonly ok: true; readonly statement: Statement }
  | { readonly ok: false; readonly reason: string };

/**
 * Checks an envelope against trusted keys. Ed25519 only; a key id is a hint of the sender and decides nothing. The payload
 * is only looked at once a signature holds.
 */
export function verifyEnvelope(
  envelope: Envelope,
  trusted: readonly KeyObject[],
  { predicateType, subjects = [] }: Expected,
): Verified {
  const refuse = (reason: string): Verified => ({ ok: false, reason });
  if (envelope.payloadType !== payloadType) return refuse('its payload is of another type');
  const payload = decodeBase64(envelope.payload);
  if (payload === undefined) return refuse('its payload is not base64');
  const signatures = envelope.signatures.map(({ sig }) => decodeBase64(sig));
  const isSigned = signatures.some(
    (signature) => signature !== undefined && trusted.some((key) => isSignedBy(key, payload, signature)),
  );
  if (!isSigned) return refuse('no trusted key has signed it');
  const statement = parseStatement(payload);
  if (statement === undefined) return refuse('its payload is no in-toto statement');
  if (statement.predicateType !== predicateType) return refuse('its statement is of another type');
  const known = new Set(statement.subject.map(({ digest }) => `sha256:${digest.sha256}`));
  const missing = subjects.find((subject) => !known.has(subject));
  return missing === undefined ? { ok: true, statement } : refuse(`it is not about ${missing}`);
}

function parseStatement(payload: Uint8Array): Statement | undefined {
  try {
    return asStatement(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
  } catch {
    return undefined;
  }
}

/** Node takes whatever looks like base64; another spelling of the same bytes is refused. */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
