import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  longestRetryAfterMs,
  parseRetryAfter,
  type RetryPolicy,
  retry,
} from '../../components/kernel/retry.ts';

/** A clock whose time passes in sleeps only, and what it slept. */
function fakeClock(cancelAt = Infinity) {
  const slept: number[] = [];
  let now = 0;
  const controller = new AbortController();
  const clock = {
    monotonic: () => now,
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds);
      now += milliseconds;
      if (now >= cancelAt) controller.abort(new Error('SIGTERM'));
      controller.signal.throwIfAborted();
    },
  };
  return { clock, slept, cancel: controller, pass: (milliseconds: number) => (now += milliseconds) };
}

function policy(clock: RetryPolicy['clock'], changes: Partial<RetryPolicy> = {}): RetryPolicy {
  return {
    attempts: 5,
    baseMs: 100,
    capMs: 1_000,
    deadlineMs: 60_000,
    retryable: () => true,
    random: () => 0.5,
    clock,
    ...changes,
  };
}

const failing = (times: number) => async (attempt: number) => {
  if (attempt < times) throw new Error(`attempt ${attempt}`);
  return `after ${attempt}`;
};

describe('retry', () => {
  test('waits longer each time, up to the cap', async () => {
    const { clock, slept } = fakeClock();
    await expect(retry(failing(5), policy(clock, { attempts: 6 }))).resolves.toBe('after 5');
    expect(slept).toEqual([50, 100, 200, 400, 500]);
  });

  test('gives up after the last attempt with its error', async () => {
    const { clock, slept } = fakeClock();
    await expect(retry(failing(9), policy(clock, { attempts: 3 }))).rejects.toThrow('attempt 2');
    expect(slept).toHaveLength(2);
  });

  test('an error that is not retryable is thrown at once', async () => {
    const { clock, slept } = fakeClock();
    await expect(retry(failing(9), policy(clock, { retryable: () => false }))).rejects.toThrow('attempt 0');
    expect(slept).toEqual([]);
  });

  test('waits at least as long as it was asked to', async () => {
    const { clock, slept } = fakeClock();
    await retry(failing(1), policy(clock, { retryable: () => ({ afterMs: 5_000 }) }));
    expect(slept).toEqual([5_050]);
  });

  test('does not begin a wait that ends after the deadline', async () => {
    const { clock, slept, pass } = fakeClock();
    const slow = async () => {
      pass(400);
      throw new Error('slow');
    };
    await expect(retry(slow, policy(clock, { deadlineMs: 1_000 }))).rejects.toThrow('slow');
    expect(slept).toEqual([50, 100]);
  });

  test('is cancelled while it waits, and before it begins', async () => {
    const { clock, cancel } = fakeClock(150);
    let calls = 0;
    const operation = async () => {
      calls += 1;
      throw new Error('down');
    };
    await expect(retry(operation, policy(clock, { cancel: cancel.signal }))).rejects.toThrow('SIGTERM');
    expect(calls).toBe(2);
    await expect(retry(operation, policy(clock, { cancel: cancel.signal }))).rejects.toThrow('SIGTERM');
    expect(calls).toBe(2);
  });

  test('waits are within their bounds, attempts and deadline are kept', async () => {
    const numbers = fc.record({
      attempts: fc.integer({ min: 1, max: 8 }),
      baseMs: fc.integer({ min: 0, max: 5_000 }),
      capMs: fc.integer({ min: 0, max: 20_000 }),
      deadlineMs: fc.integer({ min: 0, max: 60_000 }),
    });
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    await fc.assert(
      fc.asyncProperty(numbers, fc.infiniteStream(chance), async (limits, chances) => {
        const { clock, slept } = fakeClock();
        let calls = 0;
        const operation = async () => {
          calls += 1;
          throw new Error('down');
        };
        await expect(
          retry(operation, policy(clock, { ...limits, random: () => chances.next().value ?? 0 })),
        ).rejects.toThrow('down');
        expect(calls).toBe(slept.length + 1);
        expect(calls).toBeLessThanOrEqual(limits.attempts);
        expect(clock.monotonic()).toBeLessThanOrEqual(limits.deadlineMs);
        for (const [attempt, wait] of slept.entries()) {
          expect(wait).toBeLessThanOrEqual(Math.min(limits.capMs, limits.baseMs * 2 ** attempt));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 31, 12, 0, 0);

  test.each<[string | null | undefined, number | undefined]>([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['99999999999999999999', longestRetryAfterMs],
    ['Sat, 31 Jan 2026 12:00:30 GMT', 30_000],
    ['Saturday, 31-Jan-26 12:00:30 GMT', 30_000],
    ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
    ['Sat, 31 Jan 2099 11:00:00 GMT', longestRetryAfterMs],
    ['Sat, 99 Foo 2026 11:00:00 GMT', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%j is %j', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  test('is undefined or between 0 and an hour, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (header) => {
          const wait = parseRetryAfter(header, now);
          expect(wait === undefined || (wait >= 0 && wait <= longestRetryAfterMs)).toBe(true);
        },
      ),
    );
  });
});
