import { setTimeout } from 'node:timers/promises';
import { packageVersions } from '../../../components/gitlab/package-versions.ts';
import { createPackageStore } from '../../../components/stores/gitlab-package.ts';
import { createSessionStore } from '../../../components/stores/log/open.ts';
import { createPostgresStore } from '../../../components/stores/postgres.ts';
import { startPlace } from '../../contracts/client-and-twin/place.ts';
import { scheduleOf } from '../../contracts/client-and-twin/schedules.ts';
import { startPostgres } from '../../stores/postgres-server.ts';
import { s3Faults } from '../../stores/s3-faults.ts';
import { calm, openS3 } from '../../stores/s3-open.ts';
import { startS3 } from '../../stores/s3-server.ts';
import { type Contest, contest } from '../../stores/two-writers.ts';
import { testContext } from '../../support/cli.ts';
import { type Figure, figure } from '../figure.ts';
import { seeded } from '../validate/manifests.ts';
import { newKey } from './place.ts';

/** Three jobs that want one session at the same time, with faults and stale reads in between. */
export async function measureTwoWriters(schedules: number): Promise<readonly Figure[]> {
  const place = await startPlace();
  const keys = newKey();
  const { context, gitlab, shop, twin } = place;
  const open = () => {
    const packages = packageVersions(context, gitlab, { project: shop.id, name: 'sessions' });
    return createSessionStore(context, createPackageStore(context, packages), keys);
  };
  try {
    const how = 'on packages of the twin, a third of the requests with a fault, reads stale at any time';
    return await measure('two-writers', schedules, how, async (seed, pause) => {
      twin.faults.follow(scheduleOf(seed, 'any', place.clock));
      const clear = () => twin.faults.clear();
      const result = await contest(open, pause, 4, clear).finally(clear);
      place.tidy();
      return result;
    });
  } finally {
    await place.close();
  }
}

/** The same in a bucket. */
export async function measureTwoWritersOfBucket(schedules: number): Promise<readonly Figure[]> {
  const server = await startS3();
  const keys = newKey();
  try {
    const how = 'on the S3 of the tests, a third of the requests with a fault';
    return await measure('two-writers-s3', schedules, how, async (seed, pause) => {
      server.fault = s3Faults(seed);
      const clear = () => calm(server);
      const result = await contest(() => openS3(server, keys), pause, 4, clear).finally(clear);
      server.objects.clear();
      return result;
    });
  } finally {
    await server.close();
  }
}

/** The same in one database. */
export async function measureTwoWritersOfDatabase(schedules: number): Promise<readonly Figure[]> {
  const server = await startPostgres();
  const [keys, context] = [newKey(), testContext('/')];
  const open = () => createSessionStore(context, createPostgresStore(server.url), keys);
  try {
    return await measure('two-writers-postgres', schedules, 'on one PostgreSQL', (_, pause) =>
      contest(open, pause, 4),
    );
  } finally {
    await server.close();
  }
}

async function measure(
  id: string,
  schedules: number,
  how: string,
  run: (seed: number, pause: () => Promise<unknown>) => Promise<Contest>,
): Promise<readonly Figure[]> {
  let [acknowledged, lost, doubled, stopped] = [0, 0, 0, 0];
  for (let seed = 1; seed <= schedules; seed += 1) {
    const random = seeded(seed);
    const result = await run(seed, () => setTimeout(random() * 15));
    acknowledged += result.acknowledged.length;
    lost += result.lost.length;
    doubled += result.doubled.length;
    stopped += result.failures.length;
  }
  const against = `${schedules} random schedules of three writers ${how}; ${acknowledged} records acknowledged, ${stopped} writers stopped`;
  return [
    figure({ id: `${id}-lost`, value: lost, unit: '', better: 'lower', goal: 0, against }),
    figure({ id: `${id}-doubled`, value: doubled, unit: '', better: 'lower', goal: 0, against }),
  ];
}
