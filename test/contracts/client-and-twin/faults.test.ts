import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createGitLab } from '../../../components/gitlab/client.ts';
import { testContext } from '../../support/cli.ts';
import { converge, notesWith, operations } from './operations.ts';
import { type Place, startPlace } from './place.ts';
import { runSchedules, scheduleOf } from './schedules.ts';
import { virtualClock } from './start.ts';

async function place(options?: Parameters<typeof startPlace>[0]): Promise<Place> {
  const made = await startPlace(options);
  onTestFinished(made.close);
  return made;
}

const seedsTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });

test('whatever goes wrong on the way, nothing is lost and nothing is done twice', async () => {
  const here = await place();
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const { lost, doubled, faults } = await runSchedules(here, [seed], 'lagging');
      expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
      expect(faults.size).toBeGreaterThan(0);
    }),
    { numRuns: 30 },
  );
});

test('and it is the waiting for replicas that does it: without time passing, the look for what was done is fooled', async () => {
  const here = await place();
  const hurried = createGitLab({ ...here.context, clock: virtualClock() }, here.gitlab.connection);
  const counted = await runSchedules({ ...here, gitlab: hurried }, seedsTo(60), 'lagging');
  expect(counted.lost).toEqual([]);
  expect(counted.doubled.length).toBeGreaterThan(0);
});

test('reads that are stale at any time may double a note, and never keep the old text', async () => {
  const here = await place();
  const note = operations.filter(({ id }) => id === 'a note of two runs');
  const { lost, faults } = await runSchedules(here, seedsTo(160), 'any', note);
  expect(lost).toEqual([]);
  expect(faults.get('stale')).toBeGreaterThan(0);
});

test('a note that a stale read doubled is one again after the next run', async () => {
  const here = await place();
  let copies = 0;
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      here.twin.faults.follow(scheduleOf(seed, 'any', here.clock));
      await converge(here, 'stale', 'first').catch(() => undefined);
      await converge(here, 'stale', 'second').catch(() => undefined);
      here.twin.faults.clear();
      copies = Math.max(copies, notesWith(here, 'stale').length);
      await converge(here, 'stale', 'third');
      expect(notesWith(here, 'stale')).toEqual([expect.stringMatching(/^third/)]);
      here.tidy();
    }),
    { numRuns: 60, seed: 7 },
  );
  expect(copies).toBeGreaterThan(1);
});

test('an answer that takes longer than an attempt may counts as lost, and is asked for again', async () => {
  // The twin takes its time, the client's waiting takes none.
  const here = await place({ clock: testContext('/').clock });
  const { twin, tokenOf } = here;
  const gitlab = createGitLab(
    { ...here.context, clock: virtualClock() },
    {
      ...{ apiUrl: `${twin.url}/api/v4`, token: { kind: 'private', value: tokenOf('bot') } },
      timeouts: { attempt: 1_000 },
    },
  );
  twin.faults.add({ match: { method: 'POST' }, what: { kind: 'slow', milliseconds: 2_000 } });
  await converge({ ...here, gitlab }, 'slow', 'first');
  expect(notesWith(here, 'slow')).toHaveLength(1);
  const posts = twin.journal.entries.filter(
    ({ path, method }) => method === 'POST' && path.endsWith('/notes'),
  );
  expect(posts).toMatchObject([{ fault: 'slow' }, { status: 201 }]);
});

test('a client that keeps its pace never meets the limit of notes', async () => {
  const here = await place({ limits: {} });
  const start = here.clock.now();
  for (let number = 1; number <= 150; number += 1) {
    const key = `pace-${number}`;
    await operations.find(({ id }) => id === 'open a thread')?.run(here, key);
  }
  expect(here.mergeRequest.notes.filter(({ system }) => !system)).toHaveLength(150);
  expect(here.twin.journal.entries.filter(({ status }) => status === 429)).toEqual([]);
  expect(here.clock.now() - start).toBeLessThan(180_000);
});
