import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Dispatcher, request as send } from 'undici';
import { hostOf, portOf } from '../../../components/sandbox/broker/allow-list.ts';
import { calledHeaders, callHeaders } from '../../../components/sandbox/broker/headers.ts';
import { createKeyCover } from '../../../components/sandbox/broker/without-key.ts';
import { codeOf, pairsOf, Refusal, readBody, reasonOf, refusal } from './answer.ts';
import { dispatcherFor, type Outside } from './fetch-route.ts';
import { type BrokerState, digestOf, note, type ServerState } from './state.ts';

interface CallRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What follows the route. */
  readonly name: string;
}

const methods = ['POST', 'GET', 'DELETE'] as const;

/**
 * Sends one message to an MCP server with its key, to its one address, and hands the answer on as it comes, without the key.
 * Each has a connection of its own, so that one that breaks leaves no doubt about others.
 */
export async function answerCall(state: BrokerState, outside: Outside, asked: CallRequest): Promise<void> {
  const { request, response, name } = asked;
  const method = methods.find((one) => one === request.method);
  const server = state.servers.get(name);
  const to = server === undefined ? 'none' : addressOf(server);
  const path = digestOf(server?.url.pathname ?? '');
  const about = { by: 'mcp', method: method ?? 'none', to, path } as const;
  const sent: Sent = { status: null, bytesOut: 0, bytesIn: 0 };
  try {
    if (server === undefined || method === undefined)
      throw refusal('DENIED', { to: 'that', reason: 'it is no MCP server that was set up' });
    const body = await readBody(request, state.callLimits.request);
    admit(state, server, `${pairsOf(request).flat().join('\n')}\n${body.toString()}`, body.length);
    sent.bytesOut = body.length;
    const headers = callHeaders(pairsOf(request), server.key).flat();
    const message = { method, headers, ...(method === 'POST' ? { body } : {}) };
    await exchange({ state, server, response, sent }, outside, message);
    note(state, { ...about, ...sent, decision: 'sent' });
  } catch (error) {
    // Who has heard enough of an answer leaves.
    if (sent.status !== null && !(error instanceof Refusal)) {
      note(state, { ...about, ...sent, decision: 'sent' });
      return;
    }
    const code = error instanceof Refusal ? error.code : 'GONE';
    const decision = code === 'DENIED' || code === 'LIMIT' ? 'refused' : 'failed';
    note(state, { ...about, ...sent, status: null, decision, code: `BROKER_${code}` });
    throw error;
  }
}

type Message = Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'>;

async function exchange(hand: Exchange, outside: Outside, message: Message): Promise<void> {
  const { state, server, response } = hand;
  const fail = (error: unknown): never => {
    // Its name may lead elsewhere by now, which is looked at the next time.
    server.addresses = undefined;
    if (error instanceof Refusal) throw error;
    const reason = state.redact(reasonOf(error));
    throw refusal('UNREACHABLE', { to: addressOf(server), reason, code: codeOf(error) });
  };
  const left = new AbortController();
  response.on('close', () => left.abort());
  const dispatcher = await dispatcherOf(server, outside).catch(fail);
  try {
    const options = { ...message, dispatcher, signal: left.signal };
    await handOn(await send(server.url, options).catch(fail), hand);
  } finally {
    dispatcher.destroy().catch(() => undefined);
  }
}

/** Its name is resolved once for the session. */
function dispatcherOf(server: ServerState, outside: Outside): Promise<Dispatcher> {
  const resolve: Outside['resolve'] = (name) => {
    server.addresses ??= outside.resolve(name);
    return server.addresses;
  };
  return dispatcherFor(server.url, server, { ...outside, resolve });
}

function addressOf({ url }: ServerState): string {
  return `${hostOf(url)}:${portOf(url)}`;
}

/** Books what goes out before it goes out. A key is told to nobody, whoever has written it. */
function admit(
  { callLimits, holdsKey }: BrokerState,
  server: ServerState,
  text: string,
  bytes: number,
): void {
  const limit = (what: string, most: number) =>
    refusal('LIMIT', { what: `${what} to ${server.name}`, limit: most });
  if (server.requests + 1 > callLimits.requests) throw limit('requests', callLimits.requests);
  if (server.bytesOut + bytes > callLimits.bytesOut) throw limit('bytes', callLimits.bytesOut);
  if (holdsKey(text)) throw refusal('DENIED', { to: 'that', reason: 'it holds a secret' });
  server.requests += 1;
  server.bytesOut += bytes;
}

interface Exchange {
  readonly state: BrokerState;
  readonly server: ServerState;
  readonly response: ServerResponse;
  readonly sent: Sent;
}

interface Sent {
  status: number | null;
  bytesOut: number;
  bytesIn: number;
}

async function handOn(answer: Dispatcher.ResponseData, exchange: Exchange): Promise<void> {
  const { state, server, response, sent } = exchange;
  const { statusCode: status, headers, body } = answer;
  const isIdentity = [undefined, 'identity'].includes([headers['content-encoding']].flat()[0]);
  if (!isIdentity || (status >= 300 && status < 400)) {
    body.on('error', () => undefined).destroy();
    if (isIdentity) throw refusal('REDIRECT', { id: server.name, status });
    throw refusal('UNREACHABLE', {
      to: server.name,
      reason: 'it answers in an encoding that nobody asked for',
    });
  }
  const { key = '' } = server;
  const pairs = Object.entries(headers).map(
    ([name, value]) => [name, [value ?? ''].flat().join(', ')] as const,
  );
  const shown = calledHeaders(pairs).map(([name, value]) => [
    name,
    key === '' ? value : value.replaceAll(key, '*'.repeat(key.length)),
  ]);
  sent.status = status;
  response.writeHead(status, shown.flat());
  response.flushHeaders();
  const { cover, end } = createKeyCover(key);
  const { bytesIn: limit } = state.callLimits;
  const withoutKey = async function* (pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      sent.bytesIn += piece.length;
      server.bytesIn += piece.length;
      if (server.bytesIn > limit) throw refusal('TOO_LARGE', { what: 'what it has answered', limit });
      yield cover(piece);
    }
    yield end();
  };
  await pipeline(body, withoutKey, response);
}
