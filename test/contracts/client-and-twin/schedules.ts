import type { Clock } from '../../../components/kernel/context.ts';
import type { Effect, Schedule } from '../../../components/twin/server/faults.ts';
import { randomFaults } from '../../../components/twin/server/random-faults.ts';
import { type Operation, operations } from './operations.ts';
import type { Place } from './place.ts';

const effects: readonly Effect[] = [
  { kind: 'status', status: 429 },
  { kind: 'status', status: 429, retryAfter: 7 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'status', status: 503, retryAfter: 2 },
  { kind: 'after' },
  { kind: 'cut', when: 'before' },
  { kind: 'cut', when: 'after' },
  { kind: 'cut', when: 'middle' },
  { kind: 'slow', milliseconds: 3_000 },
  { kind: 'malformed', how: 'html' },
  { kind: 'malformed', how: 'truncated' },
  { kind: 'stale' },
  { kind: 'stale' },
];

/**
 * When reads are stale. `lagging`: for five seconds after a write whose answer was lost, from a replica; a user whose
 * write was answered reads from the primary (docs.gitlab.com/development/database/load_balancing). `any`: whenever.
 */
export type Staleness = 'lagging' | 'any';

const lagMs = 5_000;

/** About a third of the requests meet a fault, at most two in a row of one method and path, so that six attempts get through. */
export function scheduleOf(seed: number, staleness: Staleness, clock: Clock): Schedule {
  const random = randomFaults(seed, { rate: 0.45, effects });
  return staleness === 'any' ? random : lagging(random, clock);
}

function lagging(random: Schedule, clock: Clock): Schedule {
  let lostAt = -Infinity;
  return (target) => {
    const effect = random(target);
    if (target.method === 'GET') {
      const isFresh = clock.monotonic() - lostAt > lagMs;
      return effect?.kind === 'stale' && isFresh ? undefined : effect;
    }
    if (effect === undefined || effect.kind === 'slow' || effect.kind === 'stale') lostAt = -Infinity;
    else if (effect.kind !== 'status' && !(effect.kind === 'cut' && effect.when === 'before'))
      lostAt = clock.monotonic();
    return effect;
  };
}

/** What came of one operation under faults. */
export interface Outcome {
  readonly seed: number;
  readonly operation: string;
  /** What the client failed with. */
  readonly failure: unknown;
  readonly done: number;
}

export interface Counted {
  /** Operations that failed, or that the client calls done and the twin does not know of. */
  readonly lost: readonly Outcome[];
  /** Operations done more than once. */
  readonly doubled: readonly Outcome[];
  readonly requests: number;
  readonly faults: ReadonlyMap<string, number>;
}

/** Runs all operations once for each seed, one after the other, and counts what became of them. */
export async function runSchedules(
  place: Place,
  seeds: Iterable<number>,
  staleness: Staleness,
  chosen: readonly Operation[] = operations,
): Promise<Counted> {
  const outcomes: Outcome[] = [];
  const faults = new Map<string, number>();
  let requests = 0;
  for (const seed of seeds) {
    place.twin.faults.follow(scheduleOf(seed, staleness, place.clock));
    for (const [index, operation] of chosen.entries())
      outcomes.push(await runOne(place, operation, seed, `op-${seed}-${index}`));
    place.twin.faults.clear();
    const { entries } = place.twin.journal;
    requests += entries.length;
    for (const { fault } of entries) if (fault !== undefined) faults.set(fault, (faults.get(fault) ?? 0) + 1);
    place.tidy();
  }
  return {
    lost: outcomes.filter(({ failure, done }) => failure !== undefined || done === 0),
    doubled: outcomes.filter(({ done }) => done > 1),
    ...{ requests, faults },
  };
}

async function runOne(place: Place, operation: Operation, seed: number, key: string): Promise<Outcome> {
  const about = { seed, operation: operation.id };
  try {
    const result = await operation.run(place, key);
    return { ...about, failure: undefined, done: operation.done(place, key, result) };
  } catch (error) {
    return {
      ...about,
      failure: error ?? 'rejected with nothing',
      done: operation.done(place, key, undefined),
    };
  }
}
