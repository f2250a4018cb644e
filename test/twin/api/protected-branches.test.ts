import { expect, test } from 'vitest';
import { protectedBranchesRoutes } from '../../../components/twin/api/protected-branches.ts';
import { startRepository } from './repository-setup.ts';

const path = '/projects/1/protected_branches';

test('a rule is made, read, changed and taken away', async () => {
  const { call, token, project } = await startRepository(protectedBranchesRoutes);
  const json = { name: 'release/*', push_access_level: 0, merge_access_level: 30 };
  const made = await call('POST', path, { token, json });
  expect(made).toMatchObject({
    status: 201,
    json: {
      ...{ name: 'release/*', allow_force_push: false },
      push_access_levels: [{ access_level: 0, access_level_description: 'No one' }],
      merge_access_levels: [{ access_level: 30, access_level_description: 'Developers + Maintainers' }],
    },
  });
  expect(await call('POST', path, { token, json })).toMatchObject({ status: 409 });
  expect((await call('GET', path, { token, query: { search: 'rel' } })).json).toEqual([made.json]);
  const one = `${path}/release%2F%2A`;
  expect((await call('GET', one, { token })).json).toEqual(made.json);
  await call('PATCH', one, { token, json: { allow_force_push: true } });
  expect(project.protectedBranches).toMatchObject([{ allowForcePush: true }]);
  expect(await call('DELETE', one, { token })).toMatchObject({ status: 204 });
  expect(await call('GET', one, { token })).toMatchObject({ status: 404 });
});

test('levels are those of GitLab, maintainers where none is given, and developers keep out', async () => {
  const { call, token, as } = await startRepository(protectedBranchesRoutes);
  const post = (json: object, by = token) => call('POST', path, { token: by, json });
  expect(await post({ name: 'a', push_access_level: 35 })).toMatchObject({ status: 400 });
  expect(await post({ name: 'a' })).toMatchObject({ json: { push_access_levels: [{ access_level: 40 }] } });
  expect(await post({ name: 'b' }, as('developer'))).toMatchObject({ status: 403 });
});
