import type { Context } from '../kernel/context.ts';
import { retry } from '../kernel/retry.ts';
import { readApiUrl, requestUrl } from './api-url.ts';
import { attempt, type Outgoing } from './attempt.ts';
import { AttemptFailed } from './attempt-failed.ts';
import { encodeBody } from './encode-body.ts';
import { errors } from './errors.ts';
import { createPace } from './pace.ts';
import type { ApiRequest, ApiResponse, GitLab, GitLabConnection, Replay, Timeouts } from './types.ts';
import { createClean, tokenName } from './words.ts';

const attempts = 6;
const baseMs = 500;
const capMs = 15_000;
const defaultTimeouts: Timeouts = { attempt: 30_000, total: 120_000 };

/** GitLab takes 60 new notes a minute of a user (docs.gitlab.com/administration/settings/rate_limit_on_notes_creation). */
const mostNotes = { count: 60, windowMs: 60_000 };
const makesNote = /\/(notes|discussions)(\/[^/]+\/notes)?$/;

/**
 * What was done is looked for only then: a read may come from a replica, which lags a few seconds behind, and after a lost
 * answer GitLab may not know that this user's reads belong to the primary (docs.gitlab.com/development/database/load_balancing).
 */
const replicaLagMs = 5_000;

/** Two updates of a commit's statuses at a time: the second is answered 409 and should come again (docs.gitlab.com/api/commits). */
const setsStatus = /^projects\/[^/]+\/statuses\/[^/]+$/;

/**
 * Makes the function that sends requests. It repeats what GitLab surely did not do, and what it may have done where
 * that does no harm (`ApiRequest.replay`), with full jitter and as long as `Retry-After` asks.
 */
export function createRequester(
  context: Pick<Context, 'fetch' | 'cancel' | 'clock' | 'redact'>,
  connection: GitLabConnection,
): GitLab['request'] {
  const api = readApiUrl(connection);
  const clean = createClean(context, connection.token);
  const token = tokenName(connection.token);
  const pace = createPace(context.clock, mostNotes.count, mostNotes.windowMs);

  return async <T>(request: ApiRequest<T>): Promise<ApiResponse<T>> => {
    const body = await encodeBody(request.body);
    const posts = request.method === 'POST';
    const outgoing: Outgoing<T> = {
      request,
      url: requestUrl(api, request.path, request.query),
      headers: { ...baseHeaders, ...body.headers, ...request.headers, ...tokenHeader(connection) },
      body,
      asked: {
        request: clean(`${request.method} ${request.path}`),
        token,
        clean,
        conflictPasses: posts && setsStatus.test(request.path),
      },
    };
    const paced = posts && makesNote.test(request.path) ? pace : undefined;
    await paced?.();
    return repeat(context, connection, request, outgoing, paced);
  };
}

const baseHeaders = { accept: 'application/json, */*;q=0.5', 'user-agent': 'pipewright' };

function tokenHeader({ token }: GitLabConnection): Readonly<Record<string, string>> {
  if (token === undefined) return {};
  return token.kind === 'job' ? { 'job-token': token.value } : { 'private-token': token.value };
}

async function repeat<T>(
  context: Pick<Context, 'fetch' | 'cancel' | 'clock'>,
  connection: GitLabConnection,
  request: ApiRequest<T>,
  outgoing: Outgoing<T>,
  paced: (() => Promise<void>) | undefined,
): Promise<ApiResponse<T>> {
  const { clock, cancel } = context;
  const replay = request.replay ?? defaultReplay(request);
  const time = timeOf(context, connection, request);
  // Whether an attempt may have been done without our knowing.
  let open = false;
  const once = async (number: number): Promise<ApiResponse<T>> => {
    if (open) {
      const found = await look(replay);
      if (found !== undefined) return found;
    }
    if (number > 0) await paced?.();
    const left = time.left();
    if (left <= 0) throw errors.TIMEOUT({ request: outgoing.asked.request, detail: time.reason });
    try {
      return await attempt(context, outgoing, Math.min(time.attempt, left));
    } catch (error) {
      if (error instanceof AttemptFailed && error.done === 'maybe') open = true;
      throw error;
    }
  };
  const retryable = (error: unknown) => {
    if (!(error instanceof AttemptFailed)) return false;
    if (error.done === 'no' || replay === 'idempotent') return error.again;
    return replay === 'never' ? false : notBefore(error.again, replicaLagMs);
  };
  const policy = { attempts, baseMs, capMs, deadlineMs: time.left(), retryable, random: Math.random };
  try {
    return await retry(once, { ...policy, clock, cancel });
  } catch (error) {
    if (!(error instanceof AttemptFailed)) throw error;
    // The last attempt may have been the one that was done.
    const found = open ? await look(replay) : undefined;
    if (found !== undefined) return found;
    throw error.failure;
  }
}

function notBefore(again: AttemptFailed['again'], leastMs: number): AttemptFailed['again'] {
  if (again === false) return false;
  return { afterMs: Math.max(leastMs, again === true ? 0 : again.afterMs) };
}

function defaultReplay(request: { readonly method: ApiRequest<unknown>['method'] }): Replay<never> {
  return request.method === 'POST' || request.method === 'PATCH' ? 'never' : 'idempotent';
}

async function look<T>(replay: Replay<T>): Promise<ApiResponse<T> | undefined> {
  if (typeof replay === 'string') return undefined;
  const data = await replay.found();
  return data === undefined ? undefined : { status: 200, headers: new Headers(), data, found: true };
}

/** How long one request may take; its clock begins to run here. */
function timeOf(
  { clock }: Pick<Context, 'clock'>,
  { timeouts, deadline }: GitLabConnection,
  request: { readonly timeouts?: Partial<Timeouts> },
) {
  const { attempt, total } = { ...defaultTimeouts, ...timeouts, ...request.timeouts };
  const start = clock.monotonic();
  const untilDeadline = deadline === undefined ? Infinity : deadline - clock.now();
  const all = Math.min(total, untilDeadline);
  return {
    attempt,
    left: () => all - (clock.monotonic() - start),
    reason: untilDeadline < total ? 'the job is about to end' : `${total} ms have passed`,
  };
}
