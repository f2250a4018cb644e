import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createPipeline } from '../../../components/gitlab/endpoints/pipelines.ts';
import { known, machineIn, type Served, serveTwin } from '../../contracts/client-and-twin/start.ts';
import { commitAll, writeFiles } from '../../support/repository.ts';
import { type Figure, figure, median } from '../figure.ts';

const rounds = 9;
const configuration = 'empty:\n  script: ["true"]\n';

/** Seconds of a pipeline with one job that does nothing, from its creation on, over gitlab-ci-local's for the same job. */
export async function measureJob(): Promise<readonly Figure[]> {
  const served = await serveTwin({
    users: { bot: { kind: 'service_account', role: 'maintainer' } },
    projects: { 'acme/shop': { '.gitlab-ci.yml': configuration } },
  });
  try {
    const peer = join(served.folder, 'peer');
    writeFiles(peer, { '.gitlab-ci.yml': configuration });
    commitAll(peer);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = -1; round < rounds; round += 1) {
      const times = [await secondsOnTwin(served), secondsOfPeer(served, peer)] as const;
      // The first round warms file caches up and is not counted.
      if (round < 0) continue;
      ours.push(times[0]);
      theirs.push(times[1]);
    }
    const [twin, alone] = [median(ours), median(theirs)];
    const against = `gitlab-ci-local alone ${alone.toFixed(2)} s, pipeline on the twin ${twin.toFixed(2)} s, medians of ${rounds} in turn`;
    return [
      figure({ id: 'job-overhead', value: twin / alone, unit: '×', better: 'lower', goal: 2, against }),
    ];
  } finally {
    await served.close();
  }
}

async function secondsOnTwin({ twin, asUser }: Served): Promise<number> {
  const start = performance.now();
  const { id } = await createPipeline(asUser('bot'), { project: 'acme/shop', ref: 'main' });
  const pipeline = known(twin.world.pipelines.get(id), 'pipeline');
  await twin.pipelines.settled(pipeline);
  const time = (performance.now() - start) / 1000;
  if (pipeline.status !== 'success') throw new Error(`the pipeline ended as ${pipeline.status}`);
  return time;
}

/** With the options the twin gives it, which skip what the twin has done itself. */
function secondsOfPeer({ folder }: Served, cwd: string): number {
  const { node } = machineIn(folder);
  const gitlabCiLocal = createRequire(import.meta.url).resolve('gitlab-ci-local');
  const args = [
    gitlabCiLocal,
    '--force-shell-executor',
    '--shell-isolation',
    '--no-json-schema-validation',
    'empty',
  ];
  const env = { PATH: process.env.PATH ?? '', HOME: folder };
  const start = performance.now();
  const { status, stderr } = spawnSync(node, args, { cwd, env, encoding: 'utf8' });
  const time = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`gitlab-ci-local exited ${status}: ${stderr}`);
  return time;
}
