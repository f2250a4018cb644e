import { expect, test } from 'vitest';
import { tagsRoutes } from '../../../components/twin/api/tags.ts';
import { type Json, startRepository } from './repository-setup.ts';

const path = '/projects/1/repository/tags';

async function setUp() {
  const all = await startRepository(tagsRoutes);
  const create = (tag_name: string, more: object = {}, token = all.token) =>
    all.call<Json>('POST', path, { token, json: { tag_name, ref: 'main', ...more } });
  return { ...all, create };
}

test('a tag with a message is an object of its own', async () => {
  const { call, token, create, first } = await setUp();
  const light = await create('1.0.0');
  expect(light).toMatchObject({
    ...{ status: 201, json: { name: '1.0.0', message: '', target: first, release: null, protected: false } },
  });
  const annotated = await create('1.1.0', { message: 'Second' });
  expect(annotated.json).toMatchObject({ message: 'Second', commit: { id: first } });
  expect(annotated.json.target).not.toBe(first);
  expect((await call('GET', `${path}/1.1.0`, { token })).json).toEqual(annotated.json);
});

test('the list is ordered by version where asked', async () => {
  const { call, token, create } = await setUp();
  for (const name of ['1.10.0', '1.9.0', 'nightly']) await create(name);
  const names = async (query: object) =>
    (await call<Json[]>('GET', path, { token, query: { ...query } })).json.map(({ name }) => name);
  expect(await names({ order_by: 'version', search: '^1' })).toEqual(['1.10.0', '1.9.0']);
  expect(await names({ order_by: 'name', sort: 'asc' })).toEqual(['1.10.0', '1.9.0', 'nightly']);
});

test('mistakes are told', async () => {
  const { call, token, create } = await setUp();
  await create('v1');
  expect(await create('v1')).toMatchObject({ status: 400, json: { message: 'Tag v1 already exists' } });
  expect(await create('v2', { ref: 'none' })).toMatchObject({ json: { message: 'Target none is invalid' } });
  expect(await create('-x')).toMatchObject({ status: 400, json: { message: 'Tag name invalid' } });
  expect(await call('GET', `${path}/none`, { token })).toMatchObject({
    json: { message: '404 Tag Not Found' },
  });
});

test('a protected tag is for maintainers', async () => {
  const { call, token, create, project, as } = await setUp();
  project.protectedTags.push({ id: 1, name: 'v*', pushLevel: 40, mergeLevel: 40, allowForcePush: false });
  expect(await create('v1', {}, as('developer'))).toMatchObject({ status: 400 });
  expect(await create('v1', { message: 'x' })).toMatchObject({ status: 201, json: { protected: true } });
  expect(await call('DELETE', `${path}/v1`, { token: as('developer') })).toMatchObject({ status: 403 });
  expect(await call('DELETE', `${path}/v1`, { token })).toMatchObject({ status: 204 });
  expect(await call('GET', path, { token })).toMatchObject({ json: [] });
});
