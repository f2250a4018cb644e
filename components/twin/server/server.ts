import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Twin } from '../ports.ts';
import { renderRefusal } from './answer.ts';
import { createMemory, type Memory, respond } from './disturb.ts';
import { defectOf, type Exchange, isForUs, openExchange } from './exchange.ts';
import { createFaults, type Faults, nameOfEffect } from './faults.ts';
import { type Answering, answer, notModelled } from './handle.ts';
import { createJournal, type Journal, type WritableJournal } from './journal.ts';
import { createLimiter, type Limits, usualLimits } from './limits.ts';
import { forbidden } from './reply.ts';
import { createRouter, type Router } from './router.ts';
import { createStrictness } from './strictness.ts';
import type { Fallback, Route } from './types.ts';

export interface ServerOptions {
  readonly routes: readonly Route[];
  /** Asked in their order for what is not below `/api/v4`. */
  readonly fallbacks?: readonly Fallback[];
  readonly limits?: Partial<Limits>;
  /** Of a body that is not `raw`. Default 32 Mi. */
  readonly maxBodyBytes?: number;
  /** Whether a request is refused that says what nothing describes; GitLab itself ignores that. Default true. */
  readonly strict?: boolean;
  /** GitLab's OpenAPI document, to be strict by; without it only routes with a schema of our own are checked. */
  readonly openApiFile?: string;
}

export interface TwinServer {
  readonly handler: RequestListener;
  readonly journal: Journal;
  readonly faults: Faults;
}

interface Server extends Answering {
  readonly router: Router;
  readonly fallbacks: readonly Fallback[];
  readonly journal: WritableJournal;
  readonly faults: Faults;
  readonly memory: Memory;
}

/** The HTTP side of a twin, at the path of `world.url` as it is when a request comes. */
export function createServer(twin: Twin, options: ServerOptions): TwinServer {
  const { clock } = twin.context;
  const server: Server = {
    twin,
    router: createRouter(options.routes),
    fallbacks: options.fallbacks ?? [],
    journal: createJournal(),
    faults: createFaults(),
    memory: createMemory(),
    limit: createLimiter(clock, { ...usualLimits, ...options.limits }),
    maxBodyBytes: options.maxBodyBytes ?? 32 * 1024 * 1024,
    ...createStrictness(twin.context, { strict: options.strict ?? true, openApiFile: options.openApiFile }),
  };
  const handler: RequestListener = (request, response) => void serve(server, request, response);
  return { handler, journal: server.journal, faults: server.faults };
}

/** Never rejects: what goes wrong ends the connection and stands in the journal. */
async function serve(server: Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { clock } = server.twin.context;
  const exchange = openExchange(request, response, server.twin.world.url);
  const { draft } = exchange;
  const start = clock.monotonic();
  server.journal.add(draft);
  try {
    if (!isForUs(request, server.twin.world.url)) await refuseHost(server, exchange);
    else await (exchange.part === 'api' ? serveApi(server, exchange) : serveOther(server, exchange));
  } catch (error) {
    draft.error = defectOf(exchange, error);
    request.socket.destroy();
  } finally {
    draft.milliseconds = clock.monotonic() - start;
  }
}

/** Before anything is looked at, faults included. */
async function refuseHost({ memory, twin }: Server, exchange: Exchange): Promise<void> {
  const refusal = renderRefusal(forbidden('the twin answers to its own address only'));
  await respond(exchange, undefined, { memory, clock: twin.context.clock }, async () => refusal);
}

async function serveApi(server: Server, exchange: Exchange): Promise<void> {
  const { method, path, draft } = exchange;
  const match = server.router(method, path);
  const route = match.kind === 'route' ? match.route.path : undefined;
  draft.route = route;
  const remembered = server.memory.find(exchange) !== undefined;
  const effect = server.faults.next({ method, path, route: route ?? '', remembered });
  draft.fault = effect === undefined ? undefined : nameOfEffect(effect);
  const tools = { memory: server.memory, clock: server.twin.context.clock };
  await respond(exchange, effect, tools, () => answer(server, exchange, match));
}

async function serveOther(server: Server, exchange: Exchange): Promise<void> {
  const { request, response, method, path, draft } = exchange;
  const effect = server.faults.next({ method, path, route: undefined, remembered: false });
  draft.fault = effect === undefined ? undefined : nameOfEffect(effect);
  const tools = { memory: server.memory, clock: server.twin.context.clock };
  const unknown = async () => renderRefusal(notModelled(method, path));
  if (effect !== undefined && effect.kind !== 'slow') return respond(exchange, effect, tools, unknown);
  if (effect !== undefined) await tools.clock.sleep(effect.milliseconds);
  response.once('close', () => {
    if (response.headersSent) draft.status = response.statusCode;
  });
  if (exchange.part === 'other')
    for (const fallback of server.fallbacks) if (await fallback(request, response, path)) return;
  await respond(exchange, undefined, tools, unknown);
}
