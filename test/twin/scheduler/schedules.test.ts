import { expect, test } from 'vitest';
import { createPipelines } from '../../../components/twin/pipelines/pipelines.ts';
import type { PipelineRequest } from '../../../components/twin/ports.ts';
import type { Schedule } from '../../../components/twin/world/pipeline.ts';
import { addProject, addUser } from '../../../components/twin/world/seed.ts';
import { createWorld } from '../../../components/twin/world/world.ts';
import { testContext } from '../../support/cli.ts';
import { fakeRunner, handClock } from './harness.ts';

const hour = 3_600_000;

/** Pipelines that are only asked for: what a schedule starts is the request. */
function scheduled(change: Partial<Schedule> = {}) {
  const clock = handClock();
  const world = createWorld({ folder: '/nowhere', clock });
  const user = addUser(world, { username: 'ada' });
  const project = addProject(world, { path: 'group/project', creatorId: user.id });
  const now = new Date(clock.now()).toISOString();
  const schedule: Schedule = {
    ...{ id: 1, description: 'nightly', ref: 'main', cron: '0 3 * * *', cronTimezone: 'UTC', active: true },
    ...{ ownerId: user.id, variables: [{ key: 'A', value: 'b', variableType: 'env_var' }] },
    ...{ inputs: [{ name: 'level', value: 2 }], createdAt: now, updatedAt: now, lastPipelineId: undefined },
    ...change,
  };
  project.schedules.set(schedule.id, schedule);
  const requests: PipelineRequest[] = [];
  const pipelines = createPipelines({
    ...{ context: testContext('/', { clock }), world, runner: fakeRunner().runner },
    repositories: { resolve: async (_project, ref) => (ref === 'main' ? 'a'.repeat(40) : undefined) },
    lint: async () => ({ valid: true, errors: [], warnings: [], mergedYaml: '', jobs: [] }),
    plan: async (request) => {
      requests.push(request);
      return { ok: false, filtered: true, messages: [] };
    },
    variablesOf: async () => [],
    downstreamRequest: async () => ({ ok: false, reason: 'api_failure', messages: [] }),
  });
  return { clock, user, requests, run: () => pipelines.runDueSchedules(clock.now()) };
}

test('a schedule starts once when its time has come, in its owner’s name', async () => {
  const { clock, run, requests, user } = scheduled();
  await run();
  expect(requests).toEqual([]);
  clock.advance(15 * hour);
  await run();
  await run();
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({
    ...{ ref: 'main', sha: 'a'.repeat(40), source: 'schedule', scheduleId: 1, inputs: { level: 2 }, user },
    variables: [{ key: 'A', value: 'b', variableType: 'env_var' }],
  });
});

test('a schedule that was due several times is made up for once', async () => {
  const { clock, run, requests } = scheduled();
  clock.advance(5 * 24 * hour);
  await run();
  expect(requests).toHaveLength(1);
});

test.each([
  ['is not active', { active: false }],
  ['names a branch that is gone', { ref: 'gone' }],
  ['has an owner that is gone', { ownerId: 99 }],
])('a schedule that %s starts nothing', async (_, change) => {
  const { clock, run, requests } = scheduled(change);
  clock.advance(24 * hour);
  await run();
  expect(requests).toEqual([]);
});
