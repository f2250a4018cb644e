import { expect, test } from 'vitest';
import { releaseLinksRoutes } from '../../../components/twin/api/release-links.ts';
import { releasesRoutes } from '../../../components/twin/api/releases.ts';
import { addJob, addPipeline, jobTokenOf, startCi } from './ci-project.ts';

const routes = [...releasesRoutes, ...releaseLinksRoutes];

test('a release of a tag has its commit and its links', async () => {
  const { call, at, tokens, sha } = await startCi(routes, { described: true });
  const links = [{ name: 'image', url: 'https://registry.example/app:1.0.0', link_type: 'image' }];
  const json = { tag_name: '1.0.0', name: 'One', description: 'First', assets: { links } };
  const made = await call('POST', `${at}/releases`, { token: tokens.developer, json });
  expect([made.status, made.json]).toMatchObject([
    201,
    {
      tag_name: '1.0.0',
      name: 'One',
      commit: { id: sha },
      author: { username: 'developer' },
      assets: { count: 5, links },
    },
  ]);
  const twice = await call('POST', `${at}/releases`, { token: tokens.developer, json });
  expect([twice.status, twice.json]).toEqual([409, { message: 'Release already exists' }]);
  expect((await call('GET', `${at}/releases/1.0.0`, { token: tokens.guest })).json).toMatchObject({
    description: 'First',
  });
  const changed = await call('PUT', `${at}/releases/1.0.0`, {
    token: tokens.developer,
    json: { name: 'Uno' },
  });
  expect(changed.json).toMatchObject({ name: 'Uno', description: 'First' });
  expect((await call('DELETE', `${at}/releases/1.0.0`, { token: tokens.developer })).status).toBe(403);
  expect((await call('DELETE', `${at}/releases/1.0.0`, { token: tokens.maintainer })).status).toBe(200);
  expect((await call('GET', `${at}/releases/1.0.0`, { token: tokens.guest })).status).toBe(404);
});

test('a tag that is missing is made, which is a push', async () => {
  const { call, at, tokens, twin, project, sha, requests } = await startCi(routes);
  const json = { tag_name: '2.0.0', tag_message: 'two', ref: 'main' };
  expect((await call('POST', `${at}/releases`, { token: tokens.developer, json })).status).toBe(201);
  expect((await twin.repositories.tags(project)).get('2.0.0')).toBe(sha);
  expect(await twin.repositories.annotation(project, '2.0.0')).toMatchObject({
    message: expect.stringContaining('two'),
  });
  expect(requests).toMatchObject([{ ref: '2.0.0', sha, source: 'push' }]);
});

test.each([
  [{ tag_name: '3.0.0' }, 422, 'Ref is not specified'],
  [{ tag_name: '3.0.0', ref: 'nowhere' }, 400, 'Target nowhere is invalid'],
])('refuses %j with %i', async (json, status, message) => {
  const { call, at, tokens, project } = await startCi(routes);
  const refused = await call('POST', `${at}/releases`, { token: tokens.developer, json });
  expect([refused.status, refused.json]).toEqual([status, { message }]);
  expect(project.releases.size).toBe(0);
});

test('a protected tag is released by who may make it', async () => {
  const { call, at, tokens, project } = await startCi(routes);
  project.protectedTags.push({ id: 1, name: '*', pushLevel: 40, mergeLevel: 40, allowForcePush: false });
  const json = { tag_name: '1.0.0' };
  expect((await call('POST', `${at}/releases`, { token: tokens.developer, json })).status).toBe(403);
  expect((await call('POST', `${at}/releases`, { token: tokens.maintainer, json })).status).toBe(201);
});

test('links of a release have names and addresses of their own', async () => {
  const { call, at, tokens } = await startCi(routes);
  const token = tokens.developer;
  await call('POST', `${at}/releases`, { token, json: { tag_name: '1.0.0' } });
  const path = `${at}/releases/1.0.0/assets/links`;
  expect(
    (await call('POST', path, { token, json: { name: 'a', url: 'https://a.example' } })).json,
  ).toMatchObject({ id: 1, link_type: 'other' });
  const refused = await call('POST', path, { token, json: { name: 'a', url: 'javascript:alert(1)' } });
  expect([refused.status, refused.json]).toEqual([
    400,
    { message: { name: ['has already been taken'], url: [expect.stringContaining('schemes')] } },
  ]);
  expect((await call('PUT', `${path}/1`, { token, json: { name: 'b' } })).json).toMatchObject({ name: 'b' });
  expect((await call('GET', path, { token: tokens.guest })).json).toMatchObject([{ name: 'b' }]);
  expect((await call('DELETE', `${path}/1`, { token })).status).toBe(200);
  expect((await call('GET', `${path}/1`, { token })).status).toBe(404);
});

test('a job releases with its token', async () => {
  const { call, at, world, project, users } = await startCi(routes);
  const pipeline = addPipeline(world, project, { userId: users.developer.id });
  const jobToken = jobTokenOf(world, addJob(world, pipeline, { status: 'running' }));
  expect((await call('POST', `${at}/releases`, { jobToken, json: { tag_name: '1.0.0' } })).status).toBe(201);
  expect((await call('GET', `${at}/releases`, { jobToken })).json).toMatchObject([{ tag_name: '1.0.0' }]);
  expect((await call('POST', `${at}/releases`, { json: { tag_name: '1.0.0' } })).status).toBe(401);
});
