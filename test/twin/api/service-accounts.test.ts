import { expect, test } from 'vitest';
import { serviceAccountsRoutes } from '../../../components/twin/api/service-accounts.ts';
import { usersRoutes } from '../../../components/twin/api/users.ts';
import { startCi } from './ci-project.ts';

const routes = [...serviceAccountsRoutes, ...usersRoutes];

test('a project makes a service account and gives it tokens', async () => {
  const { call, at, tokens, world } = await startCi(routes, { described: true });
  const token = tokens.maintainer;
  const made = await call<{ id: number }>('POST', `${at}/service_accounts`, {
    token,
    json: { name: 'Bot', username: 'bot' },
  });
  expect([made.status, made.json]).toMatchObject([
    201,
    { username: 'bot', name: 'Bot', email: expect.stringContaining('@') },
  ]);
  const one = `${at}/service_accounts/${made.json.id}`;
  const issued = await call<{ id: number; token: string }>('POST', `${one}/personal_access_tokens`, {
    ...{ token, json: { name: 'ci', scopes: ['api'] } },
  });
  expect([issued.status, issued.json]).toMatchObject([
    201,
    { name: 'ci', expires_at: null, user_id: made.json.id },
  ]);
  expect((await call('GET', '/user', { token: issued.json.token })).json).toMatchObject({
    username: 'bot',
    bot: true,
  });
  const rotated = await call<{ id: number; token: string }>(
    'POST',
    `${one}/personal_access_tokens/${issued.json.id}/rotate`,
    { token },
  );
  expect([rotated.status, rotated.json]).toMatchObject([
    201,
    { expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
  ]);
  expect((await call('GET', '/user', { token: issued.json.token })).status).toBe(401);
  const listed = await call('GET', `${one}/personal_access_tokens?state=active`, { token });
  expect(listed.json).toMatchObject([{ id: rotated.json.id }]);
  expect((await call('DELETE', `${one}/personal_access_tokens/${rotated.json.id}`, { token })).status).toBe(
    204,
  );
  expect((await call('PATCH', one, { token, json: { name: 'Robot' } })).json).toMatchObject({
    name: 'Robot',
    username: 'bot',
  });
  expect((await call('GET', `${at}/service_accounts`, { token })).json).toMatchObject([{ name: 'Robot' }]);
  expect((await call('DELETE', one, { token })).status).toBe(204);
  expect(world.users.has(made.json.id)).toBe(false);
});

test('names are unique, and people are no service accounts', async () => {
  const { call, at, tokens, users } = await startCi(routes);
  const token = tokens.maintainer;
  const taken = await call('POST', `${at}/service_accounts`, { token, json: { username: 'Owner' } });
  expect([taken.status, taken.json]).toEqual([
    400,
    { message: '400 Bad request - Username has already been taken' },
  ]);
  expect((await call('DELETE', `${at}/service_accounts/${users.guest.id}`, { token })).status).toBe(404);
  const path = `${at}/service_accounts/${users.owner.id}/personal_access_tokens`;
  expect((await call('POST', path, { token, json: { name: 'x', scopes: ['api'] } })).status).toBe(404);
  expect((await call('GET', `${at}/service_accounts`, { token: tokens.developer })).status).toBe(403);
});
