import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspace } from '../support/workspace.ts';
import { startTestTwin } from './harness.ts';

const config = JSON.stringify({
  make: { script: [`echo 'child: {script: [echo]}' > child.yml`], artifacts: { paths: ['child.yml'] } },
  call: {
    ...{ stage: 'test', needs: ['make'], when: 'manual' },
    trigger: { include: [{ artifact: 'child.yml', job: 'make' }] },
  },
});

test.each([
  ['as the job wrote it', false, 1],
  ['not through a link that leads out of the artifacts', true, 0],
])('the configuration of a child pipeline is read %s', async (_, linked, children) => {
  const { addProject, api, newest, job, pipelines, world } = await startTestTwin();
  await addProject('acme/app', { '.gitlab-ci.yml': config });
  await api('POST', '/projects/acme%2Fapp/pipeline', { json: { ref: 'main' } });
  const pipeline = await newest('acme/app');
  const { artifacts } = job(pipeline, 'make');
  const [owner] = world.users.values();
  if (artifacts === undefined || owner === undefined) throw new Error('nothing was made');
  if (linked) {
    const outside = workspace({ 'child.yml': 'child: {script: [echo]}\n' });
    rmSync(join(artifacts.folder, 'child.yml'));
    symlinkSync(join(outside, 'child.yml'), join(artifacts.folder, 'child.yml'));
  }
  await pipelines.play(job(pipeline, 'call'), owner, []);
  await pipelines.settled(pipeline);
  expect([...world.pipelines.values()].filter(({ source }) => source === 'parent_pipeline')).toHaveLength(
    children,
  );
});
