import { expect, test } from 'vitest';
import { variablesRoutes } from '../../../components/twin/api/variables.ts';
import { startCi } from './ci-project.ts';

test('a variable is made, read, changed and deleted', async () => {
  const { call, at, tokens, project } = await startCi(variablesRoutes);
  const token = tokens.maintainer;
  const made = await call('POST', `${at}/variables`, { token, json: { key: 'A', value: '1' } });
  const unset = { variable_type: 'env_var', hidden: false, protected: false, masked: false, raw: false };
  expect([made.status, made.json]).toEqual([
    201,
    { ...unset, key: 'A', value: '1', environment_scope: '*', description: null },
  ]);
  const changed = await call('PUT', `${at}/variables/A`, { token, form: { value: '2', protected: 'true' } });
  expect(changed.json).toMatchObject({ value: '2', protected: true });
  expect((await call('GET', `${at}/variables`, { token })).json).toMatchObject([{ key: 'A', value: '2' }]);
  expect((await call('DELETE', `${at}/variables/A`, { token })).status).toBe(204);
  expect(project.variables).toEqual([]);
  expect((await call('GET', `${at}/variables/A`, { token })).json).toEqual({
    message: '404 Variable Not Found',
  });
});

test.each([
  [{ key: 'A', value: 'short', masked: true }, { value: ['is invalid'] }],
  [{ key: 'A', value: 'two lines\nof text', masked: true, raw: true }, { value: ['is invalid'] }],
  [{ key: 'TAKEN', value: 'x' }, { key: ['(TAKEN) has already been taken'] }],
  [{ key: 'A-B', value: 'x' }, { key: ["can contain only letters, digits and '_'."] }],
])('refuses %j', async (json, message) => {
  const { call, at, tokens } = await startCi(variablesRoutes);
  const token = tokens.maintainer;
  await call('POST', `${at}/variables`, { token, json: { key: 'TAKEN', value: 'x' } });
  const refused = await call('POST', `${at}/variables`, { token, json });
  expect([refused.status, refused.json]).toEqual([400, { message }]);
});

test('a masked and hidden value is never shown, and stays masked', async () => {
  const { call, at, tokens, project } = await startCi(variablesRoutes);
  const token = tokens.owner;
  const json = { key: 'KEY', value: 'secret-value', masked_and_hidden: true };
  const made = await call('POST', `${at}/variables`, { token, json });
  expect(made.json).toMatchObject({ value: null, hidden: true, masked: true });
  expect((await call('GET', `${at}/variables`, { token })).text).not.toContain('secret-value');
  expect((await call('PUT', `${at}/variables/KEY`, { token, json: { masked: false } })).status).toBe(400);
  expect(project.variables[0]).toMatchObject({ value: 'secret-value', masked: true });
});

test('where several environments have one, the filter says which', async () => {
  const { call, at, tokens } = await startCi(variablesRoutes);
  const token = tokens.maintainer;
  for (const scope of ['*', 'production']) {
    await call('POST', `${at}/variables`, {
      token,
      json: { key: 'A', value: scope, environment_scope: scope },
    });
  }
  expect((await call('GET', `${at}/variables/A`, { token })).status).toBe(409);
  const query = { 'filter[environment_scope]': 'production' };
  expect((await call('GET', `${at}/variables/A`, { token, query })).json).toMatchObject({
    value: 'production',
  });
  expect((await call('DELETE', `${at}/variables/A`, { token, query })).status).toBe(204);
  expect((await call('GET', `${at}/variables/A`, { token })).json).toMatchObject({ value: '*' });
});

test('variables are for maintainers', async () => {
  const { call, at, tokens } = await startCi(variablesRoutes);
  expect((await call('GET', `${at}/variables`, { token: tokens.developer })).status).toBe(403);
  expect((await call('GET', `${at}/variables`)).status).toBe(404);
  expect((await call('POST', `${at}/variables`, { json: { key: 'A', value: '1' } })).status).toBe(401);
});
