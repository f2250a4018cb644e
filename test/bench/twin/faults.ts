import { converge, notesWith } from '../../contracts/client-and-twin/operations.ts';
import { type Place, startPlace } from '../../contracts/client-and-twin/place.ts';
import {
  type Counted,
  type Outcome,
  runSchedules,
  scheduleOf,
} from '../../contracts/client-and-twin/schedules.ts';
import { type Figure, figure } from '../figure.ts';

const schedules = 1_000;
const staleSchedules = 300;

const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** The client against a twin that fails by random schedules: what is lost, what is done twice, what a next run repairs. */
export async function measureFaults(): Promise<readonly Figure[]> {
  const place = await startPlace();
  try {
    const counted = await runSchedules(place, seeds(schedules), 'lagging');
    return [...figuresOf(counted), await measureStale(place)];
  } finally {
    await place.close();
  }
}

function figuresOf({ lost, doubled, requests, faults }: Counted): Figure[] {
  const met = [...faults.values()].reduce((sum, count) => sum + count, 0);
  const common = { unit: '', better: 'lower', goal: 0 } as const;
  const against = `${schedules} schedules, ${requests} requests of 8 operations, ${met} faults of ${faults.size} kinds`;
  return [
    figure({ ...common, id: 'lost-requests', value: lost.length, against: against + named(lost) }),
    figure({
      ...{ ...common, id: 'duplicate-effects' },
      value: doubled.reduce((sum, { done }) => sum + done - 1, 0),
      against: `replicas that lag up to 5 s behind a write whose answer was lost${named(doubled)}`,
    }),
  ];
}

function named(outcomes: readonly Outcome[]): string {
  const some = outcomes.slice(0, 3).map(({ seed, operation }) => `${operation} (seed ${seed})`);
  return some.length === 0 ? '' : `; ${some.join(', ')}`;
}

/** Reads that are stale at any time fool the look for what was done: what is left of that after one more run. */
async function measureStale(place: Place): Promise<Figure> {
  let between = 0;
  let left = 0;
  for (const seed of seeds(staleSchedules)) {
    place.twin.faults.follow(scheduleOf(seed, 'any', place.clock));
    for (const text of ['first', 'second']) await converge(place, 'stale', text).catch(() => undefined);
    place.twin.faults.clear();
    between += Number(notesWith(place, 'stale').length !== 1);
    await converge(place, 'stale', 'third');
    const [note, ...copies] = notesWith(place, 'stale');
    left += copies.length + Number(note?.startsWith('third') !== true);
    place.tidy();
  }
  return figure({
    ...{ id: 'stale-copies-after-next-run', value: left, unit: '', better: 'lower', goal: 0 },
    against: `${staleSchedules} schedules with reads stale at any time; before that run ${between} had not one note`,
  });
}
