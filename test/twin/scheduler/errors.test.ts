import { expect, test } from 'vitest';
import { jobOf, rig, statuses } from './harness.ts';

test('a mistake in processing fails its pipeline, is told, and hits no other one', async () => {
  const { start, run, runner, pipelines, errors, world } = rig();
  runner.hold('build');
  const broken = await start({ jobs: { build: {}, test: { stage: 'test' } } });
  await runner.started('build');
  // A job that no specification knows, which the creation of pipelines never makes.
  broken.jobs.push({ ...jobOf(broken, 'test'), id: world.nextId('job'), name: 'stray' });
  pipelines.touch(broken);
  await pipelines.settled(broken);
  expect(broken.status).toBe('failed');
  expect(statuses(broken)).toBe('build failed, test failed, stray failed');
  expect(jobOf(broken, 'test').failureReason).toBe('data_integrity_failure');
  expect(String(errors[0])).toContain('specification of job stray');
  expect((await run({ jobs: { fine: {} } })).status).toBe('success');
});

test('a runner that throws fails the job as a system failure, and is told', async () => {
  const { run, runner, errors } = rig();
  runner.ends.build = () => {
    throw new Error('out of order');
  };
  const pipeline = await run({ jobs: { build: {} } });
  expect(jobOf(pipeline, 'build')).toMatchObject({
    status: 'failed',
    failureReason: 'runner_system_failure',
  });
  expect(String(errors[0])).toContain('out of order');
});

test('a pipeline that exists only for its mistake is settled at once and stays failed', async () => {
  const { run, pipelines } = rig();
  const pipeline = await run({ jobs: {}, yamlErrors: 'jobs config should contain at least one visible job' });
  pipelines.touch(pipeline);
  expect(pipeline.status).toBe('failed');
});
