import { parseRetryAfter } from '../../kernel/retry.ts';
import { cut } from '../../kernel/schema-terms.ts';
import { errors } from '../errors.ts';
import { FailedAttempt } from './failed-attempt.ts';

export interface Refused {
  /** As people read it, `provider/model`. */
  readonly model: string;
  readonly status: number;
  readonly headers: Headers;
  /** The beginning of the answer. */
  readonly body: string;
  /** What was sent. */
  readonly sent: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly redact: (text: string) => string;
}

/** Refusals that come before the model has begun, and may be over in a moment. 529 is Anthropic's for too much load. */
const passing = [408, 409, 425, 500, 503, 529];
/** Whoever stands between cannot say whether the model has begun. */
const between = [502, 504, 520, 522, 524];

const tooLong =
  /context.?(length|window)|prompt is too long|too many (input )?tokens|maximum (context|number of tokens)|token count.{0,40}exceeds/i;

/** What an answer with an error status means. Where the model has not begun nothing is paid for. */
export function refusalOf(refused: Refused): FailedAttempt {
  const { model, status, body } = refused;
  const words = wordsOf(refused);
  const facts = { model, status, words };
  const final = { canRepeat: false, mayBePaid: false, status };
  if (status === 401 || status === 403) return new FailedAttempt(errors.KEY_REFUSED(facts), final);
  if (status === 402 || (status === 429 && /insufficient_quota|billing/i.test(body)))
    return new FailedAttempt(errors.QUOTA(facts), final);
  if (status === 404) return new FailedAttempt(errors.NOT_FOUND(facts), final);
  if (status === 413 || (status === 400 && tooLong.test(body)))
    return new FailedAttempt(errors.TOO_LONG(facts), final);
  const afterMs = waitOf(refused);
  if (status === 429) {
    const wait = afterMs === undefined ? '' : `; it asks to wait ${Math.ceil(afterMs / 1_000)} s`;
    return new FailedAttempt(errors.RATE_LIMITED({ model, words, wait }), {
      ...{ canRepeat: true, mayBePaid: false, status, afterMs },
    });
  }
  if (passing.includes(status) || status >= 500)
    return new FailedAttempt(errors.OVERLOADED(facts), {
      ...{ canRepeat: true, mayBePaid: between.includes(status), status, afterMs },
    });
  return new FailedAttempt(errors.REQUEST_REFUSED(facts), final);
}

/** `retry-after-ms` is OpenAI's and Azure's own, and finer. */
function waitOf({ headers, now }: Refused): number | undefined {
  const fine = headers.get('retry-after-ms') ?? '';
  if (/^\d{1,9}$/.test(fine)) return Number(fine);
  return parseRetryAfter(headers.get('retry-after'), now);
}

/** Characters in a row that show that an error quotes the request. */
const quoting = 20;

/** What the provider says of it, in its words where those quote nothing that was sent. */
function wordsOf({ body, sent, redact }: Refused): string {
  const { message, type } = readError(body);
  const kind = type === undefined ? '' : `, ${type}`;
  if (message === undefined) return kind;
  const line = cut(redact(message.replace(/[^\P{C}]|[\p{Zl}\p{Zp}\s]/gu, ' ')), 200);
  return quotes(line, sent) ? kind : `${kind}: ${line}`;
}

function quotes(line: string, sent: string): boolean {
  for (let at = 0; at + quoting <= line.length; at++)
    if (sent.includes(line.slice(at, at + quoting))) return true;
  return false;
}

/** Error bodies of all providers have `error.message`, or `message`; some send a list of one. */
function readError(body: string): {
  readonly message?: string | undefined;
  readonly type?: string | undefined;
} {
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    return {};
  }
  const first = Array.isArray(data) ? data[0] : data;
  const { error = first } = Object(first) as { error?: unknown };
  const { message, type, code, status } = Object(error) as Record<string, unknown>;
  const word = [code, type, status].find((each) => typeof each === 'string' && /^[\w.-]{1,60}$/.test(each));
  return {
    message: typeof message === 'string' && message !== '' ? message : undefined,
    type: word as string | undefined,
  };
}
