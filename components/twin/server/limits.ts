import type { Clock } from '../../kernel/context.ts';
import { type Answer, renderRefusal, renderText } from './answer.ts';
import { Refusal } from './reply.ts';
import type { Route } from './types.ts';

/** Requests of one user in a minute. */
export interface Limits {
  readonly requests: number;
  /** New notes and discussions, which GitLab counts apart. */
  readonly notes: number;
}

/** GitLab.com's. Source: docs.gitlab.com/user/gitlab_com, "Rate limits on GitLab.com", and "Rate limits on note creation". */
export const usualLimits: Limits = { requests: 2000, notes: 60 };

export interface Limited {
  /** The answer instead, where the user asks too often. */
  readonly refused: Answer | undefined;
  /** Of every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

const windowSeconds = 60;

/** Counts requests in fixed windows of a minute; `who` is the user. */
export function createLimiter(clock: Clock, limits: Limits): (who: string, route: Route) => Limited {
  let windowEnd = 0;
  const counts = new Map<string, number>();
  const count = (key: string): number => {
    if (clock.now() >= windowEnd) {
      counts.clear();
      windowEnd = (Math.floor(clock.now() / 1000 / windowSeconds) + 1) * windowSeconds * 1000;
    }
    const seen = (counts.get(key) ?? 0) + 1;
    counts.set(key, seen);
    return seen;
  };
  return (who, route) => {
    const observed = count(`requests of ${who}`);
    const wait = Math.ceil((windowEnd - clock.now()) / 1000);
    const headers = describe(limits.requests, observed, windowEnd);
    if (observed > limits.requests) return { refused: renderRetryLater(wait, headers, windowEnd), headers };
    if (isNewNote(route) && count(`notes of ${who}`) > limits.notes)
      return { refused: renderTooMany(wait), headers };
    return { refused: undefined, headers };
  };
}

function describe(limit: number, observed: number, windowEnd: number): Record<string, string> {
  return {
    'ratelimit-limit': `${limit}`,
    'ratelimit-name': 'throttle_authenticated_api',
    'ratelimit-observed': `${observed}`,
    'ratelimit-remaining': `${Math.max(0, limit - observed)}`,
    'ratelimit-reset': `${Math.floor(windowEnd / 1000)}`,
  };
}

/** What Rack::Attack says. Source: docs.gitlab.com/administration/settings/user_and_ip_rate_limits. */
export function renderRetryLater(seconds: number, headers: Answer['headers'] = {}, reset?: number): Answer {
  const resetTime = reset === undefined ? {} : { 'ratelimit-resettime': new Date(reset).toUTCString() };
  return renderText('Retry later\n', 429, { ...headers, ...resetTime, 'retry-after': `${seconds}` });
}

// Limits of the application itself are not told in the headers of other answers.
function renderTooMany(seconds: number): Answer {
  const error = 'This endpoint has been requested too many times. Try again later.';
  return renderRefusal(new Refusal(429, { message: { error } }, { 'retry-after': `${seconds}` }));
}

function isNewNote({ method, path }: Route): boolean {
  return method === 'POST' && /\/(notes|discussions)$/.test(path);
}
