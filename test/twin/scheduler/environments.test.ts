import { describe, expect, test } from 'vitest';
import { stopJobOf } from '../../../components/twin/pipelines/scheduler/environments.ts';
import { accessLevels } from '../../../components/twin/world/people.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import { addUser } from '../../../components/twin/world/seed.ts';
import { exit, jobOf, rig } from './harness.ts';

const only = <T>(all: ReadonlyMap<number, T>): T => {
  const [first, ...others] = all.values();
  if (first === undefined || others.length > 0) throw new Error(`${all.size} instead of one`);
  return first;
};

test('a deployment follows its job; the environment gets the URL with what the job said', async () => {
  const { start, runner, pipelines, project } = rig();
  runner.hold('deploy');
  const url = 'https://$HOST/app';
  const pipeline = await start({
    jobs: { build: {}, deploy: { stage: 'deploy', environment: { name: 'review/topic', url } } },
  });
  const { end } = await runner.started('deploy');
  expect(only(project.environments)).toMatchObject({
    ...{ name: 'review/topic', state: 'available', tier: 'development', externalUrl: undefined },
  });
  expect(only(project.environments).slug).toMatch(/^review-topic-[a-z0-9]{6}$/);
  expect(only(project.deployments)).toMatchObject({ status: 'running', sha: pipeline.sha, iid: 1 });
  end(exit(0, { dotenv: [{ key: 'HOST', value: 'topic.example.com' }] }));
  await pipelines.settled(pipeline);
  expect(only(project.deployments).status).toBe('success');
  expect(only(project.environments).externalUrl).toBe('https://topic.example.com/app');
});

test.each([
  [exit(1), 'failed'],
  [{ kind: 'lost' }, 'failed'],
] as const)('a deployment whose job fails has failed', async (end, status) => {
  const { run, runner, project } = rig();
  runner.ends.deploy = end;
  await run({ jobs: { deploy: { environment: {} } } });
  expect(only(project.deployments).status).toBe(status);
});

test('a skipped job leaves a skipped deployment, a manual one a created one', async () => {
  const { run, runner, project } = rig();
  runner.ends.build = exit(1);
  await run({ jobs: { build: {}, deploy: { stage: 'deploy', environment: {} } } });
  await run({ jobs: { deploy: { when: 'manual', environment: {} } } });
  expect([...project.deployments.values()].map(({ status }) => status)).toEqual(['skipped', 'created']);
});

test('the job it names stops an environment, without a deployment; the next deployment opens it again', async () => {
  const { run, pipelines, project, world, user } = rig();
  const jobs = {
    deploy: { environment: { onStop: 'stop' } },
    stop: { when: 'manual', environment: { action: 'stop' } },
  } as const;
  const pipeline = await run({ jobs });
  const environment = only(project.environments);
  const stop = stopJobOf(world, project, environment);
  if (stop === undefined) throw new Error('nothing stops it');
  await pipelines.play(stop, user, []);
  await pipelines.settled(pipeline);
  expect(environment.state).toBe('stopped');
  expect(project.deployments.size).toBe(1);
  await run({ jobs });
  expect(environment.state).toBe('available');
});

test('an older deployment does not overwrite a newer one', async () => {
  const { run, pipelines, project, user } = rig();
  const older = await run({ jobs: { deploy: { when: 'manual', environment: {} } } });
  await run({ jobs: { deploy: { environment: {} } } }, { sha: 'b'.repeat(40) });
  expect(project.deployments.size).toBe(2);
  expect(await pipelines.play(jobOf(older, 'deploy'), user, [])).toBeUndefined();
});

describe('a protected environment (Premium)', () => {
  const protect = (project: Project, requiredApprovals: number) =>
    project.protectedEnvironments.set('production', {
      ...{ name: 'production', deployLevels: [accessLevels.maintainer], requiredApprovals },
    });
  const jobs = { deploy: { environment: {} } };

  test('fails the job of somebody who may not deploy to it, and lets them play nothing', async () => {
    const { run, project, world, pipelines } = rig({ tier: 'premium' });
    const developer = addUser(world, { username: 'dev' });
    project.members.set(developer.id, accessLevels.developer);
    protect(project, 0);
    const pipeline = await run({ jobs }, { user: developer });
    expect(jobOf(pipeline, 'deploy').failureReason).toBe('protected_environment_failure');
    const manual = await run({ jobs: { deploy: { when: 'manual', environment: {} } } });
    expect(await pipelines.play(jobOf(manual, 'deploy'), developer, [])).toBeUndefined();
  });

  test('waits for the approvals it needs', async () => {
    const { run, project, pipelines, user } = rig({ tier: 'premium' });
    protect(project, 1);
    const pipeline = await run({ jobs });
    const job = jobOf(pipeline, 'deploy');
    expect(job.status).toBe('manual');
    expect(only(project.deployments).status).toBe('blocked');
    expect(await pipelines.play(job, user, [])).toBeUndefined();
    only(project.deployments).approvals.push({ userId: user.id, status: 'approved', comment: '' });
    pipelines.touch(pipeline);
    await pipelines.settled(pipeline);
    expect(only(project.deployments).status).toBe('success');
  });

  test('is like any other on Free', async () => {
    const { run, project } = rig();
    protect(project, 1);
    expect((await run({ jobs })).status).toBe('success');
  });
});
