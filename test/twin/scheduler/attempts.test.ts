import { describe, expect, test } from 'vitest';
import { accessLevels } from '../../../components/twin/world/people.ts';
import { addUser, protectBranch } from '../../../components/twin/world/seed.ts';
import { artifacts, exit, jobOf, rig, statuses } from './harness.ts';

const onceMore = { max: 1, when: ['always'], exitCodes: [] };

describe('an attempt', () => {
  test('leaves its log, code, dotenv and coverage in its record', async () => {
    const { start, runner, pipelines, clock } = rig();
    runner.hold('build');
    const pipeline = await start({ jobs: { build: {} } });
    const call = await runner.started('build');
    call.trace('compiling\n');
    clock.advance(60_000);
    const dotenv = [{ key: 'VERSION', value: '1.2' }];
    call.end(exit(0, { artifacts: artifacts(), dotenv, coverage: 81.5 }));
    await pipelines.settled(pipeline);
    expect(jobOf(pipeline, 'build')).toMatchObject({
      ...{ status: 'success', trace: 'compiling\n', exitCode: 0, dotenv, coverage: 81.5 },
      ...{ queuedAt: '2026-01-05T12:00:00.000Z', startedAt: '2026-01-05T12:00:00.000Z' },
      finishedAt: '2026-01-05T12:01:00.000Z',
    });
    expect(pipeline.finishedAt).toBe('2026-01-05T12:01:00.000Z');
  });

  test('has a job token while it runs, and not longer', async () => {
    const { start, runner, pipelines, world } = rig();
    runner.hold('build');
    const pipeline = await start({ jobs: { build: {} } });
    const { attempt, end } = await runner.started('build');
    const token = attempt.variables.find(({ key }) => key === 'CI_JOB_TOKEN')?.value ?? '';
    expect(world.tokens.get(token)).toMatchObject({ kind: 'job', jobId: attempt.job.id });
    end();
    await pipelines.settled(pipeline);
    expect(world.tokens.size).toBe(0);
  });

  test.each([
    ['timeout', { kind: 'timeout', artifacts: undefined }, 'job_execution_timeout'],
    ['system', { kind: 'system', message: 'no space left' }, 'runner_system_failure'],
  ] as const)('that ends by %s fails for %s', async (_, end, reason) => {
    const { run, runner } = rig();
    runner.ends.build = end;
    const pipeline = await run({ jobs: { build: {} } });
    expect(jobOf(pipeline, 'build')).toMatchObject({ status: 'failed', failureReason: reason });
  });

  test('whose runner is lost keeps nothing of it, whatever the runner says later', async () => {
    const { start, runner, pipelines } = rig();
    runner.hold('build');
    const pipeline = await start({ jobs: { build: {} } });
    const { trace } = await runner.started('build');
    trace('one\n');
    const lost = pipelines.loseRunner(jobOf(pipeline, 'build'));
    trace('two\n');
    expect(await lost).toBe(true);
    expect(jobOf(pipeline, 'build')).toMatchObject({
      ...{ status: 'failed', failureReason: 'runner_system_failure', trace: 'one\n', artifacts: undefined },
    });
    expect(await pipelines.loseRunner(jobOf(pipeline, 'build'))).toBe(false);
  });
});

describe('retry', () => {
  test('by itself makes a new job of the same name, as often as it says', async () => {
    const { run, runner } = rig();
    runner.ends.build = exit(1);
    const pipeline = await run({ jobs: { build: { retry: onceMore }, test: { stage: 'test' } } });
    expect(pipeline.jobs.map(({ name, status, retried }) => ({ name, status, retried }))).toEqual([
      { name: 'build', status: 'failed', retried: true },
      { name: 'test', status: 'skipped', retried: false },
      { name: 'build', status: 'failed', retried: false },
    ]);
  });

  test.each([
    ['the failure is another one', ['runner_system_failure'], [], 1],
    ['the failure is one of them', ['script_failure'], [], 2],
    ['the exit code is listed', [], [7], 2],
    ['the exit code is another one', [], [8], 1],
  ])('where %s', async (_, when, exitCodes, attempts) => {
    const { run, runner } = rig();
    runner.ends.build = exit(7);
    const pipeline = await run({ jobs: { build: { retry: { max: 1, when, exitCodes } } } });
    expect(pipeline.jobs).toHaveLength(attempts);
  });

  test('by hand opens again what was skipped because of it', async () => {
    const { run, runner, pipelines, user } = rig();
    runner.ends.build = exit(1);
    const pipeline = await run({
      jobs: { build: {}, test: { stage: 'test' }, last: { stage: 'test', needs: ['test'] } },
    });
    expect(statuses(pipeline)).toBe('build failed, test skipped, last skipped');
    runner.ends.build = exit(0);
    const attempt = await pipelines.retry(jobOf(pipeline, 'build'), user);
    expect(attempt?.id).toBe(jobOf(pipeline, 'build').id);
    await pipelines.settled(pipeline);
    expect(statuses(pipeline)).toBe('test success, last success, build success');
    expect(pipeline.status).toBe('success');
  });

  test('of a pipeline tries all that failed; a manual job waits for a hand again', async () => {
    const { run, runner, pipelines, user } = rig();
    const jobs = { build: {}, ask: { when: 'manual' }, test: { stage: 'test' } } as const;
    runner.ends.build = exit(1);
    runner.ends.ask = exit(1);
    const pipeline = await run({ jobs });
    await pipelines.play(jobOf(pipeline, 'ask'), user, []);
    await pipelines.settled(pipeline);
    runner.ends.build = exit(0);
    await pipelines.retryPipeline(pipeline, user);
    await pipelines.settled(pipeline);
    expect(statuses(pipeline)).toBe('test success, build success, ask manual');
  });

  test('starts a manual job at once, by hand and by itself', async () => {
    const { run, runner, pipelines, user } = rig();
    runner.ends.ask = exit(1);
    const pipeline = await run({ jobs: { ask: { when: 'manual', retry: onceMore } } });
    await pipelines.play(jobOf(pipeline, 'ask'), user, []);
    await pipelines.settled(pipeline);
    expect(pipeline.jobs.map(({ status }) => status)).toEqual(['failed', 'failed']);
    runner.ends.ask = exit(0);
    await pipelines.play(jobOf(pipeline, 'ask'), user, []);
    await pipelines.settled(pipeline);
    expect(statuses(pipeline)).toBe('ask success');
  });

  test('is not for a job that has not ended, nor for one that a newer attempt has replaced', async () => {
    const { run, pipelines, user } = rig();
    const pipeline = await run({ jobs: { build: {}, ask: { when: 'manual' } } });
    expect(await pipelines.retry(jobOf(pipeline, 'ask'), user)).toBeUndefined();
    const first = jobOf(pipeline, 'build');
    await pipelines.retry(first, user);
    expect(await pipelines.retry(first, user)).toBeUndefined();
    expect(await pipelines.play(jobOf(pipeline, 'build'), user, [])).toBeUndefined();
  });
});

describe('who may play a job', () => {
  const jobs = { deploy: { when: 'manual' } } as const;

  test('developers; on a protected branch those who may write it', async () => {
    const { run, pipelines, world, project, user } = rig();
    const reporter = addUser(world, { username: 'rep' });
    const developer = addUser(world, { username: 'dev' });
    project.members.set(reporter.id, accessLevels.reporter).set(developer.id, accessLevels.developer);
    const pipeline = await run({ jobs });
    const job = jobOf(pipeline, 'deploy');
    expect(await pipelines.play(job, reporter, [])).toBeUndefined();
    protectBranch(world, project, 'main');
    expect(await pipelines.play(job, developer, [])).toBeUndefined();
    expect(await pipelines.play(job, user, [])).toMatchObject({ userId: user.id });
  });

  test('nobody with variables where the project forbids these', async () => {
    const { run, pipelines, project, user } = rig();
    project.settings.ci_pipeline_variables_minimum_override_role = 'no_one_allowed';
    const job = jobOf(await run({ jobs }), 'deploy');
    const variables = [{ key: 'A', value: 'b', variableType: 'env_var' as const }];
    expect(await pipelines.play(job, user, variables)).toBeUndefined();
    expect(await pipelines.play(job, user, [])).toBeDefined();
  });
});

describe('artifacts of other jobs', () => {
  test('come in the order of jobs; those of needs only where a job has needs', async () => {
    const { run, runner } = rig();
    const taken: Record<string, string[]> = {};
    const keep = exit(0, { artifacts: artifacts(), dotenv: [{ key: 'FROM', value: 'x' }] });
    Object.assign(runner.ends, { a: keep, b: keep });
    for (const name of ['all', 'one', 'none'] as const) {
      runner.ends[name] = (attempt) => {
        taken[name] = attempt.artifacts.map(({ job }) => job);
        return exit(0);
      };
    }
    const stage = 'test';
    await run({
      jobs: {
        a: {},
        b: {},
        c: {},
        all: { stage },
        one: { stage, needs: ['b'] },
        none: { stage, dependencies: [] },
      },
    });
    expect(taken).toEqual({ all: ['a', 'b'], one: ['b'], none: [] });
  });

  test('that are gone fail a job before it starts, and no retry helps', async () => {
    const { start, runner, pipelines } = rig();
    runner.ends.build = exit(0, { artifacts: artifacts() });
    runner.hold('wait');
    const pipeline = await start({
      jobs: {
        build: {},
        wait: { needs: ['build'] },
        test: { stage: 'test', retry: onceMore },
        never: { stage: 'test', dependencies: ['wait'] },
      },
    });
    const { end } = await runner.started('wait');
    jobOf(pipeline, 'build').artifacts = undefined;
    end();
    await pipelines.settled(pipeline);
    expect(jobOf(pipeline, 'test')).toMatchObject({
      ...{
        status: 'failed',
        failureReason: 'missing_dependency_failure',
        startedAt: undefined,
        retried: false,
      },
    });
    // One that never had any is no obstacle.
    expect(jobOf(pipeline, 'never').status).toBe('success');
    expect(runner.log).not.toContain('test');
  });

  test('that have expired are kept for the latest pipeline of a branch, where the project says so', async () => {
    const expired = exit(0, { artifacts: artifacts({ expireAt: '2026-01-05T11:00:00.000Z' }) });
    for (const [keep, reason] of [
      [true, undefined],
      [false, 'missing_dependency_failure'],
    ] as const) {
      const { run, runner, project } = rig();
      project.settings.keep_latest_artifact = keep;
      runner.ends.build = expired;
      const pipeline = await run({ jobs: { build: {}, test: { stage: 'test' } } });
      expect(jobOf(pipeline, 'test').failureReason).toBe(reason);
    }
  });
});
