import { expect, test } from 'vitest';
import { accessTokensRoutes } from '../../../components/twin/api/access-tokens.ts';
import { usersRoutes } from '../../../components/twin/api/users.ts';
import { addPersonalToken } from '../server/harness.ts';
import { startCi } from './ci-project.ts';

const routes = [...accessTokensRoutes, ...usersRoutes];
const tomorrow = new Date(Date.now() + 36 * 3_600_000).toISOString().slice(0, 10);

test('a token knows itself, whatever it may', async () => {
  const { call, world, users } = await startCi(routes);
  const { value } = addPersonalToken(world, {
    userId: users.guest.id,
    name: 'bot',
    scopes: ['read_registry'],
  });
  const { json } = await call('GET', '/personal_access_tokens/self', { token: value });
  expect(json).toMatchObject({
    name: 'bot',
    scopes: ['read_registry'],
    active: true,
    user_id: users.guest.id,
  });
  expect((await call('POST', '/personal_access_tokens/self/rotate', { token: value })).status).toBe(403);
  expect((await call('DELETE', '/personal_access_tokens/self', { token: value })).status).toBe(204);
  expect((await call('GET', '/personal_access_tokens/self', { token: value })).status).toBe(401);
  expect((await call('GET', '/personal_access_tokens/self')).status).toBe(401);
});

test('a rotated token ends at once, and its successor does what it did', async () => {
  const { call, world, users } = await startCi(routes);
  const { value } = addPersonalToken(world, { userId: users.owner.id, scopes: ['read_user', 'self_rotate'] });
  const rotated = await call<{ token: string }>('POST', '/personal_access_tokens/self/rotate', {
    ...{ token: value, json: { expires_at: tomorrow } },
  });
  expect([rotated.status, rotated.json]).toMatchObject([200, { expires_at: tomorrow, revoked: false }]);
  expect((await call('GET', '/user', { token: value })).status).toBe(401);
  expect((await call('GET', '/user', { token: rotated.json.token })).json).toMatchObject({
    username: 'owner',
  });
});

test('a project access token is a bot of that project', async () => {
  const { call, at, tokens, project, world } = await startCi(routes, { described: true });
  const token = tokens.maintainer;
  const json = { name: 'notes', scopes: ['api'], access_level: 30, expires_at: tomorrow };
  const made = await call<{ id: number; token: string; user_id: number }>('POST', `${at}/access_tokens`, {
    token,
    json,
  });
  expect([made.status, made.json]).toMatchObject([
    201,
    { access_level: 30, resource_type: 'project', resource_id: project.id },
  ]);
  expect((await call('GET', '/user', { token: made.json.token })).json).toMatchObject({
    name: 'notes',
    bot: true,
  });
  expect((await call('GET', `${at}/access_tokens`, { token })).text).not.toContain(made.json.token);
  const rotated = await call<{ token: string; id: number }>(
    'POST',
    `${at}/access_tokens/${made.json.id}/rotate`,
    { token },
  );
  expect([rotated.status, rotated.json]).toMatchObject([200, { user_id: made.json.user_id }]);
  const again = await call<{ id: number }>('POST', `${at}/access_tokens/self/rotate`, {
    token: rotated.json.token,
  });
  expect([again.status, again.json]).toMatchObject([200, { access_level: 30 }]);
  expect((await call('GET', `${at}/access_tokens?state=active`, { token })).json).toMatchObject([
    { id: again.json.id },
  ]);
  expect((await call('DELETE', `${at}/access_tokens/${again.json.id}`, { token })).status).toBe(204);
  expect([project.members.has(made.json.user_id), world.users.has(made.json.user_id)]).toEqual([false, true]);
});

test.each([
  [{ scopes: ['everything'] }, 400],
  [{ scopes: [] }, 400],
  [{ scopes: ['api'], expires_at: '2020-01-01' }, 400],
  [{ scopes: ['api'], expires_at: '2999-01-01' }, 400],
  [{ scopes: ['api'], access_level: 50 }, 400],
  [{ scopes: ['api'], access_level: 31 }, 400],
])('refuses a token with %j', async (change, status) => {
  const { call, at, tokens } = await startCi(routes);
  const json = { name: 'x', ...change };
  expect((await call('POST', `${at}/access_tokens`, { token: tokens.maintainer, json })).status).toBe(status);
});

test('tokens are for maintainers', async () => {
  const { call, at, tokens } = await startCi(routes);
  expect((await call('GET', `${at}/access_tokens`, { token: tokens.developer })).status).toBe(403);
  expect((await call('POST', `${at}/access_tokens/self/rotate`, { token: tokens.owner })).status).toBe(405);
});

test('users are found by name and number', async () => {
  const { call, users, tokens } = await startCi(routes);
  const token = tokens.guest;
  expect((await call('GET', '/users?username=Developer', { token })).json).toMatchObject([
    { id: users.developer.id },
  ]);
  expect((await call('GET', '/users?username=nobody', { token })).json).toEqual([]);
  expect((await call('GET', `/users/${users.owner.id}`, { token })).json).toMatchObject({
    username: 'owner',
  });
  expect((await call('GET', `/users/${users.owner.id}`, { token })).json).not.toHaveProperty('email');
  expect((await call('GET', '/users/999', { token })).json).toEqual({ message: '404 User Not Found' });
  expect((await call('GET', '/user')).status).toBe(401);
});
