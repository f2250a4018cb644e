import { expect, test } from 'vitest';
import type { ResourceGroup } from '../../../components/twin/world/pipeline.ts';
import { exit, jobOf, rig, statuses } from './harness.ts';

const resourceGroup = 'production';

test('jobs of one group run one at a time, over pipelines', async () => {
  const { start, runner, pipelines, project } = rig();
  runner.hold('deploy');
  const first = await start({ jobs: { deploy: { resourceGroup } } });
  const second = await start({ jobs: { deploy: { resourceGroup } } });
  const { end } = await runner.started('deploy');
  expect(second.status).toBe('waiting_for_resource');
  expect(pipelines.reasonOf(jobOf(second, 'deploy'))).toBe('waits for the resource group production');
  expect(project.resourceGroups.get(resourceGroup)?.heldBy).toBe(jobOf(first, 'deploy').id);
  end(exit(1));
  await pipelines.settled(first);
  (await runner.started('deploy')).end();
  await pipelines.settled(second);
  expect([first.status, second.status]).toEqual(['failed', 'success']);
  expect(project.resourceGroups.get(resourceGroup)?.heldBy).toBeUndefined();
});

test('a trigger job holds it until its pipeline has ended', async () => {
  const { start, runner, pipelines, downstream } = rig();
  downstream.child = { jobs: { inside: {} } };
  runner.hold('inside');
  const call = { trigger: { to: 'child', strategy: 'depend' }, resourceGroup } as const;
  const pipeline = await start({ jobs: { call, deploy: { resourceGroup } } });
  const { end } = await runner.started('inside');
  expect(statuses(pipeline)).toBe('call running, deploy waiting_for_resource');
  end();
  await pipelines.settled(pipeline);
  expect(statuses(pipeline)).toBe('call success, deploy success');
});

test.each<[ResourceGroup['processMode'], string[]]>([
  // Whoever waited first; the last pipeline's job is not ready before the others are through.
  ['unordered', ['1', '2', '3', '4']],
  ['oldest_first', ['1', '2', '3', '4']],
  ['newest_first', ['1', '4', '3', '2']],
  ['newest_ready_first', ['1', '3', '2', '4']],
])('mode %s says who is next', async (processMode, expected) => {
  const { start, runner, pipelines, project } = rig();
  runner.hold('deploy', 'build');
  const order: string[] = [];
  const deploy = { stage: 'deploy', resourceGroup };
  const [first] = [await start({ jobs: { deploy } })];
  const group = project.resourceGroups.get(resourceGroup);
  if (group === undefined || first === undefined) throw new Error('no group');
  group.processMode = processMode;
  const all = [first, await start({ jobs: { deploy } }), await start({ jobs: { deploy } })];
  all.push(await start({ jobs: { build: {}, deploy } }));
  const build = await runner.started('build');
  for (let turn = 1; turn <= 4; turn++) {
    // The fourth becomes ready at the end of all, or where everybody waits for it.
    if (turn === (processMode === 'newest_first' ? 2 : 4)) build.end();
    const call = await runner.started('deploy');
    order.push(String(call.attempt.job.pipelineId));
    call.end();
    await pipelines.settled(all.find(({ id }) => id === call.attempt.job.pipelineId) ?? first);
  }
  expect(order).toEqual(expected);
});

test('a pipeline that waits for an older one behind a manual job is settled', async () => {
  const { start, run, pipelines, project, user } = rig();
  const older = await start({
    jobs: { ask: { when: 'manual', allowFailure: false }, deploy: { stage: 'deploy', resourceGroup } },
  });
  project.resourceGroups.set(resourceGroup, {
    ...{ id: 1, key: resourceGroup, processMode: 'oldest_first', heldBy: undefined, createdAt: '' },
  });
  const newer = await run({ jobs: { deploy: { resourceGroup } } });
  expect(newer.status).toBe('waiting_for_resource');
  await pipelines.play(jobOf(older, 'ask'), user, []);
  await Promise.all([pipelines.settled(older), pipelines.settled(newer)]);
  expect([older.status, newer.status]).toEqual(['success', 'success']);
});
