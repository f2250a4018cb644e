import { expect, test } from 'vitest';
import { jobsRoutes } from '../../../components/twin/api/jobs.ts';
import { addJob, addPipeline, jobTokenOf, startCi, storeArtifacts } from './ci-project.ts';

test('lists jobs of a project and shows one', async () => {
  const { world, project, call, at, tokens } = await startCi(jobsRoutes);
  const pipeline = addPipeline(world, project);
  addJob(world, pipeline, { name: 'one' });
  addJob(world, pipeline, { name: 'two', status: 'failed' });
  const list = await call<{ name: string }[]>('GET', `${at}/jobs`, { token: tokens.guest });
  expect(list.json.map(({ name }) => name)).toEqual(['two', 'one']);
  const failed = await call('GET', `${at}/jobs?scope[]=failed`, { token: tokens.guest });
  expect(failed.json).toMatchObject([{ name: 'two' }]);
  const one = await call('GET', `${at}/jobs/1`, { token: tokens.guest });
  expect(one.json).toMatchObject({
    name: 'one',
    pipeline: { id: pipeline.id },
    tag_list: [],
    runner: { id: 1 },
  });
  expect((await call('GET', `${at}/jobs/9`, { token: tokens.guest })).status).toBe(404);
});

test('the log is text, as long as it is now', async () => {
  const { world, project, call, at, tokens } = await startCi(jobsRoutes);
  const job = addJob(world, addPipeline(world, project), { status: 'running', trace: 'one\n' });
  const path = `${at}/jobs/${job.id}/trace`;
  const first = await call('GET', path, { token: tokens.guest });
  expect([first.text, first.headers.get('content-type')]).toEqual(['one\n', 'text/plain']);
  job.trace += 'two\n';
  expect((await call('GET', path, { token: tokens.guest })).text).toBe('one\ntwo\n');
  expect((await call('GET', `${path}?byte_offset=4&byte_limit=2`, { token: tokens.guest })).text).toBe('tw');
});

test('plays, retries and cancels, each where the state allows it', async () => {
  const { world, project, call, at, tokens, asked } = await startCi(jobsRoutes, { described: true });
  const pipeline = addPipeline(world, project, { ref: 'topic' });
  addJob(world, pipeline, { name: 'deploy', status: 'manual' });
  addJob(world, pipeline, { name: 'test', status: 'failed' });
  const token = tokens.developer;
  const variables = [{ key: 'TARGET', value: 'eu' }];
  const played = await call('POST', `${at}/jobs/1/play`, {
    token,
    json: { job_variables_attributes: variables },
  });
  expect([played.status, played.json]).toMatchObject([200, { id: 1, status: 'pending' }]);
  expect(asked[0]).toBe('play deploy by developer [{"key":"TARGET","value":"eu","variableType":"env_var"}]');
  const again = await call('POST', `${at}/jobs/1/play`, { token });
  expect([again.status, again.json]).toEqual([400, { message: '400 Bad request - Unplayable Job' }]);
  const retried = await call('POST', `${at}/jobs/2/retry`, { token });
  expect([retried.status, retried.json]).toMatchObject([201, { id: 3, name: 'test' }]);
  const refused = await call('POST', `${at}/jobs/3/retry`, { token });
  expect([refused.status, refused.json]).toEqual([403, { message: '403 Forbidden - Job is not retryable' }]);
  expect((await call('POST', `${at}/jobs/1/cancel`, { token })).json).toMatchObject({ status: 'canceled' });
  expect((await call('POST', `${at}/jobs/1/cancel`, { token, json: { force: true } })).status).toBe(403);
  expect((await call('POST', `${at}/jobs/2/play`, { token: tokens.reporter })).status).toBe(403);
});

test('a developer starts nothing on a protected branch or in a protected environment', async () => {
  const { world, project, call, at, tokens } = await startCi(jobsRoutes, { tier: 'premium' });
  const environment = {
    name: 'production',
    action: 'start',
    url: undefined,
    onStop: undefined,
    tier: undefined,
  };
  addJob(world, addPipeline(world, project), { status: 'manual' });
  addJob(world, addPipeline(world, project, { ref: 'topic' }), { status: 'manual', environment });
  expect((await call('POST', `${at}/jobs/1/play`, { token: tokens.developer })).status).toBe(403);
  project.protectedEnvironments.set('production', {
    name: 'production',
    deployLevels: [40],
    requiredApprovals: 0,
  });
  expect((await call('POST', `${at}/jobs/2/play`, { token: tokens.developer })).status).toBe(403);
  expect((await call('POST', `${at}/jobs/2/play`, { token: tokens.maintainer })).status).toBe(200);
});

test('an erased job has neither log nor artifacts', async () => {
  const { world, project, call, at, tokens } = await startCi(jobsRoutes);
  const artifacts = storeArtifacts(world, { 'a.txt': 'a' });
  addJob(world, addPipeline(world, project), { artifacts });
  const path = `${at}/jobs/1/erase`;
  expect((await call('POST', path, { token: tokens.developer })).status).toBe(403);
  const { json } = await call('POST', path, { token: tokens.maintainer });
  expect(json).toMatchObject({ artifacts: [], erased_at: expect.stringContaining('T') });
  const twice = await call('POST', path, { token: tokens.maintainer });
  expect(twice.json).toEqual({ message: '403 Forbidden - Job is not erasable!' });
});

test('a job token knows its own job, and neither its log nor the jobs of older versions', async () => {
  const { world, project, call, at, tokens } = await startCi(jobsRoutes, { version: '18.2.0' });
  const job = addJob(world, addPipeline(world, project), { status: 'running', finishedAt: undefined });
  const jobToken = jobTokenOf(world, job);
  expect((await call('GET', '/job', { jobToken })).json).toMatchObject({ id: job.id, status: 'running' });
  expect((await call('GET', '/job', { token: tokens.owner })).json).toEqual({ message: '404 Job Not Found' });
  expect((await call('GET', '/job')).status).toBe(401);
  expect((await call('GET', `${at}/jobs/${job.id}/trace`, { jobToken })).status).toBe(401);
  expect((await call('GET', `${at}/jobs`, { jobToken })).status).toBe(401);
});

test('inputs of jobs are not modelled, and it says so', async () => {
  const { world, project, call, at, tokens } = await startCi(jobsRoutes);
  addJob(world, addPipeline(world, project), { status: 'manual' });
  const { status, text } = await call('POST', `${at}/jobs/1/play`, {
    ...{ token: tokens.owner, json: { job_inputs: { a: 1 } } },
  });
  expect([status, text]).toEqual([501, expect.stringContaining('job_inputs')]);
});
