import type { Context } from '../kernel/context.ts';

/** Kept free at the end of a job, for what follows the session: its files, the upload of artifacts. */
const leastReserve = 60_000;

export interface TimeLimits {
  /** The manifest's, of one job's share. */
  readonly timeoutSeconds: number | undefined;
  /** When GitLab ends the job: milliseconds since the epoch. */
  readonly deadline: number | undefined;
}

export interface TimeOver {
  readonly outcome: 'continue' | 'blocked';
  readonly reason: string;
}

export interface Watch {
  /** Milliseconds since it was started. */
  readonly elapsed: () => number;
  /**
   * Why it is time to stop, or will be after so many milliseconds more: another job goes on, unless the manifest gives it no
   * more; undefined while there is some left.
   */
  readonly isOver: (after?: number) => TimeOver | undefined;
  /** Milliseconds left, infinite without a limit. */
  readonly left: () => number;
}

/** Starts to measure a job's share: until the manifest's timeout, and a minute or a tenth before the job's end. */
export function startWatch(
  { clock }: Pick<Context, 'clock'>,
  { timeoutSeconds, deadline }: TimeLimits,
): Watch {
  const start = clock.monotonic();
  const elapsed = () => clock.monotonic() - start;
  const rest = deadline === undefined ? Infinity : deadline - clock.now();
  const job = rest === Infinity ? rest : rest - Math.max(leastReserve, rest / 10);
  const own = timeoutSeconds === undefined ? Infinity : timeoutSeconds * 1_000;
  return {
    elapsed,
    isOver: (after = 0) => {
      if (elapsed() + after >= own)
        return { outcome: 'blocked', reason: `its timeout of ${timeoutSeconds} s is over` };
      return elapsed() + after >= job
        ? { outcome: 'continue', reason: 'the job is about to end' }
        : undefined;
    },
    left: () => Math.max(0, Math.min(job, own) - elapsed()),
  };
}
