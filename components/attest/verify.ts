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
  | { readonly ok: false; readonly reasons: readonly string[] };

/**
 * Checks an envelope against trusted keys, with every reason where it does not hold. Ed25519 only; a key id is a hint of the
 * sender and decides nothing. The payload is only looked into once a signature holds.
 */
export function verifyEnvelope(
  envelope: Envelope,
  trusted: readonly KeyObject[],
  expected: Expected,
): Verified {
  const payload = decodeBase64(envelope.payload);
  const reasons = [
    ...(envelope.payloadType === payloadType ? [] : ['its payload is of another type']),
    ...(payload === undefined ? ['its payload is not base64'] : []),
    ...(payload !== undefined && isSigned(envelope, payload, trusted)
      ? []
      : ['no trusted key has signed it']),
  ];
  if (payload === undefined || reasons.length > 0) return { ok: false, reasons };
  const statement = parseStatement(payload);
  if (statement === undefined) return { ok: false, reasons: ['its payload is no in-toto statement'] };
  const different = compare(statement, expected);
  return different.length === 0 ? { ok: true, statement } : { ok: false, reasons: different };
}

function isSigned({ signatures }: Envelope, payload: Uint8Array, trusted: readonly KeyObject[]): boolean {
  return signatures.some(({ sig }) => {
    const signature = decodeBase64(sig);
    return signature !== undefined && trusted.some((key) => isSignedBy(key, payload, signature));
  });
}

function compare(statement: Statement, { predicateType, subjects = [] }: Expected): string[] {
  const known = new Set(statement.subject.map(({ digest }) => `sha256:${digest.sha256}`));
  return [
    ...(statement.predicateType === predicateType ? [] : ['its statement is of another type']),
    ...subjects.filter((subject) => !known.has(subject)).map((subject) => `it is not about ${subject}`),
  ];
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
