import { expect, test } from 'vitest';
import { pipelinesRoutes } from '../../../components/twin/api/pipelines.ts';
import { addJob, addPipeline, jobTokenOf, startCi } from './ci-project.ts';

type Listed = { id: number; name: string; status: string; ref: string }[];

test('lists pipelines newest first, by what they are', async () => {
  const { world, project, call, at, tokens, users } = await startCi(pipelinesRoutes);
  addPipeline(world, project, { ref: 'topic', status: 'failed', userId: users.developer.id });
  addPipeline(world, project, { source: 'schedule', name: 'nightly' });
  addPipeline(world, project, { source: 'parent_pipeline' });
  const list = async (query: Record<string, string>) => {
    const { json } = await call<Listed>('GET', `${at}/pipelines`, { token: tokens.reporter, query });
    return json.map(({ id }) => id);
  };
  expect(await list({})).toEqual([2, 1]);
  expect(await list({ sort: 'asc' })).toEqual([1, 2]);
  expect(await list({ ref: 'topic' })).toEqual([1]);
  expect(await list({ status: 'failed', username: 'developer' })).toEqual([1]);
  expect(await list({ scope: 'finished', source: 'schedule', name: 'nightly' })).toEqual([2]);
  expect(await list({ source: 'parent_pipeline' })).toEqual([3]);
  expect(await list({ updated_after: '2999-01-01T00:00:00Z' })).toEqual([]);
});

test('shows a pipeline, its jobs without earlier attempts, and its bridges', async () => {
  const { world, project, call, at, tokens, sha } = await startCi(pipelinesRoutes);
  const pipeline = addPipeline(world, project, { sha });
  const child = addPipeline(world, project, { source: 'parent_pipeline' });
  addJob(world, pipeline, { name: 'test', retried: true, status: 'failed', failureReason: 'script_failure' });
  addJob(world, pipeline, { name: 'test', coverage: 87.5 });
  addJob(world, pipeline, { name: 'child', kind: 'bridge', downstreamPipelineId: child.id });
  addJob(world, pipeline, { name: 'lint', kind: 'status' });
  const token = tokens.reporter;
  const { json } = await call('GET', `${at}/pipelines/${pipeline.id}`, { token });
  expect(json).toMatchObject({
    id: pipeline.id,
    status: 'success',
    coverage: '87.50',
    user: { username: 'owner' },
  });
  const jobs = await call<Listed>('GET', `${at}/pipelines/${pipeline.id}/jobs`, { token });
  expect(jobs.json).toMatchObject([{ name: 'test', coverage: 87.5, commit: { id: sha, title: 'first' } }]);
  const all = await call<Listed>(
    'GET',
    `${at}/pipelines/${pipeline.id}/jobs?include_retried=true&scope[]=failed`,
    { token },
  );
  expect(all.json).toMatchObject([{ name: 'test', failure_reason: 'script_failure' }]);
  const bridges = await call<Listed>('GET', `${at}/pipelines/${pipeline.id}/bridges`, { token });
  expect(bridges.json).toMatchObject([{ name: 'child', downstream_pipeline: { id: child.id } }]);
});

test('starts a pipeline with variables and inputs', async () => {
  const { call, at, tokens, requests, sha } = await startCi(pipelinesRoutes, { described: true });
  const variables = [{ key: 'A', value: '1' }];
  const { status, json } = await call('POST', `${at}/pipeline`, {
    token: tokens.developer,
    json: { ref: 'topic', variables, inputs: { level: 3 } },
  });
  expect([status, json]).toMatchObject([201, { ref: 'topic', source: 'api', sha }]);
  expect(requests).toMatchObject([
    { ref: 'topic', inputs: { level: 3 }, variables: [{ key: 'A', variableType: 'env_var' }] },
  ]);
});

test('refuses pipelines in GitLab words', async () => {
  const refuse = {
    ok: false,
    filtered: true,
    messages: ['Pipeline will not run for the selected trigger.'],
  } as const;
  const { call, at, tokens, project } = await startCi(pipelinesRoutes, { refuse });
  const start = async (token: string, body: object) => {
    const { status, json } = await call<{ message: unknown }>('POST', `${at}/pipeline`, {
      token,
      json: body,
    });
    return [status, json.message];
  };
  expect(await start(tokens.developer, { ref: 'topic' })).toEqual([400, { base: refuse.messages }]);
  expect(await start(tokens.developer, { ref: 'gone' })).toEqual([400, { base: ['Reference not found'] }]);
  const [status, message] = await start(tokens.developer, { ref: 'main' });
  expect(status).toBe(400);
  expect(JSON.stringify(message)).toContain(
    "You do not have sufficient permission to run a pipeline on 'main'.",
  );
  expect(await start(tokens.reporter, { ref: 'topic' })).toEqual([403, '403 Forbidden']);
  project.settings.ci_pipeline_variables_minimum_override_role = 'maintainer';
  const withVariable = { ref: 'topic', variables: [{ key: 'A', value: '1' }] };
  const forbidden = { base: ['Insufficient permissions to set pipeline variables'] };
  expect(await start(tokens.developer, withVariable)).toEqual([400, forbidden]);
});

test('the latest pipeline is that of the tip of the branch', async () => {
  const { world, project, call, at, tokens, sha } = await startCi(pipelinesRoutes);
  addPipeline(world, project, { sha, ref: 'main' });
  addPipeline(world, project, { ref: 'main' });
  const { json } = await call('GET', `${at}/pipelines/latest`, { token: tokens.guest });
  expect(json).toMatchObject({ id: 1 });
  const none = await call('GET', `${at}/pipelines/latest?ref=topic`, { token: tokens.guest });
  expect(none.status).toBe(403);
});

test('retries, cancels, names and deletes, each by who may', async () => {
  const { world, project, call, at, tokens, asked } = await startCi(pipelinesRoutes);
  const { id } = addPipeline(world, project, { status: 'running' });
  const child = addPipeline(world, project, { source: 'parent_pipeline' });
  addJob(world, world.pipelines.get(id) ?? child, { kind: 'bridge', downstreamPipelineId: child.id });
  const status = async (method: string, path: string, token: string, json?: object) =>
    (await call(method, `${at}/pipelines/${id}${path}`, { token, json })).status;
  expect(await status('POST', '/retry', tokens.developer)).toBe(403);
  expect(await status('POST', '/retry', tokens.maintainer)).toBe(201);
  expect(asked).toEqual([`retry pipeline ${id}`]);
  expect(await status('POST', '/cancel', tokens.maintainer)).toBe(200);
  expect(await status('PUT', '/metadata', tokens.maintainer, { name: 'release' })).toBe(200);
  expect(world.pipelines.get(id)).toMatchObject({ status: 'canceled', name: 'release' });
  expect(await status('DELETE', '', tokens.maintainer)).toBe(403);
  expect(await status('DELETE', '', tokens.owner)).toBe(204);
  expect([world.pipelines.size, world.jobs.size]).toEqual([0, 0]);
});

test('variables of a pipeline show to its user and to maintainers', async () => {
  const { world, project, call, at, tokens, users } = await startCi(pipelinesRoutes);
  const variables = [{ key: 'A', value: '1', variableType: 'env_var' as const }];
  const { id } = addPipeline(world, project, { variables, userId: users.owner.id });
  const path = `${at}/pipelines/${id}/variables`;
  expect((await call('GET', path, { token: tokens.developer })).status).toBe(403);
  const { json } = await call('GET', path, { token: tokens.maintainer });
  expect(json).toEqual([{ variable_type: 'env_var', key: 'A', value: '1', raw: false }]);
});

test.each([
  ['18.5.0', 404],
  ['19.0.0', 200],
])('a job token lists pipelines in %s: %i', async (version, expected) => {
  const { world, project, call, at, users } = await startCi(pipelinesRoutes, { version });
  const pipeline = addPipeline(world, project, { status: 'running', userId: users.developer.id });
  const jobToken = jobTokenOf(world, addJob(world, pipeline, { status: 'running' }));
  expect((await call('GET', `${at}/pipelines`, { jobToken })).status).toBe(expected);
  expect((await call('GET', `${at}/pipelines/${pipeline.id}/jobs`, { jobToken })).status).toBe(200);
});

test('strangers see nothing, and there is nothing where nothing is', async () => {
  const { call, at, tokens } = await startCi(pipelinesRoutes);
  expect((await call('GET', `${at}/pipelines`, { token: tokens.stranger })).status).toBe(404);
  expect((await call('POST', `${at}/pipeline`, { json: { ref: 'main' } })).status).toBe(401);
  expect((await call('GET', `${at}/pipelines/99`, { token: tokens.owner })).status).toBe(404);
});
