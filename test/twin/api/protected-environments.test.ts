import { expect, test } from 'vitest';
import { protectedEnvironmentsRoutes } from '../../../components/twin/api/protected-environments.ts';
import { startCi } from './ci-project.ts';

const rule = { name: 'production', deploy_access_levels: [{ access_level: 40 }], required_approval_count: 1 };

test('an environment is protected by roles', async () => {
  const { call, at, tokens, project } = await startCi(protectedEnvironmentsRoutes, {
    tier: 'premium',
    described: true,
  });
  const token = tokens.maintainer;
  const path = `${at}/protected_environments`;
  const made = await call('POST', path, { token, json: rule });
  const level = { access_level: 40, access_level_description: 'Maintainers' };
  expect([made.status, made.json]).toMatchObject([
    201,
    { deploy_access_levels: [level], required_approval_count: 1 },
  ]);
  expect((await call('POST', path, { token, json: rule })).status).toBe(409);
  await call('PUT', `${path}/production`, { token, json: { deploy_access_levels: [{ access_level: 30 }] } });
  expect(project.protectedEnvironments.get('production')).toMatchObject({
    deployLevels: [30],
    requiredApprovals: 1,
  });
  expect((await call('GET', path, { token })).json).toMatchObject([{ name: 'production' }]);
  expect((await call('DELETE', `${path}/production`, { token })).status).toBe(204);
  expect((await call('GET', `${path}/production`, { token })).status).toBe(404);
});

test('without a role it is refused, and rules of single users are not modelled', async () => {
  const { call, at, tokens } = await startCi(protectedEnvironmentsRoutes, { tier: 'premium' });
  const send = async (json: object, token = tokens.maintainer) =>
    (await call('POST', `${at}/protected_environments`, { token, json })).status;
  expect(await send({ ...rule, deploy_access_levels: [] })).toBe(422);
  expect(await send({ ...rule, deploy_access_levels: [{ user_id: 1 }] })).toBe(501);
  expect(await send(rule, tokens.developer)).toBe(403);
});

test('Free has none', async () => {
  const { call, at, tokens } = await startCi(protectedEnvironmentsRoutes);
  expect((await call('GET', `${at}/protected_environments`, { token: tokens.owner })).status).toBe(404);
});
