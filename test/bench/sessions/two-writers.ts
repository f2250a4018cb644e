import { setTimeout } from 'node:timers/promises';
import { packageVersions } from '../../../components/gitlab/package-versions.ts';
import { createPackageStore } from '../../../components/stores/gitlab-package.ts';
import { createSessionStore } from '../../../components/stores/log/open.ts';
import { startPlace } from '../../contracts/client-and-twin/place.ts';
import { scheduleOf } from '../../contracts/client-and-twin/schedules.ts';
import { contest } from '../../stores/two-writers.ts';
import { type Figure, figure } from '../figure.ts';
import { seeded } from '../validate/manifests.ts';
import { newKey } from './place.ts';

/** Three jobs that want one session at the same time, with faults and stale reads in between. */
export async function measureTwoWriters(schedules: number): Promise<readonly Figure[]> {
  const place = await startPlace();
  try {
    const keys = newKey();
    const { context, gitlab, shop, twin } = place;
    const open = () => {
      const packages = packageVersions(context, gitlab, { project: shop.id, name: 'sessions' });
      return createSessionStore(context, createPackageStore(context, packages), keys);
    };
    let [acknowledged, lost, doubled, stopped] = [0, 0, 0, 0];
    for (let seed = 1; seed <= schedules; seed += 1) {
      twin.faults.follow(scheduleOf(seed, 'any', place.clock));
      const random = seeded(seed);
      const calm = () => twin.faults.clear();
      const result = await contest(open, () => setTimeout(random() * 15), 4, calm).finally(calm);
      place.tidy();
      acknowledged += result.acknowledged.length;
      lost += result.lost.length;
      doubled += result.doubled.length;
      stopped += result.failures.length;
    }
    const against = `${schedules} random schedules of three writers on packages of the twin, a third of the requests with a fault, reads stale at any time; ${acknowledged} records acknowledged, ${stopped} writers stopped`;
    return [
      figure({ id: 'two-writers-lost', value: lost, unit: '', better: 'lower', goal: 0, against }),
      figure({ id: 'two-writers-doubled', value: doubled, unit: '', better: 'lower', goal: 0, against }),
    ];
  } finally {
    await place.close();
  }
}
