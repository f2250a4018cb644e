import type { Clock } from '../kernel/context.ts';

/** Resolves when one more may happen, in the order of the calls; rejects when cancelled. */
export type Pace = () => Promise<void>;

/** At most so many within each window of so many milliseconds. */
export function createPace(clock: Pick<Clock, 'monotonic' | 'sleep'>, most: number, windowMs: number): Pace {
  // When each of the last ones was let through, in the future for those who still wait.
  const taken: number[] = [];
  return async () => {
    const now = clock.monotonic();
    const oldest = taken.length < most ? undefined : taken.shift();
    const time = oldest === undefined ? now : Math.max(now, oldest + windowMs);
    taken.push(time);
    if (time > now) await clock.sleep(time - now);
  };
}
