import { expect, test } from 'vitest';
import { protectedTagsRoutes } from '../../../components/twin/api/protected-tags.ts';
import { startRepository } from './repository-setup.ts';

const path = '/projects/1/protected_tags';

test('a rule is made, read and taken away by maintainers', async () => {
  const { call, token, as } = await startRepository(protectedTagsRoutes);
  const json = { name: 'v*', create_access_level: 30 };
  expect(await call('POST', path, { token: as('developer'), json })).toMatchObject({ status: 403 });
  const made = await call('POST', path, { token, json });
  expect(made).toMatchObject({
    status: 201,
    json: { name: 'v*', create_access_levels: [{ access_level: 30 }] },
  });
  expect(await call('POST', path, { token, json })).toMatchObject({ status: 409 });
  expect((await call('GET', path, { token })).json).toEqual([made.json]);
  expect(await call('GET', `${path}/v*`, { token })).toMatchObject({ status: 200 });
  expect(await call('DELETE', `${path}/v*`, { token })).toMatchObject({ status: 204 });
  expect(await call('DELETE', `${path}/v*`, { token })).toMatchObject({ status: 404 });
});
