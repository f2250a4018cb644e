import { expect, test } from 'vitest';
import { triggersRoutes } from '../../../components/twin/api/triggers.ts';
import { addProject } from '../server/harness.ts';
import { addJob, addPipeline, type CiProject, jobTokenOf, startCi } from './ci-project.ts';

async function withTrigger(): Promise<CiProject & { trigger: string }> {
  const ci = await startCi(triggersRoutes);
  const { json } = await ci.call<{ token: string }>('POST', `${ci.at}/triggers`, {
    ...{ token: ci.tokens.maintainer, json: { description: 'from outside' } },
  });
  return { ...ci, trigger: json.token };
}

test('only its owner sees the value of a trigger', async () => {
  const { call, at, tokens, trigger } = await withTrigger();
  const own = await call('GET', `${at}/triggers/1`, { token: tokens.maintainer });
  expect(own.json).toMatchObject({
    token: trigger,
    description: 'from outside',
    owner: { username: 'maintainer' },
  });
  const other = await call('GET', `${at}/triggers`, { token: tokens.owner });
  expect(other.json).toMatchObject([{ token: trigger.slice(0, 4) }]);
  expect((await call('GET', `${at}/triggers`, { token: tokens.developer })).status).toBe(403);
  expect((await call('PUT', `${at}/triggers/1`, { token: tokens.owner, json: {} })).status).toBe(403);
  expect(
    (await call('PUT', `${at}/triggers/1`, { token: tokens.maintainer, json: { description: 'new' } })).json,
  ).toMatchObject({ description: 'new' });
  expect((await call('DELETE', `${at}/triggers/1`, { token: tokens.owner })).status).toBe(204);
  expect((await call('GET', `${at}/triggers/1`, { token: tokens.owner })).status).toBe(404);
});

test('a form starts a pipeline with variables, in the name of its owner', async () => {
  const { call, at, trigger, requests } = await withTrigger();
  const form = { token: trigger, ref: 'main', 'variables[LEVEL]': '3' };
  const { status, json } = await call('POST', `${at}/trigger/pipeline`, { form });
  expect([status, json]).toMatchObject([201, { source: 'trigger', ref: 'main' }]);
  expect(requests).toMatchObject([
    { user: { username: 'maintainer' }, variables: [{ key: 'LEVEL', value: '3', variableType: 'env_var' }] },
  ]);
});

test('the reference may stand in the path and the rest in the query', async () => {
  const { call, at, trigger, requests } = await withTrigger();
  const query = { token: trigger, 'variables[A]': '1' };
  expect((await call('POST', `${at}/ref/topic/trigger/pipeline`, { query })).status).toBe(201);
  expect(requests).toMatchObject([{ ref: 'topic', variables: [{ key: 'A', value: '1' }] }]);
});

test('inputs and variables come as JSON too', async () => {
  const { call, at, trigger, requests } = await withTrigger();
  const json = { token: trigger, ref: '1.0.0', variables: { A: '1' }, inputs: { level: 3 } };
  expect((await call('POST', `${at}/trigger/pipeline`, { json })).json).toMatchObject({ tag: true });
  expect(requests).toMatchObject([{ inputs: { level: 3 } }]);
  const wrong = { ...json, variables: { A: 1 } };
  expect((await call('POST', `${at}/trigger/pipeline`, { json: wrong })).status).toBe(400);
});

test('the setting for variables counts for triggers', async () => {
  const { call, at, trigger, project } = await withTrigger();
  project.settings.ci_pipeline_variables_minimum_override_role = 'no_one_allowed';
  const send = async (form: Record<string, string>) =>
    (await call('POST', `${at}/trigger/pipeline`, { form: { token: trigger, ref: 'topic', ...form } }))
      .status;
  expect(await send({ 'variables[A]': '1' })).toBe(400);
  expect(await send({})).toBe(201);
});

test('a job of another project triggers where it is on the list, as `pipeline`', async () => {
  const { call, at, world, project, users, requests } = await withTrigger();
  const other = addProject(world, { path: 'acme/other', creatorId: users.owner.id });
  const job = addJob(world, addPipeline(world, other, { userId: users.owner.id }), { status: 'running' });
  const form = { token: jobTokenOf(world, job), ref: 'main' };
  expect((await call('POST', `${at}/trigger/pipeline`, { form })).status).toBe(404);
  project.jobTokenAllowlist.add(other.id);
  expect((await call('POST', `${at}/trigger/pipeline`, { form })).json).toMatchObject({ source: 'pipeline' });
  expect(requests).toMatchObject([{ upstreamJobId: job.id, user: { username: 'owner' } }]);
  job.status = 'success';
  expect((await call('POST', `${at}/trigger/pipeline`, { form })).status).toBe(401);
});

test('a job of a project that is not on the list triggers nothing, also where everybody sees the project', async () => {
  const { call, at, world, project, users, requests } = await withTrigger();
  project.visibility = 'public';
  const other = addProject(world, { path: 'acme/other', creatorId: users.owner.id });
  const job = addJob(world, addPipeline(world, other, { userId: users.owner.id }), { status: 'running' });
  const form = { token: jobTokenOf(world, job), ref: 'main' };
  expect(await call('POST', `${at}/trigger/pipeline`, { form })).toMatchObject({
    status: 404,
    json: { message: '404 Project Not Found' },
  });
  expect((await call('POST', `${at}/ref/main/trigger/pipeline`, { form })).status).toBe(404);
  expect(requests).toEqual([]);
  project.settings.ci_job_token_scope_enabled = false;
  expect((await call('POST', `${at}/trigger/pipeline`, { form })).status).toBe(201);
});

test.each([
  [{ token: 'glptt-wrong', ref: 'main' }, 404],
  [{ ref: 'main' }, 400],
])('refuses %j with %i', async (form, status) => {
  const { call, at } = await withTrigger();
  expect(
    (await call('POST', `${at}/trigger/pipeline`, { form: form as Record<string, string> })).status,
  ).toBe(status);
});
