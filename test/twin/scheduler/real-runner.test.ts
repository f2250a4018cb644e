import { expect, onTestFinished, test } from 'vitest';
import { createPipelines } from '../../../components/twin/pipelines/pipelines.ts';
import { createRunner } from '../../../components/twin/pipelines/runner/runner.ts';
import { testContext } from '../../support/cli.ts';
import { testMachine } from '../harness.ts';
import { makePlace } from '../pipelines/harness.ts';
import { jobOf, statuses } from './harness.ts';

const yaml = `
build:
  stage: build
  script:
    - echo "VERSION=1.2" > build.env
    - echo built > result.txt
  artifacts:
    paths: [result.txt]
    reports: { dotenv: build.env }
flaky:
  stage: test
  retry: { max: 1, exit_codes: [7] }
  script: [exit 7]
  allow_failure: true
test:
  stage: test
  script:
    - test "$(cat result.txt)" = built
    - echo "version $VERSION"
deploy:
  stage: deploy
  when: manual
  environment: { name: production, url: "https://$HOST" }
  script: [echo "HOST=live.example.com" > deploy.env]
  artifacts: { reports: { dotenv: deploy.env } }
hang:
  stage: deploy
  when: manual
  script: [echo waiting, sleep 600]
`;

test('a pipeline of a real configuration runs with the real runner from push to deployment', async () => {
  const place = makePlace();
  const { world, repositories, factory, alice } = place;
  const context = testContext(world.folder);
  const runner = createRunner(context, testMachine(), world, repositories, { graceSeconds: 1 });
  const said = Promise.withResolvers<void>();
  const errors: unknown[] = [];
  const pipelines = createPipelines({
    ...{ context, world, repositories },
    runner: {
      ...runner,
      run: (attempt, stop, trace) =>
        runner.run(attempt, stop, (text) => {
          trace(text);
          if (/^waiting$/m.test(attempt.job.trace)) said.resolve();
        }),
    },
    lint: factory.lint,
    plan: async (request) => {
      const made = await factory.create(request);
      return made.ok ? { ok: true, pipeline: made.planned.pipeline, planned: made.planned } : made;
    },
    variablesOf: (planned, job, spec, given) =>
      factory.variables(planned, spec, job, { ...given, idTokens: {} }),
    downstreamRequest: async (job, spec, planned, dotenv) => {
      const asked = await factory.downstream(planned, spec, job, dotenv);
      return asked.ok ? asked : { ...asked, messages: [asked.message] };
    },
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => pipelines.close());
  const project = await place.project({ '.gitlab-ci.yml': yaml });
  const created = await pipelines.create(await place.request(project));
  if (!created.ok) throw new Error(created.messages.join());
  const { pipeline } = created;
  await pipelines.settled(pipeline);
  expect(statuses(pipeline)).toBe('build success, test success, deploy manual, hang manual, flaky failed');
  expect(pipeline.status).toBe('success');
  expect(pipeline.jobs.filter(({ name }) => name === 'flaky').map(({ exitCode }) => exitCode)).toEqual([
    7, 7,
  ]);
  expect(jobOf(pipeline, 'test').trace).toContain('version 1.2');

  await pipelines.play(jobOf(pipeline, 'deploy'), alice, []);
  const hanging = await pipelines.play(jobOf(pipeline, 'hang'), alice, []);
  if (hanging === undefined) throw new Error('it cannot be played');
  await said.promise;
  expect(await pipelines.cancel(hanging)).toBe(true);
  await pipelines.settled(pipeline);
  expect(hanging.status).toBe('canceled');
  expect([...project.environments.values()]).toMatchObject([
    { name: 'production', externalUrl: 'https://live.example.com', tier: 'production' },
  ]);
  expect(errors).toEqual([]);
}, 120_000);
