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
  const { clock } = port;
  return async (url, init) => {
    const stop = new AbortController();
    const signals = [stop.signal, port.cancel, ...(init.signal == null ? [] : [init.signal])];
    const end = clock.monotonic() + mostSilences * parts.silenceMs;
    const within = <T>(work: Promise<T>) => inTime(port, parts, end, stop, work);
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(parts.headers)) headers.set(name, value);
    const sending = parts.send(url, { ...init, headers, signal: AbortSignal.any(signals) });
    const response = await within(sending).catch((error: unknown) => {
      throw unreachable(port, parts, error);
    });
    const read = () => chunksOf(response, within);
    if (!response.ok) {
      const body = await textOf(read(), mostOfRefusal);
      stop.abort();
      const sent = typeof init.body === 'string' ? init.body : '';
      const { status } = response;
      throw refusalOf({
        ...{ model: parts.model, status, headers: response.headers, body, sent },
        ...{ now: clock.now(), redact: port.redact },
      });
    }
    const type = response.headers.get('content-type') ?? '';
    if (!(parts.streams ? /\bevent-stream\b/i : /\bjson\b/i).test(type)) {
      stop.abort();
      throw broken(`it is no ${parts.streams ? 'text/event-stream' : 'application/json'}`);
    }
    const { status, headers: answered } = response;
    return new Response(ReadableStream.from(read()), { status, headers: answered });
  };
}

async function inTime<T>(
  { clock }: Port,
  { model, silenceMs }: TransportParts,
  end: number,
  stop: AbortController,
  work: Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const left = Math.max(0, Math.min(silenceMs, end - clock.monotonic()));
  const late = clock.sleep(left, done.signal).then(() => {
    const failure = errors.TIMEOUT({ model, seconds: Math.round(silenceMs / 100) / 10 });
    throw new FailedAttempt(failure, { canRepeat: true, mayBePaid: true });
  });
  // Whichever loses is nobody's any more. The request is ended once its silence is told: its own end would say less.
  late.catch((error: unknown) => {
    if (error instanceof FailedAttempt) stop.abort();
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}

async function* chunksOf(
  { body }: Response,
  within: <T>(work: Promise<T>) => Promise<T>,
): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await within(reader.read()).catch((error: unknown) => {
        throw error instanceof FailedAttempt ? error : broken('it breaks off', error);
      });
      if (done) return;
      bytes += value.byteLength;
      if (bytes > mostBytes) throw broken('it has no end');
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
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
