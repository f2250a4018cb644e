import type { IncomingMessage, ServerResponse } from 'node:http';
import { Failure } from '../../../components/kernel/failure.ts';
import type { errors } from '../../../components/sandbox/broker/errors.ts';

/** Marks what the broker says itself; no answer from outside carries it. */
export const mark = 'x-pipewright-broker';

export type BrokerCode = keyof typeof errors;

type FactsOf<Code extends BrokerCode> = Parameters<(typeof errors)[Code]['row']['message']>[0];

/** A failure on its way to who asked: the code and the facts, from which the same failure is made there. */
export class Refusal extends Error {
  readonly code: BrokerCode;
  readonly facts: object;

  constructor(code: BrokerCode, facts: object) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

export function refusal<Code extends BrokerCode>(code: Code, facts: FactsOf<Code>): Refusal {
  return new Refusal(code, facts);
}

const statuses: Partial<Record<BrokerCode, number>> = { DENIED: 403, LIMIT: 429, SETTINGS: 400 };

/** Tells a refusal, unless the answer has begun: then its end is missing, and who reads it sees that. */
export function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, facts } = asRefusal(error);
  const text = JSON.stringify(facts);
  response.writeHead(statuses[code] ?? 502, { [mark]: code, 'content-type': 'application/json' });
  response.end(text);
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof Failure)
    return new Refusal('SETTINGS', { what: error.message, expected: 'otherwise' });
  return refusal('GONE', { reason: reasonOf(error) });
}

/** The reason of a connection that failed, without an address that may hold a secret. */
export function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) return 'for no known reason';
  const code = 'code' in inner ? String(inner.code) : '';
  return inner.message === '' ? code || inner.name : (inner.message.split('\n')[0]?.slice(0, 200) ?? code);
}

/** The system's or TLS' code of it, such as ECONNREFUSED. */
export function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; depth < 8 && typeof at === 'object' && at !== null; depth += 1) {
    const { code, cause, errors: several } = at as { code?: unknown; cause?: unknown; errors?: unknown[] };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
    at = cause ?? several?.[0];
  }
  return undefined;
}

/** @throws BROKER_TOO_LARGE */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > limit) throw refusal('TOO_LARGE', { what: 'the request', limit });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

export function pairsOf({ rawHeaders }: IncomingMessage): [string, string][] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => [
    rawHeaders[index * 2] ?? '',
    rawHeaders[index * 2 + 1] ?? '',
  ]);
}
