import type { Context } from '../../kernel/context.ts';
import { Failure } from '../../kernel/failure.ts';
import { errors } from '../errors.ts';
import type { Send } from '../types.ts';
import { FailedAttempt } from './failed-attempt.ts';
import { refusalOf } from './status.ts';

export interface TransportParts {
  /** As people read it, `provider/model`. */
  readonly model: string;
  readonly send: Send;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds without a sign of life. */
  readonly silenceMs: number;
  /** Whether the answer is to come in pieces. */
  readonly streams: boolean;
}

/** Bytes of an answer, and of what is read of a refusal. */
const mostBytes = 64 * 1024 * 1024;
const mostOfRefusal = 64 * 1024;
/** How often the silence one request may last in all: a server that trickles is no answer. */
const mostSilences = 10;

type Port = Pick<Context, 'clock' | 'redact' | 'cancel'>;

/**
 * What the packages of providers send by: they see answers that are whole, of the right type and in time, and all else is an
 * error of ours before they look at it.
 */
export function createTransport(port: Port, parts: TransportParts): Send {
  return async (url, init) => {
    const stop = new AbortController();
    const signals = [stop.signal, port.cancel, ...(init.signal == null ? [] : [init.signal])];
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(parts.headers)) headers.set(name, value);
    const watch = startWatch(port, parts, stop);
    const sending = parts.send(url, { ...init, headers, signal: AbortSignal.any(signals) });
    // Whichever loses is nobody's any more.
    sending.catch(() => undefined);
    const response = await Promise.race([sending, watch.silence]).catch((error: unknown) => {
      watch.end();
      throw unreachable(port, parts, error);
    });
    const body = watchedBody(response, watch);
    if (!response.ok) {
      const sent = typeof init.body === 'string' ? init.body : '';
      const text = await textOf(body, mostOfRefusal);
      throw refusalOf({
        ...{ model: parts.model, status: response.status, headers: response.headers, body: text, sent },
        ...{ now: port.clock.now(), redact: port.redact },
      });
    }
    const type = response.headers.get('content-type') ?? '';
    if (!(parts.streams ? /\bevent-stream\b/i : /\bjson\b/i).test(type)) {
      await body.cancel();
      throw broken(`it is no ${parts.streams ? 'text/event-stream' : 'application/json'}`);
    }
    const { status, headers: answered } = response;
    return new Response(body, { status, headers: answered });
  };
}

interface Watch {
  /** Rejects once there was no sign of life for too long, and ends the request then. */
  readonly silence: Promise<never>;
  /** A sign of life. */
  readonly heard: () => void;
  readonly end: () => void;
}

/** One timer a request, whatever comes: a timer for each piece costs half a millisecond and memory that stays. */
function startWatch({ clock }: Port, { model, silenceMs }: TransportParts, stop: AbortController): Watch {
  const done = new AbortController();
  const end = clock.monotonic() + mostSilences * silenceMs;
  let heard = clock.monotonic();
  const watch = async (): Promise<never> => {
    for (;;) {
      const left = Math.min(heard + silenceMs, end) - clock.monotonic();
      if (left <= 0) break;
      await clock.sleep(left, done.signal);
    }
    const failure = errors.TIMEOUT({ model, seconds: Math.round(silenceMs / 100) / 10 });
    throw new FailedAttempt(failure, { canRepeat: true, mayBePaid: true });
  };
  const silence = watch();
  // The request is ended once its silence is told: its own end would say less.
  silence.catch((error: unknown) => {
    if (error instanceof FailedAttempt) stop.abort();
  });
  return {
    silence,
    heard: () => {
      heard = clock.monotonic();
    },
    end: () => done.abort(),
  };
}

/** The body of an answer, which breaks where it is silent for too long or has no end. */
function watchedBody({ body }: Response, watch: Watch): ReadableStream<Uint8Array> {
  const reader = body?.getReader();
  let bytes = 0;
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      watch.silence.catch((error: unknown) => {
        // All else is the end of the watch, which says nothing of the answer.
        if (error instanceof FailedAttempt) controller.error(error);
      });
    },
    pull: async (controller) => {
      const read = await reader?.read().catch((error: unknown) => {
        watch.end();
        throw broken('it breaks off', error);
      });
      watch.heard();
      if (read === undefined || read.done) {
        watch.end();
        return controller.close();
      }
      bytes += read.value.byteLength;
      if (bytes > mostBytes) {
        watch.end();
        await reader?.cancel();
        throw broken('it has no end');
      }
      controller.enqueue(read.value);
    },
    cancel: async (reason) => {
      watch.end();
      await reader?.cancel(reason);
    },
  });
}

/** What cannot be read of a refusal is not missed: its status says what it is. */
async function textOf(chunks: AsyncIterable<Uint8Array>, most: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      parts.push(chunk);
      bytes += chunk.byteLength;
      if (bytes >= most) break;
    }
  } catch (error) {
    if (!(error instanceof FailedAttempt)) throw error;
  }
  return Buffer.concat(parts).subarray(0, most).toString('utf8');
}

function broken(reason: string, cause?: unknown): FailedAttempt {
  return new FailedAttempt(errors.ANSWER_BROKEN({ reason }, cause), { canRepeat: true, mayBePaid: true });
}

/** Codes of connections that were never made: nothing was sent. */
const unmade =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;
/** Those of certificates stay what they are, however often one asks. */
const untrusted = /^(CERT_|DEPTH_|UNABLE_TO_|SELF_SIGNED|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_)/;

/** Only codes are told: the words of an error may hold the address of a proxy, with its password. */
function unreachable(port: Port, { model }: TransportParts, error: unknown): unknown {
  if (port.cancel.aborted || error instanceof FailedAttempt || error instanceof Failure) return error;
  const code = codeOf(error);
  if (code !== undefined && untrusted.test(code)) {
    const failure = errors.UNREACHABLE({ model, reason: `its certificate is not trusted (${code})` }, error);
    return new FailedAttempt(failure, { canRepeat: false, mayBePaid: false });
  }
  const isUnmade = code !== undefined && unmade.test(code);
  const reason = isUnmade
    ? `no connection (${code})`
    : `the connection ended${code === undefined ? '' : ` (${code})`}`;
  const failure = errors.UNREACHABLE({ model, reason }, error);
  return new FailedAttempt(failure, { canRepeat: true, mayBePaid: !isUnmade });
}

function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; depth < 8 && typeof at === 'object' && at !== null; depth++) {
    const { code, cause, errors: several } = at as { code?: unknown; cause?: unknown; errors?: unknown[] };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
    at = cause ?? several?.[0];
  }
  return undefined;
}
