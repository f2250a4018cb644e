import { describe, expect, test } from 'vitest';
import type { Scope } from '../../../components/twin/world/people.ts';
import { type Api, type ApiOptions, addPersonalToken, addProject, addUser, startApi } from './harness.ts';
import { jobToken, triggerToken } from './people.ts';
import { echo, ofProject } from './routes.ts';

const routes = [
  echo('GET', '/user', { role: 'user', scope: 'read_user' }),
  echo('POST', '/todo', { role: 'user' }),
  echo('GET', '/metadata', { role: 'user', scope: 'none' }),
  echo('GET', '/job', { role: 'user', jobToken: true }),
  echo('GET', '/newer', { role: 'user', jobToken: { since: '18.3' } }),
  echo('GET', '/paid', { role: 'user', jobToken: { tier: 'premium' } }),
  ofProject('GET', '/projects/:id', { role: 'anyone' }),
  ofProject('POST', '/projects/:id/trigger/pipeline', { role: 'anyone', triggerToken: true }),
];

async function withAda(options: Partial<ApiOptions> = {}) {
  const api = await startApi({ routes, ...options });
  const ada = addUser(api.world, { username: 'ada' });
  const project = addProject(api.world, { path: 'ada/tool', creatorId: ada.id });
  const tokenOf = (...scopes: Scope[]) => addPersonalToken(api.world, { userId: ada.id, scopes });
  return { ...api, ada, project, tokenOf };
}

describe('a personal token comes', () => {
  const ways: [string, (call: Api['call'], token: string) => ReturnType<Api['call']>][] = [
    ['as PRIVATE-TOKEN', (call, token) => call('POST', '/todo', { token })],
    [
      'as a bearer',
      (call, token) => call('POST', '/todo', { headers: { authorization: `Bearer ${token}` } }),
    ],
    ['in the query', (call, token) => call('POST', '/todo', { query: { private_token: token } })],
    ['in a form', (call, token) => call('POST', '/todo', { form: { private_token: token } })],
    ['in JSON', (call, token) => call('POST', '/todo', { json: { private_token: token } })],
  ];
  test.each(ways)('%s', async (_, ask) => {
    const { call, tokenOf, journal } = await withAda();
    const token = tokenOf('api').value;
    expect(await ask(call, token)).toMatchObject({ status: 200, json: { user: 'ada' } });
    expect(JSON.stringify(journal.entries)).not.toContain(token);
  });
});

test('who shows nothing, or what nobody has, is not let in', async () => {
  const { call } = await withAda();
  const unauthorized = { status: 401, json: { message: '401 Unauthorized' } };
  expect(await call('GET', '/user')).toMatchObject(unauthorized);
  expect(await call('GET', '/user', { token: 'glpat-unknown' })).toMatchObject(unauthorized);
  expect(await call('GET', '/job', { jobToken: 'glcbt-64_unknown' })).toMatchObject(unauthorized);
});

test('a token that is over says why', async () => {
  const { call, world, ada, tokenOf } = await withAda();
  const revoked = tokenOf('api');
  revoked.revoked = true;
  const today = new Date().toISOString().slice(0, 10);
  const expired = addPersonalToken(world, { userId: ada.id, scopes: ['api'], expiresAt: today });
  expect(await call('GET', '/user', { token: revoked.value })).toMatchObject({
    status: 401,
    json: {
      error: 'invalid_token',
      error_description: 'Token was revoked. You have to re-authorize from the user.',
    },
  });
  expect(await call('GET', '/user', { token: expired.value })).toMatchObject({
    status: 401,
    json: {
      error: 'invalid_token',
      error_description: 'Token is expired. You can either do re-authorization or token refresh.',
    },
  });
});

describe('a scope', () => {
  test.each([
    ['read_api', 'GET', '/user', 200],
    ['read_api', 'POST', '/todo', 403],
    ['read_user', 'GET', '/user', 200],
    ['read_user', 'GET', '/projects/1', 403],
    ['read_repository', 'GET', '/projects/1', 403],
    ['read_repository', 'GET', '/metadata', 200],
    ['api', 'POST', '/todo', 200],
  ] as const)('%s for %s %s: %i', async (scope, method, path, status) => {
    const { call, tokenOf } = await withAda();
    expect((await call(method, path, { token: tokenOf(scope).value })).status).toBe(status);
  });

  test('that is not enough is told', async () => {
    const { call, tokenOf } = await withAda();
    expect((await call('POST', '/todo', { token: tokenOf('read_api').value })).json).toEqual({
      error: 'insufficient_scope',
      error_description: 'The request requires higher privileges than provided by the access token.',
      scope: 'api read_api',
    });
  });
});

test('a blocked user is told so', async () => {
  const { call, ada, tokenOf, journal } = await withAda();
  ada.state = 'blocked';
  expect(await call('GET', '/user', { token: tokenOf('api').value })).toMatchObject({
    status: 403,
    json: { message: '403 Forbidden - Your account has been blocked.' },
  });
  expect(journal.entries).toMatchObject([{ status: 403, actor: { username: 'ada' } }]);
});

describe('a job token', () => {
  test('is its user while the job runs, and nothing after', async () => {
    const { call, world, project, ada, journal } = await withAda();
    const running = jobToken(world, project, ada);
    const bearer = { headers: { authorization: `Bearer ${running}` } };
    for (const how of [{ jobToken: running }, { query: { job_token: running } }, bearer])
      expect(await call('GET', '/job', how)).toMatchObject({ status: 200, json: { user: 'ada' } });
    expect(journal.entries[0]?.actor).toEqual({ username: 'ada', token: 'job' });

    const over = jobToken(world, project, ada, 'success');
    expect((await call('GET', '/job', { jobToken: over })).status).toBe(401);
  });

  test('is as if none were sent where a route does not take it', async () => {
    const { call, world, project, ada } = await withAda();
    const token = jobToken(world, project, ada);
    expect((await call('GET', '/user', { jobToken: token })).status).toBe(401);
    expect(await call('GET', `/projects/${project.id}`, { jobToken: token })).toMatchObject({
      status: 404,
      json: { message: '404 Project Not Found' },
    });
    project.visibility = 'public';
    expect(await call('GET', `/projects/${project.id}`, { jobToken: token })).toMatchObject({
      status: 200,
      json: { user: null },
    });
  });

  test('is no personal token', async () => {
    const { call, world, project, ada } = await withAda();
    const token = jobToken(world, project, ada);
    expect((await call('GET', '/job', { token })).status).toBe(401);
  });

  test.each([
    ['/newer', { version: '18.2.5' }, 401],
    ['/newer', { version: '18.3.0' }, 200],
    ['/newer', { version: '19.0.0' }, 200],
    ['/paid', { tier: 'free' }, 401],
    ['/paid', { tier: 'ultimate' }, 200],
  ] as const)('comes in at %s of %j: %i', async (path, instance, status) => {
    const { call, world, project, ada } = await withAda(instance);
    expect((await call('GET', path, { jobToken: jobToken(world, project, ada) })).status).toBe(status);
  });
});

describe('a trigger token', () => {
  test('is its owner at triggers of its project, and nothing elsewhere', async () => {
    const { call, world, project, ada } = await withAda();
    const other = addProject(world, { path: 'ada/other', creatorId: ada.id });
    const token = triggerToken(world, project, ada);
    const form = { token, ref: 'main' };
    expect(await call('POST', `/projects/${project.id}/trigger/pipeline`, { form })).toMatchObject({
      status: 200,
      json: { user: 'ada', token: 'trigger' },
    });
    expect((await call('POST', `/projects/${other.id}/trigger/pipeline`, { form })).status).toBe(404);
    expect((await call('GET', `/projects/${project.id}`, { token })).status).toBe(401);
    expect((await call('GET', '/user', { query: { token } })).status).toBe(401);
  });

  test('may be a job token, must be there, and must be known', async () => {
    const { call, world, project, ada } = await withAda();
    const path = `/projects/${project.id}/trigger/pipeline`;
    const token = jobToken(world, project, ada);
    expect(await call('POST', path, { form: { token } })).toMatchObject({ json: { token: 'job' } });
    expect(await call('POST', path)).toMatchObject({ status: 400, json: { error: 'token is missing' } });
    expect(await call('POST', path, { form: { token: 'glptt-unknown' } })).toMatchObject({
      status: 404,
      json: { message: '404 Not Found' },
    });
  });
});
