import { createParser } from 'eventsource-parser';
import type { JsonValue } from '../../kernel/canonical.ts';
import { errors } from './errors.ts';
import { longestMessage } from './message-lines.ts';
import type { McpAnswer } from './types.ts';

export interface AnswerParts {
  readonly server: string;
  readonly method: string;
  /** Takes one message of the server. */
  readonly take: (message: JsonValue) => void;
  /** Whether nothing more is waited for. */
  readonly isOver: () => boolean;
}

type Body = Pick<Response, 'body'>;

/** Reads an answer that is one message. @throws MCP_FAILED */
export async function readMessage({ body }: Body, parts: AnswerParts): Promise<void> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of piecesOf(body)) {
    size += piece.length;
    if (size > longestMessage) throw tooLong(parts);
    pieces.push(piece);
  }
  parts.take(parse(Buffer.concat(pieces).toString(), parts));
}

/** Where a stream has ended, and how it is gone on with. */
export interface EventsEnd {
  readonly isOver: boolean;
  /** Of the last event that has one. */
  readonly id: string | undefined;
  /** Milliseconds to wait first. */
  readonly retry: number;
}

/** Milliseconds before a stream is gone on with: without a word of the server, and whatever that says. */
const [usualRetry, leastRetry, mostRetry] = [1_000, 50, 15_000];

/**
 * Reads a stream of events until nothing more is waited for. One that breaks off ends, too; a message that is too long, or no
 * JSON, fails, since nothing that follows could be believed.
 * @param before - where the stream was that this one goes on with
 * @throws MCP_FAILED
 */
export async function readEvents(
  { body }: Body,
  parts: AnswerParts,
  before: EventsEnd | undefined,
): Promise<EventsEnd> {
  let { id, retry } = before ?? { id: undefined, retry: usualRetry };
  const parser = createParser({
    maxBufferSize: longestMessage,
    onEvent: (event) => {
      if (event.id !== undefined) id = /^[\x21-\x7e]{1,1000}$/.test(event.id) ? event.id : undefined;
      // The first event of a stream may only give it a number.
      if (event.data === '' || (event.event ?? 'message') !== 'message' || parts.isOver()) return;
      parts.take(parse(event.data, parts));
    },
    onRetry: (milliseconds) => {
      retry = Math.min(Math.max(milliseconds, leastRetry), mostRetry);
    },
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') throw tooLong(parts);
    },
  });
  const decoder = new TextDecoder();
  const pieces = piecesOf(body)[Symbol.asyncIterator]();
  try {
    while (!parts.isOver()) {
      const next = await pieces.next().catch(() => ({ done: true, value: undefined }) as const);
      if (next.done) break;
      parser.feed(decoder.decode(next.value, { stream: true }));
    }
  } finally {
    // A stream without an end is left.
    await pieces.return?.().catch(() => undefined);
  }
  return { isOver: parts.isOver(), id, retry };
}

/** The media type of an answer, without its parameters. */
export function typeOf(answer: Response): string {
  return (answer.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Reads no more of it. */
export function leave(answer: McpAnswer): void {
  if (!('refused' in answer)) answer.body?.cancel().catch(() => undefined);
}

/** Node's types of this stream lack the iterator it has. */
function piecesOf(body: Response['body']): AsyncIterable<Uint8Array> {
  return (body ??
    new ReadableStream<Uint8Array>({
      start: (none) => none.close(),
    })) as unknown as AsyncIterable<Uint8Array>;
}

function parse(text: string, { server, method }: AnswerParts): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    throw errors.FAILED({ server, method, reason: 'it answers with something that is no JSON' });
  }
}

function tooLong({ server, method }: AnswerParts) {
  return errors.FAILED({ server, method, reason: `it answers with more than ${longestMessage} bytes` });
}
