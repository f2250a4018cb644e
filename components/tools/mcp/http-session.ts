import type { JsonValue } from '../../kernel/canonical.ts';
import { errors } from './errors.ts';
import { field } from './field.ts';
import { leave } from './http-answer.ts';
import type { McpAnswer, McpCall } from './types.ts';

/** Requests of one session after the other with a server, each with the headers that say which. */
export interface HttpSession {
  readonly post: (message: JsonValue, signal: AbortSignal) => Promise<McpAnswer>;
  /** Goes on with a stream behind the event of that number. */
  readonly resume: (event: string, signal: AbortSignal) => Promise<McpAnswer>;
  readonly end: (signal: AbortSignal) => Promise<McpAnswer>;
  readonly isOpen: () => boolean;
  /** Forgets it, before a greeting. */
  readonly forget: () => void;
  /** Takes the name that the answer to a greeting gives it. @throws MCP_BROKEN */
  readonly open: (answer: Response) => void;
  /** Takes the version that it speaks from the message that answers a greeting. */
  readonly speak: (message: JsonValue) => void;
}

export function createHttpSession(server: string, send: McpCall): HttpSession {
  let session: string | undefined;
  let version: string | undefined;
  const call = (request: Omit<Parameters<McpCall>[0], 'headers'>, more: Readonly<Record<string, string>>) =>
    send({
      ...request,
      headers: {
        ...more,
        ...(session === undefined ? {} : { 'mcp-session-id': session }),
        ...(version === undefined ? {} : { 'mcp-protocol-version': version }),
      },
    });
  return {
    post: (message, signal) =>
      call(
        { method: 'POST', body: JSON.stringify(message), signal },
        { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
      ),
    resume: (event, signal) =>
      call({ method: 'GET', signal }, { accept: 'text/event-stream', 'last-event-id': event }),
    end: (signal) => call({ method: 'DELETE', signal }, {}),
    isOpen: () => session !== undefined,
    forget: () => {
      session = undefined;
      version = undefined;
    },
    open: (answer) => {
      const name = answer.headers.get('mcp-session-id') ?? undefined;
      if (name !== undefined && !/^[\x21-\x7e]{1,1000}$/.test(name)) {
        leave(answer);
        throw errors.BROKEN({ server, reason: 'it calls its session by a name that is none' });
      }
      session = name;
    },
    speak: (message) => {
      const spoken = field(field(message, 'result') ?? null, 'protocolVersion');
      if (typeof spoken === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(spoken)) version = spoken;
    },
  };
}
