import { expect, test } from 'vitest';
import { deploymentsRoutes } from '../../../components/twin/api/deployments.ts';
import { environmentsRoutes } from '../../../components/twin/api/environments.ts';
import { nextIid, timeOf } from '../../../components/twin/world/world.ts';
import { addJob, addPipeline, jobTokenOf, startCi } from './ci-project.ts';

const routes = [...environmentsRoutes, ...deploymentsRoutes];

test('an environment is made, found, changed, stopped and deleted', async () => {
  const { call, at, tokens } = await startCi(routes, { described: true });
  const token = tokens.developer;
  const made = await call('POST', `${at}/environments`, {
    token,
    json: { name: 'review/topic', external_url: 'https://x.example' },
  });
  expect([made.status, made.json]).toMatchObject([201, { id: 1, state: 'available', tier: 'development' }]);
  expect((await call('POST', `${at}/environments`, { token, json: { name: 'review/topic' } })).json).toEqual({
    message: { name: ['has already been taken'] },
  });
  expect((await call('POST', `${at}/environments`, { token, json: { name: '/x' } })).status).toBe(400);
  expect((await call('GET', `${at}/environments?search=review`, { token })).json).toMatchObject([{ id: 1 }]);
  expect((await call('GET', `${at}/environments?name=review`, { token })).json).toEqual([]);
  expect(
    (await call('PUT', `${at}/environments/1`, { token, json: { tier: 'staging' } })).json,
  ).toMatchObject({ tier: 'staging' });
  expect((await call('DELETE', `${at}/environments/1`, { token })).status).toBe(403);
  expect((await call('POST', `${at}/environments/1/stop`, { token })).json).toMatchObject({
    state: 'stopped',
  });
  expect((await call('DELETE', `${at}/environments/1`, { token })).status).toBe(204);
});

test('stopping plays the job that the last deployment named for it', async () => {
  const { call, at, tokens, world, project, asked, sha } = await startCi(routes);
  await call('POST', `${at}/environments`, { token: tokens.owner, json: { name: 'review' } });
  const pipeline = addPipeline(world, project, { ref: 'topic' });
  const environment = { name: 'review', action: 'start', url: undefined, onStop: 'halt', tier: undefined };
  const job = addJob(world, pipeline, { name: 'deploy', environment });
  addJob(world, pipeline, {
    name: 'halt',
    status: 'manual',
    environment: { ...environment, action: 'stop' },
  });
  const now = timeOf(world);
  project.deployments.set(1, {
    ...{ id: 1, iid: nextIid(project, 'deployment'), environmentId: 1, ref: 'topic', tag: false, sha },
    ...{ userId: 1, jobId: job.id, status: 'success', createdAt: now, updatedAt: now, approvals: [] },
  });
  const shown = await call('GET', `${at}/environments/1`, { token: tokens.reporter });
  expect(shown.json).toMatchObject({ last_deployment: { deployable: { name: 'deploy' } } });
  const stopped = await call('POST', `${at}/environments/1/stop`, { token: tokens.developer });
  expect([stopped.json, asked]).toMatchObject([{ state: 'stopping' }, ['play halt by developer []']]);
});

test('a deployment is made by the API with its environment, and goes on to its end', async () => {
  const { call, at, tokens, sha } = await startCi(routes, { described: true });
  const token = tokens.developer;
  const json = { environment: 'production', sha, ref: 'main', tag: false, status: 'running' };
  const made = await call('POST', `${at}/deployments`, { token, json });
  expect([made.status, made.json]).toMatchObject([
    201,
    { iid: 1, environment: { name: 'production' }, approvals: [] },
  ]);
  expect(
    (await call('PUT', `${at}/deployments/1`, { token, json: { status: 'success' } })).json,
  ).toMatchObject({ status: 'success' });
  expect((await call('PUT', `${at}/deployments/1`, { token, json: { status: 'failed' } })).status).toBe(400);
  expect(
    (await call('GET', `${at}/deployments?environment=production&status=success`, { token })).json,
  ).toMatchObject([{ id: 1 }]);
  expect((await call('GET', `${at}/deployments?status=failed`, { token })).json).toEqual([]);
  const inUse = await call('DELETE', `${at}/deployments/1`, { token: tokens.maintainer });
  expect([inUse.status, inUse.json]).toEqual([
    400,
    { message: 'Deployment currently deployed to environment' },
  ]);
  const unknown = await call('POST', `${at}/deployments`, { token, json: { ...json, sha: 'f'.repeat(40) } });
  expect(unknown.status).toBe(400);
});

test('a deployment of a job is not to be changed from outside', async () => {
  const { call, at, tokens, world, project, sha } = await startCi(routes);
  const job = addJob(world, addPipeline(world, project));
  const now = timeOf(world);
  project.deployments.set(1, {
    ...{ id: 1, iid: 1, environmentId: 1, ref: 'main', tag: false, sha, userId: 1, jobId: job.id },
    ...{ status: 'running', createdAt: now, updatedAt: now, approvals: [] },
  });
  const { status } = await call('PUT', `${at}/deployments/1`, {
    token: tokens.owner,
    json: { status: 'success' },
  });
  expect(status).toBe(403);
});

test('approvals are Premium, by others than who deploys, and the scheduler looks again', async () => {
  const approve = async (tier: 'free' | 'premium', person: 'owner' | 'maintainer') => {
    const { call, at, tokens, world, project, users, sha, asked } = await startCi(routes, { tier });
    const job = addJob(world, addPipeline(world, project), { status: 'manual' });
    const now = timeOf(world);
    project.deployments.set(1, {
      ...{
        id: 1,
        iid: 1,
        environmentId: 1,
        ref: 'main',
        tag: false,
        sha,
        userId: users.owner.id,
        jobId: job.id,
      },
      ...{ status: 'blocked', createdAt: now, updatedAt: now, approvals: [] },
    });
    const json = { status: 'approved', comment: 'go' };
    const { status } = await call('POST', `${at}/deployments/1/approval`, { token: tokens[person], json });
    return [status, project.deployments.get(1)?.approvals.length, asked];
  };
  expect(await approve('free', 'maintainer')).toEqual([404, 0, []]);
  expect(await approve('premium', 'owner')).toEqual([400, 0, []]);
  expect(await approve('premium', 'maintainer')).toEqual([201, 1, ['look at pipeline 1']]);
});

test('a job token reads and writes environments and deployments; readers do not write', async () => {
  const { call, at, tokens, world, project, users, sha } = await startCi(routes);
  const pipeline = addPipeline(world, project, { userId: users.developer.id });
  const jobToken = jobTokenOf(world, addJob(world, pipeline, { status: 'running' }));
  const json = { environment: 'production', sha, ref: 'main', tag: false, status: 'success' };
  expect((await call('POST', `${at}/deployments`, { jobToken, json })).status).toBe(201);
  expect((await call('GET', `${at}/environments`, { jobToken })).json).toMatchObject([
    { name: 'production' },
  ]);
  expect((await call('POST', `${at}/deployments`, { token: tokens.reporter, json })).status).toBe(403);
  expect((await call('GET', `${at}/environments`, { token: tokens.guest })).status).toBe(403);
  expect((await call('GET', `${at}/deployments`)).status).toBe(401);
});
