import type { JsonValue } from '../../kernel/canonical.ts';
import type { Context } from '../../kernel/context.ts';
import { Failure } from '../../kernel/failure.ts';
import type { McpClient } from './client.ts';
import { errors } from './errors.ts';
import { field } from './field.ts';
import { type AnswerParts, type EventsEnd, leave, readEvents, readMessage, typeOf } from './http-answer.ts';
import { createHttpSession, type HttpSession } from './http-session.ts';
import { failureOfStatus } from './http-status.ts';
import type { McpAnswer, McpTransport, RemoteWay } from './types.ts';

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
  const session = createHttpSession(server, way.call);
  const ask = createAsking({ clock, server, session, receiver, unauthorized: way.unauthorized });
  // One after the other: a server is greeted to the end before it is asked.
  let told: Promise<void> = Promise.resolve();

  const start = async (id: number, method: string, message: JsonValue) => {
    const left = new AbortController();
    running.set(id, left);
    try {
      await told;
      await ask({ id, method, message, signal: AbortSignal.any([left.signal, over.signal]) });
    } catch (error) {
      const reason = 'the connection to it has ended';
      receiver.fail(id, error instanceof Failure ? error : errors.FAILED({ server, method, reason }, error));
    } finally {
      running.delete(id);
    }
  };
  const tell = (message: JsonValue) =>
    within(clock, toldWithin, over.signal, async (signal) => leave(await session.post(message, signal)));

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
      if (!session.isOpen()) return;
      await within(clock, partedWithin, undefined, async (signal) => leave(await session.end(signal)));
    },
  };
}

interface Asking extends Pick<RemoteWay, 'unauthorized'> {
  readonly clock: Context['clock'];
  readonly server: string;
  readonly session: HttpSession;
  readonly receiver: Receiver;
}

/** Makes what asks one thing, and hands its answer on. @throws MCP_… where none comes */
function createAsking({ clock, server, session, receiver, unauthorized }: Asking) {
  /** Reads a stream to the answer, however often it breaks off. */
  const follow = async (first: Response, signal: AbortSignal, parts: AnswerParts) => {
    let last = await readEvents(first, parts, undefined);
    for (let tried = 0; tried < mostResumed && canResume(last); tried += 1) {
      await clock.sleep(last.retry, signal);
      const answer = await session.resume(last.id, signal);
      if ('refused' in answer) return;
      if (answer.status !== 200 || typeOf(answer) !== 'text/event-stream') return leave(answer);
      last = await readEvents(answer, parts, last);
    }
  };

  return async ({ id, method, message, signal }: Asked): Promise<void> => {
    const isGreeting = method === 'initialize';
    if (isGreeting) session.forget();
    const had = session.isOpen();
    const answer = await session.post(message, signal);
    if ('refused' in answer) throw unsent(server, method, answer);
    const failure = failureOfStatus(answer.status, { server, method, had, unauthorized });
    if (failure !== undefined) {
      leave(answer);
      throw failure;
    }
    if (isGreeting) session.open(answer);
    const take = (said: JsonValue) => {
      if (isGreeting) session.speak(said);
      receiver.receive(said);
    };
    const parts: AnswerParts = { server, method, take, isOver: () => !receiver.isWaiting(id) };
    const type = typeOf(answer);
    if (type === 'application/json') await readMessage(answer, parts);
    else if (type === 'text/event-stream') await follow(answer, signal, parts);
    else {
      leave(answer);
      throw errors.FAILED({ server, method, reason: 'it answers with neither JSON nor a stream of events' });
    }
    receiver.fail(id, errors.FAILED({ server, method, reason: 'what it answers with holds no answer' }));
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
