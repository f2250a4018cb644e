import { describe, expect, test } from 'vitest';
import type { Pipeline } from '../../../components/twin/world/pipeline.ts';
import type { World } from '../../../components/twin/world/world.ts';
import { exit, jobOf, rig, statuses } from './harness.ts';

const child = { jobs: { inside: {} } };

function below(world: World, pipeline: Pipeline, name: string): Pipeline {
  const found = world.pipelines.get(jobOf(pipeline, name).downstreamPipelineId ?? 0);
  if (found === undefined) throw new Error('nothing was triggered');
  return found;
}

test('without a strategy a trigger job is done when its pipeline has been made; settled covers both', async () => {
  const { run, world, downstream } = rig();
  downstream.child = child;
  const pipeline = await run({ jobs: { call: { trigger: { to: 'child' } }, next: { stage: 'test' } } });
  expect(statuses(pipeline)).toBe('call success, next success');
  expect(below(world, pipeline, 'call')).toMatchObject({ status: 'success', source: 'parent_pipeline' });
});

test('a trigger job passes on what jobs before it said in their dotenv reports', async () => {
  const { run, runner, world, downstream } = rig();
  downstream.child = child;
  runner.ends.build = exit(0, { dotenv: [{ key: 'VERSION', value: '1.2' }] });
  const pipeline = await run({ jobs: { build: {}, call: { stage: 'test', trigger: { to: 'child' } } } });
  expect(below(world, pipeline, 'call').variables).toMatchObject([{ key: 'VERSION', value: '1.2' }]);
});

test('with a strategy it runs as long as its pipeline and ends as that does', async () => {
  const { start, runner, pipelines, world, downstream } = rig();
  downstream.child = child;
  runner.hold('inside');
  const jobs = { call: { trigger: { to: 'child', strategy: 'depend' } }, next: { stage: 'test' } } as const;
  const pipeline = await start({ jobs });
  const { end } = await runner.started('inside');
  expect(statuses(pipeline)).toBe('call running, next created');
  end(exit(1));
  await pipelines.settled(pipeline);
  expect(below(world, pipeline, 'call').status).toBe('failed');
  expect(statuses(pipeline)).toBe('call failed, next skipped');
});

test('a job retried in the child lets the parent go on', async () => {
  const { run, runner, pipelines, world, downstream, user } = rig();
  downstream.child = child;
  runner.ends.inside = exit(1);
  const jobs = { call: { trigger: { to: 'child', strategy: 'depend' } }, next: { stage: 'test' } } as const;
  const pipeline = await run({ jobs });
  runner.ends.inside = exit(0);
  await pipelines.retry(jobOf(below(world, pipeline, 'call'), 'inside'), user);
  expect(jobOf(pipeline, 'call').status).toBe('running');
  await pipelines.settled(pipeline);
  expect(statuses(pipeline)).toBe('call success, next success');
});

test.each([
  ['depend', 'call running, next created'],
  ['mirror', 'call manual, next created'],
] as const)('a child that waits for a hand settles with strategy %s', async (strategy, expected) => {
  const { run, pipelines, world, downstream, user } = rig();
  downstream.child = {
    jobs: { ask: { when: 'manual', allowFailure: false }, after: { stage: 'test' } },
  };
  const pipeline = await run({
    jobs: { call: { trigger: { to: 'child', strategy } }, next: { stage: 'test' } },
  });
  expect(statuses(pipeline)).toBe(expected);
  await pipelines.play(jobOf(below(world, pipeline, 'call'), 'ask'), user, []);
  await pipelines.settled(pipeline);
  expect(statuses(pipeline)).toBe('call success, next success');
});

describe('a trigger job fails', () => {
  test('for the reason that the request was refused', async () => {
    const { run, downstream } = rig();
    const messages = ['not allowed'];
    downstream.other = { ok: false, reason: 'insufficient_bridge_permissions', messages };
    const pipeline = await run({ jobs: { call: { trigger: { to: 'other' } } } });
    const failed = {
      status: 'failed',
      failureReason: 'insufficient_bridge_permissions',
      trace: 'not allowed\n',
    };
    expect(jobOf(pipeline, 'call')).toMatchObject(failed);
  });

  test('where its pipeline is a mistake', async () => {
    const { run, downstream } = rig();
    downstream.child = { jobs: {}, yamlErrors: 'no visible job' };
    const pipeline = await run({ jobs: { call: { trigger: { to: 'child' } } } });
    expect(jobOf(pipeline, 'call')).toMatchObject({ failureReason: 'downstream_pipeline_creation_failed' });
  });

  test('where a thousand pipelines belong together, so that no circle goes on for ever', async () => {
    const { run, world, downstream } = rig();
    downstream.other = { jobs: { call: { trigger: { to: 'other' } } } };
    await run({ jobs: { call: { trigger: { to: 'other' } } } });
    expect(world.pipelines.size).toBe(1000);
    const reasons = [...world.jobs.values()].flatMap(({ failureReason }) => failureReason ?? []);
    expect(reasons).toEqual(['reached_max_pipeline_hierarchy_size']);
  });
});

test('cancelling a pipeline cancels its children, not what runs in other projects', async () => {
  const { start, runner, pipelines, world, downstream } = rig();
  downstream.child = child;
  downstream.other = { jobs: { outside: {} } };
  runner.hold('inside', 'outside');
  const strategy = 'depend';
  const pipeline = await start({
    jobs: { call: { trigger: { to: 'child', strategy } }, away: { trigger: { to: 'other', strategy } } },
  });
  await runner.started('inside');
  const { end } = await runner.started('outside');
  await pipelines.cancelPipeline(pipeline);
  end();
  await pipelines.settled(pipeline);
  expect(statuses(pipeline)).toBe('call canceled, away canceled');
  expect(below(world, pipeline, 'call').status).toBe('canceled');
  expect(below(world, pipeline, 'away').status).toBe('success');
});
