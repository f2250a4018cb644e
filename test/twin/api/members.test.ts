import { expect, test } from 'vitest';
import { membersRoutes } from '../../../components/twin/api/members.ts';
import { addUser } from '../server/harness.ts';
import { type Json, startRepository } from './repository-setup.ts';

const path = '/projects/1/members';

test('members are listed with their levels, found by name and read alone', async () => {
  const { call, token, ada, as } = await startRepository(membersRoutes);
  as('reporter');
  const { json } = await call<Json[]>('GET', path, { token });
  expect(json.map(({ username, access_level }) => [username, access_level])).toEqual([
    ['ada', 50],
    ['reporter1', 20],
  ]);
  expect(json[0]).toMatchObject({
    id: ada.id,
    name: 'Ada',
    state: 'active',
    locked: false,
    expires_at: null,
  });
  expect((await call('GET', `${path}/all`, { token, query: { query: 'REP' } })).json).toEqual([json[1]]);
  expect((await call('GET', `${path}/all/${ada.id}`, { token })).json).toEqual(json[0]);
  expect(await call('GET', `${path}/99`, { token })).toMatchObject({ status: 404 });
});

test('a maintainer adds, changes and removes those below', async () => {
  const { call, as, world, ada, project } = await startRepository(membersRoutes);
  const token = as('maintainer');
  const { id } = addUser(world, { username: 'bob' });
  const add = (json: object) => call('POST', path, { token, json });
  expect(await add({ username: 'bob', access_level: 50 })).toMatchObject({ status: 403 });
  expect(await add({ user_id: id, access_level: 31 })).toMatchObject({ status: 400 });
  expect(await add({ user_id: 99, access_level: 30 })).toMatchObject({ status: 404 });
  expect(await add({ user_id: id, access_level: 30 })).toMatchObject({
    ...{ status: 201, json: { username: 'bob', access_level: 30 } },
  });
  expect(await add({ user_id: id, access_level: 30 })).toMatchObject({ status: 409 });
  const change = (user: number) => call('PUT', `${path}/${user}`, { token, json: { access_level: 40 } });
  expect(await change(id)).toMatchObject({ status: 200, json: { access_level: 40 } });
  expect(await change(ada.id)).toMatchObject({ status: 403 });
  expect(await call('DELETE', `${path}/${ada.id}`, { token })).toMatchObject({ status: 403 });
  expect(await call('DELETE', `${path}/${id}`, { token })).toMatchObject({ status: 204 });
  expect(project.members.has(id)).toBe(false);
});

test('a developer manages nobody and may leave', async () => {
  const { call, as, ada, project } = await startRepository(membersRoutes);
  const token = as('developer');
  const json = { user_id: ada.id, access_level: 10 };
  expect(await call('POST', path, { token, json })).toMatchObject({ status: 403 });
  expect(await call('DELETE', `${path}/${ada.id}`, { token })).toMatchObject({ status: 403 });
  const own = [...project.members.keys()].at(-1);
  expect(await call('DELETE', `${path}/${own}`, { token })).toMatchObject({ status: 204 });
});
