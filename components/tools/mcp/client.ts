import type { JsonValue } from '../../kernel/canonical.ts';
import type { Context } from '../../kernel/context.ts';
import type { Failure } from '../../kernel/failure.ts';
import { errors } from './errors.ts';
import { field } from './field.ts';
import type { McpTransport } from './types.ts';

/** What a server may say without being asked, until it counts as broken. */
const mostUnasked = 10_000;

export type Answer =
  | { readonly ok: true; readonly result: JsonValue }
  /** The server's own words. */
  | { readonly ok: false; readonly message: string };

/** JSON-RPC with one server (modelcontextprotocol.io/specification/2025-06-18). */
export interface McpClient {
  /** Asks, and waits at most so many milliseconds. @throws MCP_BROKEN, MCP_LATE */
  readonly request: (method: string, params: JsonValue, timeout: number) => Promise<Answer>;
  readonly notify: (method: string, params?: JsonValue) => void;
  /** Takes one message of the server. */
  readonly receive: (message: JsonValue) => void;
  /** One request is not answered, and why; of no meaning where it was. */
  readonly fail: (id: number, failure: Failure) => void;
  /** Whether an answer to it would be taken. */
  readonly isWaiting: (id: number) => boolean;
  /** Nothing will be answered any more, and why; the first reason counts. */
  readonly end: (reason: string) => void;
  /** Whether the server has said that its list is another, since this was asked last. */
  readonly hasChanged: () => boolean;
}

export function createClient(
  { clock }: Pick<Context, 'clock'>,
  server: string,
  { send }: McpTransport,
): McpClient {
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  let [next, unasked, isChanged] = [1, 0, false];
  let broken: string | undefined;
  const end = (reason: string) => {
    broken ??= reason;
    for (const asked of waiting.values()) asked.reject(errors.BROKEN({ server, reason: broken }));
    waiting.clear();
  };
  const notify = (method: string, params?: JsonValue) =>
    send({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) });

  /** It may ask for nothing of ours: no model, no files, no person. */
  const refuse = (id: JsonValue, method: JsonValue) =>
    send(
      method === 'ping'
        ? { jsonrpc: '2.0', id, result: {} }
        : { jsonrpc: '2.0', id, error: { code: -32601, message: 'this client does nothing for servers' } },
    );

  return {
    notify,
    end,
    fail: (id, failure) => {
      waiting.get(id)?.reject(failure);
      waiting.delete(id);
    },
    isWaiting: (id) => waiting.has(id),
    hasChanged: () => {
      const was = isChanged;
      isChanged = false;
      return was;
    },
    receive: (message) => {
      if (broken !== undefined) return;
      const [id, method] = [field(message, 'id'), field(message, 'method')];
      const [result, error] = [field(message, 'result'), field(message, 'error')];
      const asked = typeof id === 'number' && method === undefined ? waiting.get(id) : undefined;
      if (asked !== undefined && (result !== undefined || error !== undefined)) {
        waiting.delete(id as number);
        asked.resolve(result === undefined ? { ok: false, message: messageOf(error) } : { ok: true, result });
        return;
      }
      unasked += 1;
      if (unasked > mostUnasked) end(`it has said more than ${mostUnasked} things that nobody asked for`);
      else if (method !== undefined && id !== undefined && id !== null) refuse(id, method);
      else if (method === 'notifications/tools/list_changed') isChanged = true;
    },
    request: async (method, params, timeout) => {
      if (broken !== undefined) throw errors.BROKEN({ server, reason: broken });
      const id = next;
      next += 1;
      const asked = Promise.withResolvers<Answer>();
      waiting.set(id, asked);
      const over = new AbortController();
      const late = clock.sleep(timeout, over.signal).then(() => 'late' as const);
      // Which of them comes second, nobody waits for.
      late.catch(() => undefined);
      asked.promise.catch(() => undefined);
      try {
        send({ jsonrpc: '2.0', id, method, params });
        const answer = await Promise.race([asked.promise, late]);
        if (answer !== 'late') return answer;
        notify('notifications/cancelled', { requestId: id, reason: 'it has taken too long' });
        throw errors.LATE({ server, method, seconds: timeout / 1_000 });
      } finally {
        waiting.delete(id);
        over.abort(new Error('the request has ended'));
      }
    },
  };
}

function messageOf(error: JsonValue | undefined): string {
  const message = error === undefined ? undefined : field(error, 'message');
  return typeof message === 'string' ? message : 'an error without a message';
}
