import { describe, expect, test } from 'vitest';
import { triggersRoutes } from '../../../components/twin/api/triggers.ts';
import { addTriggerToken } from '../../../components/twin/world/seed.ts';
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
    {
      user: { username: 'maintainer' },
      variables: [
        { key: 'LEVEL', value: '3', variableType: 'env_var' },
        { key: 'TRIGGER_PAYLOAD', variableType: 'file' },
      ],
    },
  ]);
});

test('all that is sent but the token lies in a file beside the jobs', async () => {
  const { call, at, project, trigger, requests } = await withTrigger();
  const sent = { ref: 'main', inputs: { level: '$HOME' } };
  const { status } = await call('POST', `${at}/trigger/pipeline`, { json: { token: trigger, ...sent } });
  expect(status).toBe(201);
  const [payload] = requests[0]?.variables ?? [];
  expect(payload).toMatchObject({ key: 'TRIGGER_PAYLOAD', variableType: 'file' });
  expect(JSON.parse(payload?.value ?? '')).toEqual({ ...sent, id: String(project.id) });
  expect(JSON.stringify(payload)).not.toContain(trigger);
});

test('the reference may stand in the path and the rest in the query', async () => {
  const { call, at, trigger, requests } = await withTrigger();
  const query = { token: trigger, 'variables[A]': '1' };
  expect((await call('POST', `${at}/ref/topic/trigger/pipeline`, { query })).status).toBe(201);
  expect(requests).toMatchObject([
    { ref: 'topic', variables: [{ key: 'A', value: '1' }, { key: 'TRIGGER_PAYLOAD' }] },
  ]);
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
  // GitLab's own file is no variable of the caller's, and nobody puts another in its place.
  expect(await send({ 'variables[TRIGGER_PAYLOAD]': '1' })).toBe(400);
});

describe('a stolen trigger token', () => {
  const hostile = [
    ...['BASH_ENV', 'ENV', 'NODE_OPTIONS', 'LD_PRELOAD', 'PATH', 'GIT_SSH_COMMAND', 'GIT_CONFIG_COUNT'],
    ...['CI_COMMIT_SHA', 'CI_API_V4_URL', 'CI_CONFIG_PATH', 'CI_PIPELINE_SOURCE', 'TRIGGER_PAYLOAD'],
    ...['PIPEWRIGHT_GITLAB_TOKEN', 'PIPEWRIGHT_SIGNING_KEY', 'PIPEWRIGHT_DISABLED', 'GIT_STRATEGY', 'A'],
  ];
  const forms = {
    'a form': (at: string, token: string, key: string) =>
      [`${at}/trigger/pipeline`, { form: { token, ref: 'main', [`variables[${key}]`]: 'x' } }] as const,
    'the query': (at: string, token: string, key: string) =>
      [`${at}/trigger/pipeline`, { query: { token, ref: 'main', [`variables[${key}]`]: 'x' } }] as const,
    JSON: (at: string, token: string, key: string) =>
      [`${at}/trigger/pipeline`, { json: { token, ref: 'main', variables: { [key]: 'x' } } }] as const,
    'the path': (at: string, token: string, key: string) =>
      [`${at}/ref/main/trigger/pipeline`, { json: { token, variables: { [key]: 'x' } } }] as const,
  };

  test.each(Object.entries(forms))('gives no variable by %s, whoever it belongs to', async (_, form) => {
    const { call, at, tokens, world, project, users, trigger, requests } = await withTrigger();
    project.settings.ci_pipeline_variables_minimum_override_role = 'no_one_allowed';
    const owners = addTriggerToken(world, project, users.owner, 'of the owner').value;
    for (const token of [trigger, owners]) {
      for (const key of hostile) {
        const [path, sent] = form(at, token, key);
        const { status, json } = await call('POST', path, sent);
        expect([key, status]).toEqual([key, 400]);
        const words =
          key === 'TRIGGER_PAYLOAD'
            ? 'Duplicate variable name: TRIGGER_PAYLOAD'
            : 'Insufficient permissions to set pipeline variables';
        expect(json).toEqual({ message: { base: [words] } });
      }
    }
    expect(requests).toHaveLength(2 * hostile.length);
    expect((await call('GET', `${at}/triggers`, { token: tokens.maintainer })).json).toHaveLength(2);
  });

  test.each([
    ['maintainer', 'main', 201],
    ['maintainer', 'topic', 201],
    ['developer', 'main', 400],
    ['developer', 'topic', 201],
    ['reporter', 'topic', 400],
    ['stranger', 'topic', 404],
  ] as const)('of a %s runs %s: %i', async (owner, ref, expected) => {
    const { call, at, world, project, users } = await withTrigger();
    const token = addTriggerToken(world, project, users[owner], 'stolen').value;
    const { status } = await call('POST', `${at}/trigger/pipeline`, { form: { token, ref } });
    expect(status).toBe(expected);
  });

  test('runs nothing but branches and tags that are there', async () => {
    const { call, at, trigger, sha } = await withTrigger();
    for (const ref of [sha, 'refs/merge-requests/1/head', 'nowhere', 'HEAD', '']) {
      const { status } = await call('POST', `${at}/trigger/pipeline`, { form: { token: trigger, ref } });
      expect([ref, status]).toEqual([ref, 400]);
    }
  });

  test('opens nothing else', async () => {
    const { call, at, trigger } = await withTrigger();
    for (const headers of [{ 'private-token': trigger }, { authorization: `Bearer ${trigger}` }]) {
      expect((await call('GET', `${at}/triggers`, { headers })).status).toBe(401);
    }
  });
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
