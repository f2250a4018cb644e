import { describe, expect, test } from 'vitest';
import { exit, jobOf, rig, statuses } from './harness.ts';

test('a running job is canceling until its runner lets go; later jobs do not run', async () => {
  const { start, runner, pipelines } = rig();
  runner.hold('build');
  const pipeline = await start({
    jobs: { build: { retry: { max: 2, when: ['always'], exitCodes: [] } }, test: { stage: 'test' } },
  });
  await runner.started('build');
  expect(await pipelines.cancel(jobOf(pipeline, 'build'))).toBe(true);
  expect(jobOf(pipeline, 'build').status).toBe('canceling');
  await pipelines.settled(pipeline);
  expect(statuses(pipeline)).toBe('build canceled, test skipped');
  expect(pipeline.status).toBe('canceled');
  expect(await pipelines.cancel(jobOf(pipeline, 'build'))).toBe(false);
});

test('a cancelled pipeline starts nothing any more; manual jobs stay manual', async () => {
  const { start, runner, pipelines } = rig({ concurrency: 1 });
  runner.hold('build');
  const pipeline = await start({
    jobs: { build: {}, queued: {}, ask: { when: 'manual' }, test: { stage: 'test', when: 'always' } },
  });
  await runner.started('build');
  await pipelines.cancelPipeline(pipeline);
  await pipelines.settled(pipeline);
  expect(statuses(pipeline)).toBe('build canceled, queued canceled, ask manual, test canceled');
  expect(runner.log).toEqual(['build']);
});

describe('a new commit on the branch', () => {
  const jobs = (interruptible: boolean) => ({ build: { interruptible }, test: { stage: 'test' } });
  const sha = 'b'.repeat(40);

  test('cancels an older pipeline none of whose jobs has started that must not be interrupted', async () => {
    const { start, runner, pipelines } = rig();
    runner.hold('build');
    const older = await start({ jobs: jobs(true) });
    await runner.started('build');
    await start({ jobs: { other: {} } }, { sha });
    await pipelines.settled(older);
    expect(statuses(older)).toBe('build canceled, test canceled');
  });

  test('leaves one alone where such a job has started, on another branch, or of the same commit', async () => {
    const { start, runner } = rig();
    runner.hold('build');
    const started = await start({ jobs: jobs(false) });
    await runner.started('build');
    const elsewhere = await start({ jobs: jobs(true) }, { ref: 'topic' });
    const same = await start({ jobs: jobs(true) }, { sha });
    await start({ jobs: { other: {} } }, { sha });
    expect([started, elsewhere, same].map(({ status }) => status)).toEqual(['running', 'running', 'running']);
  });

  test.each([
    ['interruptible', 'build canceled, test success'],
    ['none', 'build success, test success'],
  ])('cancels by job or not at all where the workflow says %s', async (onNewCommit, expected) => {
    const { start, runner, pipelines } = rig();
    runner.hold('build', 'test');
    const older = await start({
      jobs: { build: { interruptible: true }, test: {} },
      autoCancel: { on_new_commit: onNewCommit },
    });
    const running = [await runner.started('build'), await runner.started('test')];
    await start({ jobs: { other: {} } }, { sha });
    for (const { end } of running) end();
    await pipelines.settled(older);
    expect(statuses(older)).toBe(expected);
  });
});

test('where the workflow says so, the first failure cancels the rest', async () => {
  const { start, runner, pipelines } = rig();
  runner.hold('slow');
  runner.ends.allowed = exit(1);
  runner.ends.bad = exit(1);
  const pipeline = await start({
    jobs: { slow: {}, allowed: { allowFailure: true }, bad: {}, clean: { stage: 'test', when: 'always' } },
    autoCancel: { on_job_failure: 'all' },
  });
  await pipelines.settled(pipeline);
  expect(statuses(pipeline)).toBe('slow canceled, allowed failed, bad failed, clean canceled');
});

test('closing cancels everything, waits for the runner and forgets the working folders', async () => {
  const { start, runner, pipelines, project, user } = rig();
  runner.hold('build');
  const pipeline = await start({ jobs: { build: {}, later: { when: 'delayed', startInSeconds: 60 } } });
  await runner.started('build');
  const settled = pipelines.settled(pipeline);
  await pipelines.close();
  await settled;
  expect(statuses(pipeline)).toBe('build canceled, later canceled');
  expect(runner.log).toEqual(['build', `forget ${pipeline.id}`]);
  const request = { project, ref: 'main', sha: pipeline.sha, source: 'push', user } as const;
  expect(await pipelines.create(request)).toMatchObject({ ok: false });
});
