import type { JsonValue } from '../../kernel/canonical.ts';
import type { Context } from '../../kernel/context.ts';
import { Failure } from '../../kernel/failure.ts';
import type { McpClient } from './client.ts';
import { errors } from './errors.ts';
import { field } from './field.ts';
import { type EventsEnd, readEvents, readMessage } from './http-answer.ts';
import { failureOfStatus } from './http-status.ts';
import type { McpAnswer, McpCall, McpTransport, RemoteWay } from './types.ts';

/** Milliseconds for what is not answered, and for the farewell. */
const [toldWithin, partedWithin] = [15_000, 5_000];

/** How often one stream is gone on with. */
const mostResumed = 50;

export interface HttpTransport extends McpTransport {
  /** Ends what runs, and the session of the server. */
  readonly close: () => Promise<void>;
}

type Receiver = Pick<McpClient, 'receive' | 'fail' | 'isWaiting'>;

/**
 * Streamable HTTP (modelcontextprotocol.io/specification/2025-06-18/basic/transports): one POST a message. Its answer is JSON or
 * a stream of events, which is left when it holds what was asked for, and gone on with where it breaks off and its events have
 * numbers. No stream is kept open for what a server says unasked. A greeting begins a new session.
 */
export function createHttpTransport(
  { clock }: Pick<Context, 'clock'>,
  server: string,
  way: RemoteWay,
  receiver: Receiver,
): HttpTransport {
  const over = new AbortController();
  const running = new Map<unknown, AbortController>();
  let session: string | undefined;
  let version: string | undefined;
  let told: Promise<void> = Promise.resolve();

  const call = (request: Omit<Parameters<McpCall>[0], 'headers'>, more: Readonly<Record<string, string>>) =>
    way.call({
      ...request,
      headers: {
        ...more,
        ...(session === undefined ? {} : { 'mcp-session-id': session }),
        ...(version === undefined ? {} : { 'mcp-protocol-version': version }),
      },
    });
  const post = (message: JsonValue, signal: AbortSignal) =>
    call(
      { method: 'POST', body: JSON.stringify(message), signal },
      { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
    );

  /** One after the other: a server is greeted to the end before it is asked. */
  const tell = async (message: JsonValue) => {
    await within(clock, toldWithin, over.signal, async (signal) => leave(await post(message, signal)));
  };

  const receive = (method: JsonValue | undefined, message: JsonValue) => {
    const spoken =
      method === 'initialize' ? field(field(message, 'result') ?? null, 'protocolVersion') : null;
    if (typeof spoken === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(spoken)) version = spoken;
    receiver.receive(message);
  };

  const ask = async (asked: Asked) => {
    const { id, method } = asked;
    await told;
    if (method === 'initialize') {
      session = undefined;
      version = undefined;
    }
    const had = session !== undefined;
    const answer = await post(asked.message, asked.signal);
    if ('refused' in answer) throw unsent(server, method, answer);
    const failure = failureOfStatus(answer.status, { server, method, had, unauthorized: way.unauthorized });
    if (failure !== undefined) {
      leave(answer);
      throw failure;
    }
    if (method === 'initialize') session = sessionOf(server, answer);
    const take = (message: JsonValue) => receive(method, message);
    const parts = { server, method, take, isOver: () => !receiver.isWaiting(id) };
    const type = typeOf(answer);
    if (type === 'application/json') await readMessage(answer, parts);
    else if (type === 'text/event-stream') await follow(answer, asked, parts);
    else {
      leave(answer);
      throw errors.FAILED({ server, method, reason: 'it answers with neither JSON nor a stream of events' });
    }
    receiver.fail(id, errors.FAILED({ server, method, reason: 'what it answers with holds no answer' }));
  };

  /** Reads a stream to the answer, however often it breaks off. */
  const follow = async (first: Response, { signal }: Asked, parts: Parameters<typeof readEvents>[1]) => {
    let last = await readEvents(first, parts, undefined);
    for (let tried = 0; tried < mostResumed && canResume(last); tried += 1) {
      await clock.sleep(last.retry, signal);
      const more = { accept: 'text/event-stream', 'last-event-id': last.id };
      const answer = await call({ method: 'GET', signal }, more);
      if ('refused' in answer) return;
      if (answer.status !== 200 || typeOf(answer) !== 'text/event-stream') return leave(answer);
      last = await readEvents(answer, parts, last);
    }
  };

  const start = async (id: number, method: string, message: JsonValue) => {
    const left = new AbortController();
    running.set(id, left);
    try {
      await ask({ id, method, message, signal: AbortSignal.any([left.signal, over.signal]) });
    } catch (error) {
      const reason = 'the connection to it has ended';
      receiver.fail(id, error instanceof Failure ? error : errors.FAILED({ server, method, reason }, error));
    } finally {
      running.delete(id);
    }
  };

  return {
    send: (message) => {
      const [id, method] = [field(message, 'id'), field(message, 'method')];
      if (method === 'notifications/cancelled')
        running.get(field(field(message, 'params') ?? null, 'requestId'))?.abort();
      if (typeof id === 'number' && typeof method === 'string') void start(id, method, message);
      else told = told.then(() => tell(message));
    },
    close: async () => {
      over.abort(new Error('the session has ended'));
      if (session === undefined) return;
      const part = async (signal: AbortSignal) => leave(await call({ method: 'DELETE', signal }, {}));
      await within(clock, partedWithin, undefined, part);
    },
  };
}

interface Asked {
  readonly id: number;
  readonly method: string;
  readonly message: JsonValue;
  readonly signal: AbortSignal;
}

type Resumable = EventsEnd & { readonly id: string };

function canResume(end: EventsEnd): end is Resumable {
  return !end.isOver && end.id !== undefined;
}

/** What was certainly not sent may be asked again. */
function unsent(server: string, method: string, answer: Extract<McpAnswer, { refused: string }>): Failure {
  const { refused: reason, isSent } = answer;
  return (isSent ? errors.FAILED : errors.REFUSED)({ server, method, reason });
}

/** A number that could be no header is a mistake. */
function sessionOf(server: string, answer: Response): string | undefined {
  const session = answer.headers.get('mcp-session-id') ?? undefined;
  if (session === undefined || /^[\x21-\x7e]{1,1000}$/.test(session)) return session;
  leave(answer);
  throw errors.BROKEN({ server, reason: 'it calls its session by a name that is none' });
}

function typeOf(answer: Response): string {
  return (answer.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function leave(answer: McpAnswer): void {
  if (!('refused' in answer)) answer.body?.cancel().catch(() => undefined);
}

/** What comes of it nobody waits for longer, and a failure is found by the request that follows. */
async function within(
  clock: Context['clock'],
  milliseconds: number,
  ended: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const [late, done] = [new AbortController(), new AbortController()];
  clock.sleep(milliseconds, done.signal).then(
    () => late.abort(),
    () => late.abort(),
  );
  const signal = ended === undefined ? late.signal : AbortSignal.any([late.signal, ended]);
  await work(signal).catch(() => undefined);
  done.abort(new Error('it has ended'));
}
