import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { paginate } from './pagination.ts';
import type { Refusal } from './reply.ts';
import type { Call, Reply } from './types.ts';

/** What goes over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | Readable;
}

const nothing = new Uint8Array();

/**
 * Makes an answer of a handler's reply.
 *
 * @param address - of the request with its query, absolute: pages link to others of it
 */
export function renderReply(
  reply: Reply,
  query: Call['query'],
  request: IncomingMessage,
  address: URL,
): Answer {
  if ('location' in reply)
    return { status: reply.status, headers: { location: reply.location }, body: nothing };
  if ('list' in reply) {
    const { items, headers } = paginate(reply.list, query, address);
    return renderJson(items, 200, { ...headers, ...reply.headers }, request);
  }
  if ('json' in reply)
    return renderJson(reply.json, reply.status ?? defaultStatus(request), reply.headers, request);
  if ('text' in reply) return renderText(reply.text, reply.status ?? 200, reply.headers, reply.type);
  if ('bytes' in reply) {
    const headers = { 'content-type': reply.type, ...reply.headers };
    return { status: reply.status ?? 200, headers, body: reply.bytes };
  }
  return { status: 204, headers: { ...reply.headers }, body: nothing };
}

/** What Grape gives: a POST creates. */
function defaultStatus({ method }: IncomingMessage): number {
  return method === 'POST' ? 201 : 200;
}

export function renderRefusal({ status, body, headers }: Refusal): Answer {
  return renderJson(body, status, headers);
}

export function renderText(
  text: string,
  status: number,
  headers: Answer['headers'] = {},
  type = 'text/plain; charset=utf-8',
): Answer {
  return { status, headers: { 'content-type': type, ...headers }, body: Buffer.from(text) };
}

function renderJson(
  json: unknown,
  status: number,
  headers: Answer['headers'] = {},
  request?: IncomingMessage,
): Answer {
  const body = Buffer.from(JSON.stringify(json));
  const type = { 'content-type': 'application/json' };
  const isRead = request?.method === 'GET' || request?.method === 'HEAD';
  if (!isRead || status !== 200) return { status, headers: { ...type, ...headers }, body };
  const etag = `W/"${createHash('md5').update(body).digest('hex')}"`;
  const cached = { 'cache-control': 'max-age=0, private, must-revalidate', etag, vary: 'Origin' };
  const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim());
  if (known.some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag.slice(2)))
    return { status: 304, headers: { ...cached, ...headers }, body: nothing };
  return { status, headers: { ...type, ...cached, ...headers }, body };
}

/** Writes an answer; rejects where its stream or the connection breaks. */
export async function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
): Promise<void> {
  const isBytes = body instanceof Uint8Array;
  const hasBody = status !== 204 && status !== 304;
  const length = isBytes && hasBody ? { 'content-length': `${body.byteLength}` } : {};
  response.writeHead(status, { ...headers, ...length });
  if (request.method === 'HEAD' || !hasBody) {
    if (!isBytes) body.destroy();
    response.end();
    return;
  }
  await pipeline(isBytes ? Readable.from(body.byteLength === 0 ? [] : [body]) : body, response);
}
