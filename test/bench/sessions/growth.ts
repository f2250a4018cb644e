import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createDirectoryStore } from '../../../components/stores/directory.ts';
import { createSessionStore } from '../../../components/stores/log/open.ts';
import { type Figure, figure, median } from '../figure.ts';
import { grow, resumes } from './growing.ts';
import { makePlace, newKey, newSession } from './place.ts';

/** What it costs to keep a session whose state grows by a message each iteration, in a folder, encrypted. */
export async function measureGrowth(): Promise<readonly Figure[]> {
  const place = makePlace(2);
  try {
    const folder = join(place.cwd, 'sessions');
    const store = createSessionStore(place.context, createDirectoryStore(place.context, folder), newKey());
    const run = async (iterations: number) => {
      const { session } = newSession(place);
      const log = await store.open(session, 'begin');
      const times = await grow(log, iterations);
      await log.close();
      return { session, times };
    };
    // The first one warms up.
    await run(100);
    const small = await run(100);
    const { size } = await place.context.fs.stat(join(folder, small.session, '000001.log'));
    const resumed = await resumes(store, small.session);
    const { times } = await run(10_000);
    const [first, last] = [times.slice(0, 1_000), times.slice(-1_000)].map(median);
    const sync = await fdatasyncs(join(place.cwd, 'sync'), Math.round(size / 100));
    const p50 = median(small.times);
    return [
      figure({
        ...{ id: 'put-over-fdatasync', value: p50 / sync, unit: '×', better: 'lower', goal: null },
        against: `put p50 ${p50.toFixed(2)} ms, p99 ${percentile(small.times, 0.99).toFixed(2)} ms, a plain write and fdatasync of as many bytes ${sync.toFixed(2)} ms; state 20 to 118 KB over 100 iterations`,
      }),
      figure({
        ...{
          id: 'bytes-per-iteration',
          value: Math.round(size / 100),
          unit: 'B',
          better: 'lower',
          goal: 2_200,
        },
        against:
          "a fifteenth of what LangGraph's PostgresSaver wrote of such a state (33,205 B, measured before, not in this run)",
      }),
      figure({
        ...{ id: 'resume', value: median(resumed), unit: 'ms', better: 'lower', goal: null },
        against:
          'from a new claim to the first record: 100 iterations opened, those after the last snapshot unpacked',
      }),
      figure({
        ...{
          id: 'put-of-10000-flat',
          value: (last ?? 0) / (first ?? 1),
          unit: '×',
          better: 'lower',
          goal: 1.5,
        },
        against: `p50 of the last thousand of 10,000 puts ${last?.toFixed(2)} ms, of the first ${first?.toFixed(2)} ms`,
      }),
    ];
  } finally {
    place.close();
  }
}

async function fdatasyncs(path: string, bytes: number): Promise<number> {
  const handle = await open(path, 'w');
  const data = Buffer.alloc(bytes, 1);
  const times: number[] = [];
  for (let round = 0; round < 100; round += 1) {
    const start = performance.now();
    await handle.writeFile(data);
    await handle.datasync();
    times.push(performance.now() - start);
  }
  await handle.close();
  return median(times);
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}
