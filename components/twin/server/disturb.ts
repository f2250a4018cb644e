import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Clock } from '../../kernel/context.ts';
import { type Answer, renderRefusal, renderText, writeAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Effect } from './faults.ts';
import { renderRetryLater } from './limits.ts';
import { Refusal } from './reply.ts';

/** The last answers to reads, for replicas that lag. */
export interface Memory {
  readonly find: (exchange: Exchange) => Answer | undefined;
  readonly keep: (exchange: Exchange, answer: Answer) => void;
}

const maxRemembered = 1000;

export function createMemory(): Memory {
  const answers = new Map<string, Answer>();
  return {
    find: (exchange) => answers.get(keyOf(exchange)),
    keep: (exchange, answer) => {
      if (exchange.method !== 'GET' || answer.status !== 200 || answer.body instanceof Readable) return;
      const key = keyOf(exchange);
      answers.delete(key);
      answers.set(key, answer);
      const [oldest] = answers.keys();
      if (answers.size > maxRemembered && oldest !== undefined) answers.delete(oldest);
    },
  };
}

/** Of the address and the token: nobody gets to see what another was answered. */
function keyOf({ request: { method, url, headers } }: Exchange): string {
  const who = [headers.authorization, headers['private-token'], headers['job-token']];
  return createHash('sha256')
    .update(JSON.stringify([method, url, who]))
    .digest('hex');
}

/** Answers, or does what a fault wants instead; resolves once nothing more goes over the wire. */
export async function respond(
  exchange: Exchange,
  effect: Effect | undefined,
  { memory, clock }: { readonly memory: Memory; readonly clock: Clock },
  answer: () => Promise<Answer>,
): Promise<void> {
  if (effect?.kind === 'slow') await clock.sleep(effect.milliseconds);
  if (effect?.kind === 'status') return send(exchange, renderFault(effect.status, effect.retryAfter));
  if (effect?.kind === 'cut' && effect.when === 'before') return cut(exchange);
  const before = memory.find(exchange);
  const now = await answer();
  if (effect?.kind === 'stale' && before !== undefined) return send(exchange, before);
  memory.keep(exchange, now);
  // What nobody is going to read holds its file.
  const isUnread = effect?.kind === 'after' || (effect?.kind === 'cut' && effect.when === 'after');
  if (now.body instanceof Readable && (isUnread || (effect?.kind === 'malformed' && effect.how === 'html')))
    now.body.destroy();
  switch (effect?.kind) {
    case 'after':
      return send(exchange, renderFault(502));
    case 'malformed':
      return send(exchange, await malform(now, effect.how));
    case 'cut':
      return effect.when === 'middle' ? sendHalf(exchange, now) : cut(exchange);
    default:
      return send(exchange, now);
  }
}

async function send(exchange: Exchange, answer: Answer): Promise<void> {
  exchange.draft.status = answer.status;
  await writeAnswer(exchange.request, exchange.response, answer);
}

function cut({ request }: Exchange): void {
  request.socket.destroy();
}

/** Announces the whole body, writes half of it and breaks off. */
async function sendHalf(exchange: Exchange, { status, headers, body }: Answer): Promise<void> {
  const bytes = await bytesOf(body);
  const { response, draft } = exchange;
  draft.status = status;
  response.writeHead(status, { ...headers, 'content-length': `${bytes.byteLength}` });
  const half = bytes.subarray(0, Math.floor(bytes.byteLength / 2));
  await new Promise<void>((resolve) => void response.write(half, () => resolve()));
  cut(exchange);
}

async function malform({ status, headers, body }: Answer, how: 'html' | 'truncated'): Promise<Answer> {
  if (how === 'html') return renderText(page('GitLab'), status, {}, 'text/html; charset=utf-8');
  const bytes = await bytesOf(body);
  return { status, headers, body: bytes.subarray(0, Math.floor(bytes.byteLength / 2)) };
}

function bytesOf(body: Answer['body']): Promise<Uint8Array> {
  return body instanceof Uint8Array ? Promise.resolve(body) : buffer(body);
}

function renderFault(status: number, retryAfter?: number): Answer {
  const headers = retryAfter === undefined ? {} : { 'retry-after': `${retryAfter}` };
  if (status === 429) return renderRetryLater(retryAfter ?? 1);
  if (status === 500)
    return renderRefusal(new Refusal(500, { message: '500 Internal Server Error' }, headers));
  const title = status === 502 ? '502 Bad Gateway' : '503 Service Temporarily Unavailable';
  return renderText(page(title), status, headers, 'text/html; charset=utf-8');
}

function page(title: string): string {
  return `<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1></body>\n</html>\n`;
}
