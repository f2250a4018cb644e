import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { answerHeaders, requestHeaders } from '../../../components/sandbox/broker/headers.ts';
import { urlBelow } from '../../../components/sandbox/broker/upstream-url.ts';
import { createKeyCover } from '../../../components/sandbox/broker/without-key.ts';
import { codeOf, pairsOf, Refusal, readBody, reasonOf, refusal } from './answer.ts';
import { type BrokerState, digestOf, note } from './state.ts';

/** Bytes of a request, which is read whole: servers of models want its length. */
const mostAsked = 64 * 1024 * 1024;

/** Bytes of an answer. */
const mostAnswered = 256 * 1024 * 1024;

/** Sends a request to an upstream with its key, and hands the answer on as it comes, without the key. */
export async function answerModel(
  state: BrokerState,
  send: typeof fetch,
  { request, response, id, path }: ModelRequest,
): Promise<void> {
  const method = request.method ?? 'GET';
  const about = { by: 'model', method, to: id, path: digestOf(path) } as const;
  const sent = { bytesOut: 0, bytesIn: 0 };
  try {
    const found = state.upstreams.get(id);
    const url = found === undefined ? undefined : urlBelow(found.upstream, path);
    if (found === undefined || url === undefined)
      throw refusal('UPSTREAM', { url: id, expected: found?.upstream.baseUrl ?? 'one that was set up' });
    const { upstream, key } = found;
    const body = withoutKeys(state, await readBody(request, mostAsked));
    sent.bytesOut = body.length;
    const left = new AbortController();
    response.on('close', () => left.abort());
    const answer = await send(url, {
      ...{ method, redirect: 'manual', signal: left.signal },
      headers: requestHeaders(pairsOf(request), upstream, key).map(([name, value]) => [name, value]),
      ...(method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(body) }),
    }).catch((error: unknown) => {
      throw refusal('UNREACHABLE', { to: id, reason: state.redact(reasonOf(error)), code: codeOf(error) });
    });
    const { status } = answer;
    if (status >= 300 && status < 400) {
      await answer.body?.cancel();
      throw refusal('REDIRECT', { id, status });
    }
    await handOn(answer, response, key, sent);
    note(state, { ...about, status, ...sent, decision: 'sent' });
  } catch (error) {
    const code = error instanceof Refusal ? error.code : 'GONE';
    note(state, { ...about, status: null, ...sent, decision: 'failed', code: `BROKER_${code}` });
    throw error;
  }
}

/** A key that stands in a file or a log is no model's to know: what it was not told it repeats nowhere. */
function withoutKeys({ upstreams }: BrokerState, body: Buffer): Buffer {
  let bytes: Uint8Array = body;
  for (const { key = '' } of upstreams.values()) {
    const { cover, end } = createKeyCover(key);
    bytes = Buffer.concat([cover(bytes), end()]);
  }
  return Buffer.from(bytes);
}

interface ModelRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly id: string;
  /** Below the upstream's base URL, with the query. */
  readonly path: string;
}

async function handOn(
  answer: Response,
  response: ServerResponse,
  key: string | undefined,
  sent: { bytesIn: number },
): Promise<void> {
  const withoutKey = (text: string) =>
    key === undefined ? text : text.replaceAll(key, '*'.repeat(key.length));
  const headers = answerHeaders(answer.headers).map(([name, value]) => [name, withoutKey(value)]);
  response.writeHead(answer.status, headers.flat());
  response.flushHeaders();
  const { cover, end } = createKeyCover(key ?? '');
  const covered = async function* () {
    // Node's types of this stream lack the iterator it has.
    for await (const piece of (answer.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
      sent.bytesIn += piece.length;
      if (sent.bytesIn > mostAnswered)
        throw refusal('TOO_LARGE', { what: 'the answer', limit: mostAnswered });
      yield cover(piece);
    }
    yield end();
  };
  await pipeline(covered, response);
}
