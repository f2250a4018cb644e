import type { Clock } from './context.ts';

export interface RetryPolicy {
  /** Calls at most, the first included. */
  readonly attempts: number;
  readonly baseMs: number;
  /** Longest wait that is not asked for by the other side. */
  readonly capMs: number;
  /** Milliseconds for all attempts and waits; a wait that would end later is not begun. */
  readonly deadlineMs: number;
  /** What to do about an error; `afterMs` is how long the other side asked to wait. */
  readonly retryable: (error: unknown) => boolean | { readonly afterMs: number };
  /** In [0, 1). */
  readonly random: () => number;
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly cancel?: AbortSignal;
}

/**
 * Calls until it succeeds, with full jitter between calls: `random(0, min(cap, base · 2^attempt))` (AWS
 * Architecture Blog, "Exponential Backoff And Jitter"). Rejects with the last error of the operation, or with the
 * reason of the cancellation.
 */
export async function retry<T>(operation: (attempt: number) => Promise<T>, policy: RetryPolicy): Promise<T> {
  const start = policy.clock.monotonic();
  for (let attempt = 0; ; attempt += 1) {
    policy.cancel?.throwIfAborted();
    try {
      return await operation(attempt);
    } catch (error) {
      policy.cancel?.throwIfAborted();
      const wait = attempt + 1 < policy.attempts ? waitBefore(attempt, error, policy) : undefined;
      if (wait === undefined) throw error;
      if (policy.clock.monotonic() - start + wait > policy.deadlineMs) throw error;
      await policy.clock.sleep(wait);
    }
  }
}

// Those who were all told the same time must not all come back at once, so that wait is jittered by the base.
function waitBefore(attempt: number, error: unknown, policy: RetryPolicy): number | undefined {
  const verdict = policy.retryable(error);
  if (verdict === false) return undefined;
  if (verdict !== true) return Math.max(0, verdict.afterMs) + policy.random() * policy.baseMs;
  return policy.random() * Math.min(policy.capMs, policy.baseMs * 2 ** attempt);
}

/** Longest wait a `Retry-After` header can ask for: one hour. */
export const longestRetryAfterMs = 3_600_000;

/**
 * Milliseconds to wait by a `Retry-After` header (RFC 9110 §10.2.3: seconds, or an HTTP date in GMT), between 0
 * and one hour; undefined when there is none or it is neither.
 */
export function parseRetryAfter(header: string | null | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, longestRetryAfterMs);
  if (!/^[A-Z][a-z]+, [\d A-Za-z-]+ \d\d:\d\d:\d\d GMT$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.min(Math.max(0, time - nowMs), longestRetryAfterMs);
}
