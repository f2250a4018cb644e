import { createHash } from 'node:crypto';
import type { AwsV4Signer } from 'aws4fetch';
import type { Context } from '../../kernel/context.ts';
import { Failure } from '../../kernel/failure.ts';
import { withoutControls } from '../../kernel/log.ts';
import { once } from '../../kernel/once.ts';
import { createRedactor } from '../../kernel/redact.ts';
import { AttemptFailed } from './attempt-failed.ts';
import { errors } from './errors.ts';
import type { BucketPlace } from './place.ts';
import { refusal } from './refusal.ts';
import type { S3Answer, S3Credentials, S3Request } from './types.ts';

const loadSigner = once(() => import('aws4fetch'));

/** Milliseconds for one request with its answer. */
const patience = 60_000;

export type Send = (request: S3Request) => Promise<S3Answer>;

/** Makes the function that signs a request and sends it once. It throws AttemptFailed, and S3_* where no repetition helps. */
export function createSend(
  context: Pick<Context, 'fetch' | 'cancel' | 'clock' | 'redact'>,
  place: BucketPlace,
  credentials: S3Credentials,
): Send {
  // Known here for sure; the context's redactor knows them where they came as inputs.
  const { secretAccessKey, sessionToken } = credentials;
  const redact = createRedactor([secretAccessKey, sessionToken ?? ''].filter((secret) => secret !== ''));
  const clean = (text: string) =>
    withoutControls(context.redact(redact(text)).replace(/\s+/g, ' ').trim()).slice(0, 300);
  // Keys derived of the secret, for a day and a region each.
  const cache = new Map<string, ArrayBuffer>();
  return async (request) => {
    const name = `${request.method} ${place.bucket}/${request.key ?? ''}`;
    const failed = (reason: string, error?: unknown) =>
      new AttemptFailed(errors.FAILED({ request: name, reason: clean(reason) }, error), true);
    const signer = await signerOf(context, place, { ...credentials, cache }, request);
    const { url, headers } = await signer.sign();
    const late = AbortSignal.timeout(patience);
    let response: Response;
    let bytes: Uint8Array;
    try {
      response = await context.fetch(url.href, {
        ...{ method: request.method, headers: Object.fromEntries(headers), redirect: 'manual' },
        signal: AbortSignal.any([late, context.cancel]),
        ...(request.body === undefined ? {} : { body: request.body as Uint8Array<ArrayBuffer> }),
      });
      bytes = await readWithin(response, response.ok ? request.mostBytes : 64 * 1024);
    } catch (error) {
      if (error instanceof TooLong) throw errors.FAILED({ request: name, reason: error.message });
      const own = causesOf(error).find((cause) => cause instanceof Failure);
      if (own !== undefined) throw own;
      throw failed(late.aborted ? `no whole answer within ${patience} ms` : reasonOf(error), error);
    }
    const answer = { status: response.status, headers: response.headers, bytes };
    if (response.ok || response.status === 412) return answer;
    const refused = await refusal({ ...{ place, request, name, clean }, now: context.clock.now() }, answer);
    if (refused !== 'missing') throw refused;
    return answer;
  };
}

async function signerOf(
  { clock }: Pick<Context, 'clock'>,
  { endpoint, bucket, region }: BucketPlace,
  { sessionToken, ...credentials }: S3Credentials & { readonly cache: Map<string, ArrayBuffer> },
  { method, key, query, headers, body }: S3Request,
): Promise<AwsV4Signer> {
  const { AwsV4Signer: Signer } = await loadSigner();
  const url = new URL(`${endpoint}/${bucket}${key === undefined ? '' : `/${key}`}`);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  const digest = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  return new Signer({
    ...{ method, url: url.href, service: 's3', region, ...credentials },
    ...(sessionToken === undefined ? {} : { sessionToken }),
    headers: { ...headers, 'x-amz-content-sha256': digest },
    datetime: new Date(clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, ''),
  });
}

class TooLong extends Error {}

async function readWithin({ body }: Response, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.byteLength;
    // Breaking off ends the stream.
    if (length > limit) throw new TooLong(`the answer is longer than ${limit} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}

function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < 8; at = at.cause) causes.push(at);
  return causes;
}

/** The system's words are in the last cause: `fetch failed` tells nothing. */
function reasonOf(error: unknown): string {
  const last = causesOf(error).at(-1);
  if (last === undefined) return String(error);
  return last.message === '' ? String((last as NodeJS.ErrnoException).code ?? last.name) : last.message;
}
