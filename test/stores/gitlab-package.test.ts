import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageVersions } from '../../components/gitlab/package-versions.ts';
import { createPackageStore } from '../../components/stores/gitlab-package.ts';
import type { KeyRing } from '../../components/stores/log/keys.ts';
import { createSessionStore } from '../../components/stores/log/open.ts';
import type { SessionStore } from '../../components/stores/types.ts';
import type { PackageFile } from '../../components/twin/world/project.ts';
import { type Place, startPlace } from '../contracts/client-and-twin/place.ts';
import { scheduleOf } from '../contracts/client-and-twin/schedules.ts';
import { testContext } from '../support/cli.ts';
import { storeContract } from './contract.ts';
import { keyRing } from './support.ts';
import { contest } from './two-writers.ts';

let place: Place;
beforeAll(async () => {
  place = await startPlace();
});
afterAll(() => place.close());

/** Another job's view of the same packages. */
function openStore(keys: KeyRing, clock = place.context.clock): SessionStore {
  const { gitlab, shop } = place;
  const context = { ...place.context, clock };
  const packages = packageVersions(context, gitlab, { project: shop.id, name: 'sessions' });
  return createSessionStore(context, createPackageStore(context, packages), keys);
}

describe('packages of a project keep the contract', () => {
  storeContract(() => {
    const keys = keyRing();
    // Those who leave to each other wait for different times, which a clock without waiting makes one.
    const { clock } = testContext('/');
    return { open: () => openStore(keys, clock) };
  }, false);
});

test('whatever goes wrong on the way, two writers never have one record acknowledged each, and none is lost', async () => {
  const keys = keyRing();
  let [acknowledged, busy] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 - 1 }), async (seed) => {
      place.twin.faults.follow(scheduleOf(seed, 'any', place.clock));
      const random = seeded(seed);
      const pause = () => setTimeout(random() * 15);
      const calm = () => place.twin.faults.clear();
      const result = await contest(() => openStore(keys), pause, 4, calm).finally(calm);
      expect(result).toMatchObject({ lost: [], doubled: [] });
      // Now and then more goes wrong than a client tries again.
      for (const code of result.failures) expect(code).toMatch(/^(STORE_BUSY|STORE_UNWRITABLE|GITLAB_\w+)$/);
      acknowledged += result.acknowledged.length;
      busy += result.failures.length;
      place.tidy();
    }),
    { numRuns: 25 },
  );
  // Somebody went on, and somebody was stopped.
  expect(acknowledged).toBeGreaterThan(25 * 3);
  expect(busy).toBeGreaterThan(20);
});

test('to go on with a long segment takes few downloads', async () => {
  const keys = keyRing();
  const session = randomUUID();
  const log = await openStore(keys).open(session, 'begin');
  for (let index = 0; index < 100; index += 1) await log.append('step', index);
  await log.close();
  place.twin.journal.clear();
  const again = await openStore(keys).open(session, 'resume');
  expect(again.records).toHaveLength(100);
  const downloads = place.twin.journal.entries.filter(
    ({ method, path }) => method === 'GET' && path.includes('/generic/'),
  );
  expect(downloads.length).toBeLessThanOrEqual(7);
});

test.each([
  ['a block that was taken away', (files: PackageFile[]) => void files.splice(-1, 1)],
  ['an older one in its place', (files: PackageFile[]) => void files.splice(-2, 1)],
])('%s', async (_, attack) => {
  const keys = keyRing();
  const session = randomUUID();
  const first = await openStore(keys).open(session, 'begin');
  for (let index = 0; index < 4; index += 1) await first.append('step', index);
  const head = first.head();
  const [stored] = [...place.shop.packages.values()].filter(({ version }) => version === session);
  attack(stored?.files ?? []);
  await expect(openStore(keys).open(session, 'resume', head)).rejects.toMatchObject({
    code: 'SESSION_ROLLED_BACK',
  });
});

test('a claim far beyond the others is refused at once', async () => {
  const keys = keyRing();
  const session = randomUUID();
  const log = await openStore(keys).open(session, 'begin');
  await log.append('step', 1);
  const packages = packageVersions(place.context, place.gitlab, { project: place.shop.id, name: 'sessions' });
  await packages.put(session, 'claim-999999999-00000000000000ff', Buffer.from('\n'));
  const refused = { code: 'SESSION_ROLLED_BACK' };
  await expect(openStore(keys).read(session)).rejects.toMatchObject(refused);
  await expect(openStore(keys).open(session, 'resume')).rejects.toMatchObject(refused);
});

/** Numbers from 0 to 1 that are the same every time (a linear congruential generator, Numerical Recipes). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
