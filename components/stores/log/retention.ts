import type { Claim, Pruned, Retention } from '../types.ts';
import type { Written } from './read.ts';

/** The last epoch that a session goes on without: those before the one with its last snapshot. */
export function lastNotNeeded({ snapshotEpoch }: Written): number {
  return (snapshotEpoch ?? 1) - 1;
}

/** The last epoch before this one that is to be kept no longer; 0 for none. */
export function lastExpired(
  { epoch, segments }: Claim,
  { writtenAt }: Written,
  { days, segments: most }: Retention = { days: undefined, segments: undefined },
  now: number,
): number {
  const byCount = most === undefined ? 0 : epoch - most;
  const isOld = (at: number | undefined) => days !== undefined && at !== undefined && at < now - days * day;
  const byAge = segments.findLast((segment) => isOld(writtenAt(segment.epoch)))?.epoch ?? 0;
  return Math.max(0, byCount, byAge);
}

const day = 24 * 60 * 60 * 1000;

/** Removes what the log says is gone. @throws STORE_UNWRITABLE */
export async function drop(claim: Claim, through: number): Promise<Pruned> {
  const gone = claim.segments.filter(({ epoch, bytes }) => epoch <= through && bytes?.length);
  if (gone.length > 0) await claim.drop?.(through);
  const bytes = gone.reduce((sum, segment) => sum + (segment.bytes?.length ?? 0), 0);
  return { segments: gone.length, bytes };
}
