import { expect, test } from 'vitest';
import { exit, jobOf, rig, statuses } from './harness.ts';

test('jobs of a stage run together, those of the next one after them', async () => {
  const { run, runner } = rig();
  const pipeline = await run({
    jobs: { deploy: { stage: 'deploy' }, test: { stage: 'test' }, lint: { stage: 'test' }, build: {} },
  });
  expect(pipeline.status).toBe('success');
  expect(runner.log).toEqual(['build', 'test', 'lint', 'deploy']);
});

test('a job that needs others does not wait for its stage', async () => {
  const { start, runner, pipelines } = rig();
  runner.hold('slow');
  const pipeline = await start({ jobs: { fast: {}, slow: {}, next: { stage: 'test', needs: ['fast'] } } });
  await runner.started('next');
  expect(jobOf(pipeline, 'slow').status).toBe('running');
  (await runner.started('slow')).end();
  await pipelines.settled(pipeline);
  expect(statuses(pipeline)).toBe('fast success, slow success, next success');
});

test('after a failure only jobs of on_failure and always run', async () => {
  const { run, runner, pipelines } = rig();
  runner.ends.build = exit(1);
  const pipeline = await run({
    jobs: {
      build: {},
      test: { stage: 'test' },
      report: { stage: 'test', when: 'on_failure' },
      clean: { stage: 'deploy', when: 'always' },
    },
  });
  expect(pipeline.status).toBe('failed');
  expect(statuses(pipeline)).toBe('build failed, test skipped, report success, clean success');
  expect(jobOf(pipeline, 'build')).toMatchObject({ exitCode: 1, failureReason: 'script_failure' });
  expect(pipelines.reasonOf(jobOf(pipeline, 'test'))).toBe('build failed');
});

test('a job of on_failure is skipped where nothing failed, and says so', async () => {
  const { run, pipelines } = rig();
  const pipeline = await run({ jobs: { build: {}, report: { stage: 'test', when: 'on_failure' } } });
  expect(statuses(pipeline)).toBe('build success, report skipped');
  expect(pipelines.reasonOf(jobOf(pipeline, 'report'))).toBe('no job before it failed');
});

test('what may fail does not stop the pipeline, and exit codes may be chosen', async () => {
  const { run, runner } = rig();
  runner.ends.lint = exit(1);
  runner.ends.scan = exit(20);
  const jobs = {
    lint: { allowFailure: true },
    scan: { allowFailure: [20] },
    deploy: { stage: 'deploy' },
  };
  const passed = await run({ jobs });
  expect(passed.status).toBe('success');
  expect(jobOf(passed, 'scan')).toMatchObject({ status: 'failed', allowFailure: true });
  runner.ends.scan = exit(21);
  const failed = await run({ jobs });
  expect(failed.status).toBe('failed');
  expect(statuses(failed)).toBe('lint failed, scan failed, deploy skipped');
});

test('a blocking manual job stops later stages until it is played; the pipeline is manual', async () => {
  const { run, pipelines, user } = rig();
  const pipeline = await run({
    jobs: { approve: { when: 'manual', allowFailure: false }, deploy: { stage: 'deploy' } },
  });
  expect(pipeline.status).toBe('manual');
  expect(statuses(pipeline)).toBe('approve manual, deploy created');
  expect(pipelines.reasonOf(jobOf(pipeline, 'deploy'))).toBe('waits for the manual job approve');
  const played = await pipelines.play(jobOf(pipeline, 'approve'), user, []);
  expect(played?.status).toBe('running');
  await pipelines.settled(pipeline);
  expect(pipeline.status).toBe('success');
});

test('an optional manual job blocks nothing but the jobs that need it, which run once it is played', async () => {
  const { run, pipelines, user } = rig();
  const pipeline = await run({
    jobs: {
      choose: { when: 'manual' },
      chosen: { stage: 'test', needs: ['choose'] },
      other: { stage: 'test' },
    },
  });
  expect(pipeline.status).toBe('success');
  expect(statuses(pipeline)).toBe('choose manual, chosen skipped, other success');
  expect(pipelines.reasonOf(jobOf(pipeline, 'chosen'))).toBe('waits for the manual job choose');
  await pipelines.play(jobOf(pipeline, 'choose'), user, [{ key: 'A', value: 'b', variableType: 'env_var' }]);
  await pipelines.settled(pipeline);
  expect(statuses(pipeline)).toBe('choose success, chosen success, other success');
  expect(jobOf(pipeline, 'choose').playVariables).toEqual([
    { key: 'A', value: 'b', variableType: 'env_var' },
  ]);
});

test('what needs a skipped job is skipped', async () => {
  const { run, runner, pipelines } = rig();
  runner.ends.build = exit(1);
  const pipeline = await run({
    jobs: { build: {}, test: { stage: 'test' }, last: { stage: 'deploy', needs: ['test'] } },
  });
  expect(statuses(pipeline)).toBe('build failed, test skipped, last skipped');
  expect(pipelines.reasonOf(jobOf(pipeline, 'last'))).toBe('test did not run');
});

test('a job of always runs after skipped ones too; with needs as soon as one of them does not run', async () => {
  const { start, runner, pipelines } = rig();
  runner.hold('slow', 'clean');
  const pipeline = await start({
    jobs: {
      choose: { when: 'manual' },
      slow: {},
      clean: { stage: 'test', when: 'always', needs: ['choose', 'slow'] },
    },
  });
  const { end } = await runner.started('slow');
  await runner.started('clean').then((call) => call.end());
  expect(jobOf(pipeline, 'slow').status).toBe('running');
  end();
  await pipelines.settled(pipeline);
  const alone = { choose: { when: 'manual' }, clean: { stage: 'test', when: 'always' } } as const;
  const second = await start({ jobs: alone });
  (await runner.started('clean')).end();
  await pipelines.settled(second);
  expect(statuses(second)).toBe('choose manual, clean success');
});

test('no more jobs run at a time than the machine takes, over all pipelines', async () => {
  const { start, runner, pipelines } = rig({ concurrency: 2 });
  const jobs = { a: {}, b: {}, c: {} };
  const both = [await start({ jobs }), await start({ jobs })];
  await Promise.all(both.map((pipeline) => pipelines.settled(pipeline)));
  expect(both.map(({ status }) => status)).toEqual(['success', 'success']);
  expect(runner.most()).toBe(2);
});

test('a commit status counts in the status of the pipeline', async () => {
  const { run, pipelines, world } = rig();
  const pipeline = await run({ jobs: { build: {} } });
  const status = { ...jobOf(pipeline, 'build'), id: world.nextId('job'), kind: 'status' as const };
  pipeline.jobs.push({ ...status, name: 'ci/elsewhere', stage: 'external', status: 'failed' });
  pipelines.touch(pipeline);
  expect(pipeline.status).toBe('failed');
});

test('a delayed job starts by itself when its time has come, or when somebody plays it', async () => {
  const { run, pipelines, clock, runner, user } = rig();
  const jobs = { later: { when: 'delayed', startInSeconds: 1800 } } as const;
  const pipeline = await run({ jobs });
  expect(pipeline.status).toBe('scheduled');
  expect(pipelines.reasonOf(jobOf(pipeline, 'later'))).toBe('starts at 2026-01-05T12:30:00.000Z');
  runner.hold('later');
  clock.advance(1_799_999);
  expect(jobOf(pipeline, 'later').status).toBe('scheduled');
  clock.advance(1);
  (await runner.started('later')).end();
  await pipelines.settled(pipeline);
  expect(pipeline.status).toBe('success');

  const second = await run({ jobs }, { sha: 'b'.repeat(40) });
  await pipelines.play(jobOf(second, 'later'), user, []);
  (await runner.started('later')).end();
  await pipelines.settled(second);
  expect(second.status).toBe('success');
});
