import type { Failure } from '../kernel/failure.ts';
import { parseRetryAfter } from '../kernel/retry.ts';
import { AttemptFailed } from './attempt-failed.ts';
import { errors } from './errors.ts';
import { type Clean, messageOf, missingScope } from './words.ts';

/** What GitLab answered instead of doing it: the cause of a failure, for those who must tell one status from another. */
export class Answer extends Error {
  override readonly name = 'Answer';
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** The HTTP status behind a failure of the client; undefined for failures without an answer, and for other errors. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && error.cause instanceof Answer ? error.cause.status : undefined;
}

/** The value, or undefined where GitLab answers 404: it is not there, or the token cannot see it. */
export async function orMissing<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

export interface Asked {
  /** Method and path, as messages name the request. */
  readonly request: string;
  /** What messages call the token. */
  readonly token: string;
  readonly clean: Clean;
  readonly now: number;
  /** Whether a conflict means that GitLab was busy with another request for the same thing. */
  readonly conflictPasses: boolean;
}

/** Limits of single endpoints count by the minute, and their answer may lack `Retry-After`: a few of these outlast one. */
const unsaidWaitMs = 15_000;

/** What an answer outside of 200–299 means, and whether to try again. */
export function refusal(
  asked: Asked,
  answer: { status: number; headers: Headers; body: string },
): AttemptFailed {
  const { status } = answer;
  const retryAfter = parseRetryAfter(answer.headers.get('retry-after'), asked.now);
  const wait = retryAfter === undefined ? true : { afterMs: retryAfter };
  const failure = failureOf(asked, answer, retryAfter);
  if (status === 429) {
    const afterMs = retryAfter ?? unsaidWaitMs;
    return new AttemptFailed(failure, { done: 'no', again: { afterMs } });
  }
  if (status === 409 && asked.conflictPasses) return new AttemptFailed(failure, { done: 'no', again: wait });
  if (status === 408 || status >= 500) return new AttemptFailed(failure, { done: 'maybe', again: wait });
  return new AttemptFailed(failure, { done: 'no', again: false });
}

function failureOf(
  { request, token, clean }: Asked,
  { status, body }: { status: number; body: string },
  retryAfter: number | undefined,
): Failure {
  const words = clean(messageOf(body));
  const detail = words === '' ? `status ${status}` : words;
  const cause = new Answer(status, detail);
  switch (status) {
    case 401:
      return errors.UNAUTHORIZED({ request, detail, token }, cause);
    case 403:
      return errors.FORBIDDEN({ request, detail, token, scope: missingScope(body) }, cause);
    case 404:
    case 410:
      return errors.NOT_FOUND({ request, detail, token }, cause);
    case 408:
      return errors.TIMEOUT({ request, detail }, cause);
    case 429: {
      const wait = retryAfter === undefined ? '' : `, it asks to wait ${Math.ceil(retryAfter / 1000)} s`;
      return errors.RATE_LIMITED({ request, detail: `${detail}${wait}` }, cause);
    }
    default:
      return status >= 500
        ? errors.SERVER_ERROR({ request, detail, status }, cause)
        : errors.REFUSED({ request, detail, status }, cause);
  }
}
