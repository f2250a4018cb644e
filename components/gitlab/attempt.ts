import type { Context } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import { AttemptFailed } from './attempt-failed.ts';
import type { EncodedBody } from './encode-body.ts';
import { errors } from './errors.ts';
import { networkFailure } from './network-error.ts';
import { sendFollowing } from './redirects.ts';
import { type Asked, refusal } from './refusal.ts';
import type { AnswerBody, ApiRequest, ApiResponse } from './types.ts';

/** One request as it goes out, the same for each attempt. */
export interface Outgoing<T> {
  readonly request: Pick<ApiRequest<T>, 'method' | 'read'>;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: EncodedBody;
  readonly asked: Omit<Asked, 'now'>;
}

const mostErrorBytes = 64 * 1024;

/** Sends a request once and reads the whole answer. Throws AttemptFailed or a Failure; a cancellation ends it as some failure. */
export async function attempt<T>(
  context: Pick<Context, 'fetch' | 'cancel' | 'clock'>,
  outgoing: Outgoing<T>,
  milliseconds: number,
): Promise<ApiResponse<T>> {
  const { asked } = outgoing;
  const stop = new AbortController();
  const cancelled = () => stop.abort();
  context.cancel.throwIfAborted();
  context.cancel.addEventListener('abort', cancelled, { once: true });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
  }, milliseconds);
  try {
    return await exchange(context, outgoing, stop.signal);
  } catch (error) {
    if (!late) throw error;
    const detail = `no whole answer within ${Math.round(milliseconds)} ms`;
    const failure = errors.TIMEOUT({ request: asked.request, detail }, error);
    throw new AttemptFailed(failure, { done: 'maybe', again: true });
  } finally {
    clearTimeout(timer);
    context.cancel.removeEventListener('abort', cancelled);
    // What of the answer nobody read would hold its connection.
    stop.abort();
  }
}

async function exchange<T>(
  context: Pick<Context, 'fetch' | 'clock'>,
  { request, url, headers, body, asked }: Outgoing<T>,
  signal: AbortSignal,
): Promise<ApiResponse<T>> {
  const sent = { method: request.method, headers, body: body.open(), signal };
  const response = await sendFollowing(context, url, sent, asked).catch((error: unknown) => {
    throw networkFailure(error, asked.request, asked.clean);
  });
  if (!response.ok) {
    const answer = { status: response.status, headers: response.headers, body: await errorBody(response) };
    throw refusal({ ...asked, now: context.clock.now() }, answer);
  }
  const data = await read(request, response, asked);
  return { status: response.status, headers: response.headers, data, found: false };
}

async function read<T>(
  request: Pick<ApiRequest<T>, 'read'>,
  response: Response,
  { request: name, clean }: Omit<Asked, 'now'>,
): Promise<T> {
  const malformed = (detail: string, cause: unknown) =>
    new AttemptFailed(errors.MALFORMED({ request: name, detail }, cause), { done: 'maybe', again: true });
  const { status, headers } = response;
  const cut = (error: unknown) => malformed('it breaks off', error);
  try {
    return await request.read({ status, headers, bytes: piecesOf(response, cut) });
  } catch (error) {
    if (error instanceof Failure || error instanceof AttemptFailed) throw error;
    throw malformed(clean(error instanceof Error ? error.message : String(error)), error);
  }
}

async function* piecesOf(response: Response, wrap: (error: unknown) => Error): AnswerBody['bytes'] {
  if (response.body === null) return;
  const reader = response.body.getReader();
  for (;;) {
    const piece = await reader.read().catch((error: unknown) => {
      throw wrap(error);
    });
    if (piece.done) return;
    yield piece.value;
  }
}

/** The words of a refusal; its status counts even where they cannot be read. */
async function errorBody(response: Response): Promise<string> {
  const pieces = piecesOf(response, () => new Error('cut'));
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const piece of pieces) {
      text += decoder.decode(piece, { stream: true });
      if (text.length > mostErrorBytes) break;
    }
  } catch {
    // What came before the cut is all there is.
  }
  return text.slice(0, mostErrorBytes);
}
