import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { applyTwinFile } from '../../../components/twin/setup/apply-twin-file.ts';
import { startTwin } from '../../../components/twin/twin.ts';
import { findProject } from '../../../components/twin/world/world.ts';
import { known, machineIn } from '../../contracts/client-and-twin/start.ts';
import { templates } from '../../decide/shop.ts';
import { startPostgres } from '../../stores/postgres-server.ts';
import { startS3 } from '../../stores/s3-server.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, writeFiles } from '../../support/repository.ts';
import { type LosingStore, loseRunner, lostProject } from '../../templates/lost-runner.ts';
import { type Figure, figure, median } from '../figure.ts';

/**
 * From "the runner is lost" to the first new step in a new pipeline, by the built command: the pipeline is made, the job
 * fetches its commit, and the session is read, claimed and gone on with.
 */
export async function measureRunnerLost(rounds: number): Promise<readonly Figure[]> {
  const [database, bucket] = [await startPostgres(), await startS3()];
  const { accessKeyId, secretAccessKey } = bucket.credentials;
  const places = {
    'gitlab-package': {},
    postgres: { PIPEWRIGHT_POSTGRES_URL: database.url },
    s3: {
      ...{ PIPEWRIGHT_S3_URL: bucket.url, AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    },
  } as const;
  try {
    const figures: Figure[] = [];
    for (const store of ['gitlab-package', 'postgres', 's3'] as const) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) times.push((await once(store, places[store])) / 1_000);
      figures.push(
        figure({
          ...{ id: `runner-lost-${store}`, value: median(times), unit: 's', better: 'lower', goal: null },
          against: `no person and no schedule waits: ${times.map((time) => time.toFixed(2)).join(', ')} s, on the twin`,
        }),
      );
    }
    return figures;
  } finally {
    await database.close();
    await bucket.close();
  }
}

async function once(store: LosingStore, place: Readonly<Record<string, string>>): Promise<number> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pipewright-bench-lost-')));
  try {
    const { files, settings } = await lostProject(store, place);
    for (const [name, text] of Object.entries(files)) writeFiles(join(folder, 'shop'), { [name]: text });
    writeFiles(join(folder, 'catalog'), templates());
    for (const project of ['shop', 'catalog']) commitAll(join(folder, project));
    const context = testContext(folder);
    const twin = await startTwin(context, {
      machine: { ...machineIn(folder), entry: resolve('dist/main.js') },
    });
    try {
      await applyTwinFile(
        context,
        twin,
        {
          projects: {
            'pipewright/pipewright': { folder: join(folder, 'catalog'), visibility: 'public' },
            'acme/shop': { ...settings, folder: join(folder, 'shop') },
          },
        },
        folder,
      );
      const project = known(findProject(twin.world, 'acme/shop'), 'acme/shop');
      const user = known([...twin.world.users.values()][0], 'user');
      const sha = known(await twin.repositories.resolve(project, 'main'), 'main');
      const { took } = await loseRunner(twin, async (inputs) => {
        const asked = { project, ref: 'main', sha, source: 'api', user, inputs } as const;
        const created = await twin.pipelines.create(asked);
        if (!created.ok) throw new Error(created.messages.join('; '));
        return created.pipeline.id;
      });
      return took;
    } finally {
      await twin.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
