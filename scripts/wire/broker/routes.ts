import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Context } from '../../../components/kernel/context.ts';
import type { BrokerSettings } from '../../../components/sandbox/broker/types.ts';
import { createFetch } from '../fetch.ts';
import { readProxies } from '../proxy.ts';
import { readBody, reasonOf, refusal, refuse } from './answer.ts';
import { answerCall } from './call-route.ts';
import { fetchAllowed, type Outside, resolveName } from './fetch-route.ts';
import { answerModel } from './model-route.ts';
import type { BrokerState } from './state.ts';

export interface RoutesOptions {
  readonly env: Context['env'];
  readonly authorities: () => string[] | undefined;
  /** Called when it is told to end. */
  readonly end: () => void;
}

export interface Routes {
  /** The session's own process: everything. */
  readonly control: RequestListener;
  /** Programs in the sandbox: `/fetch` and nothing else. */
  readonly egress: RequestListener;
  /** Lets requests through, which wait until then. */
  readonly begin: (state: BrokerState) => void;
}

interface Exchange {
  readonly state: BrokerState;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export function createRoutes(options: RoutesOptions): Routes {
  const begun = Promise.withResolvers<BrokerState>();
  const send = createFetch(options.env, options.authorities);
  const serve =
    (answer: (exchange: Exchange) => Promise<void> | void): RequestListener =>
    async (request, response) => {
      try {
        await answer({ state: await begun.promise, request, response });
      } catch (error) {
        refuse(response, error);
      }
    };
  return {
    begin: begun.resolve,
    egress: serve((exchange) => answerFetch(exchange, options, 'sandbox')),
    control: serve(async (exchange) => {
      const { state, request, response } = exchange;
      const target = request.url ?? '/';
      const [, route = '', id = ''] = target.split(/[/?]/);
      const asked = `${request.method} ${route}`;
      if (route === 'model') {
        const path = target.slice(`/model/${id}/`.length);
        return answerModel(state, send, { request, response, id, path });
      }
      if (route === 'mcp') {
        const outside = outsideOf(options.env, options.authorities);
        return answerCall(state, outside, { request, response, name: target.slice('/mcp/'.length) });
      }
      if (route === 'fetch') return answerFetch(exchange, options, 'tool');
      if (asked === 'GET records') return answerJson(response, state.records);
      if (asked === 'POST settings') return answerJson(response, state.setUp(await readSettings(request)));
      if (asked !== 'POST end')
        throw refusal('DENIED', { to: 'that', reason: 'the broker has no such route' });
      response.on('close', options.end);
      answerJson(response, {});
    }),
  };
}

function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

async function readSettings(request: IncomingMessage): Promise<BrokerSettings> {
  return JSON.parse((await readBody(request, 1024 * 1024)).toString());
}

async function answerFetch(
  { state, request, response }: Exchange,
  { env, authorities }: RoutesOptions,
  by: 'tool' | 'sandbox',
): Promise<void> {
  const { method } = request;
  const asked = new URL(request.url ?? '/', 'http://broker');
  const url = asked.searchParams.get('url');
  if (asked.pathname !== '/fetch' || url === null || (method !== 'GET' && method !== 'HEAD'))
    throw refusal('DENIED', { to: 'that', reason: 'only GET and HEAD of /fetch?url=… are answered' });
  const left = new AbortController();
  response.on('close', () => left.abort());
  const outside = outsideOf(env, authorities);
  const got = await fetchAllowed(state, outside, { by, method, url, cancel: left.signal });
  response.writeHead(got.status, [...got.headers.flat(), 'content-length', String(got.body.length)]);
  response.end(method === 'HEAD' ? undefined : got.body);
}

function outsideOf(env: Context['env'], authorities: RoutesOptions['authorities']): Outside {
  try {
    return { findProxy: readProxies(env), authorities: authorities(), resolve: resolveName };
  } catch (error) {
    throw refusal('UNREACHABLE', { to: 'the outside', reason: reasonOf(error) });
  }
}
