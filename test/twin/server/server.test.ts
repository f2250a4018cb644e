import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { onProject } from '../../../components/twin/server/on-project.ts';
import type { Fallback, Route } from '../../../components/twin/server/types.ts';
import { addPersonalToken, addProject, addUser, startApi } from './harness.ts';

const show: Route = {
  method: 'GET',
  path: '/projects/:id',
  access: { role: 'anyone' },
  handle: onProject(({ project, actor }) => ({
    json: { path: project.path, asked: actor?.user.username ?? null },
  })),
};

test('a route answers for the project of its path, by number and by encoded path', async () => {
  const { world, call, journal } = await startApi({ routes: [show], subPath: '/gitlab' });
  const ada = addUser(world, { username: 'ada' });
  const project = addProject(world, { path: 'group.x/sub/tool.js', creatorId: ada.id });
  const token = addPersonalToken(world, { userId: ada.id, scopes: ['read_api'] }).value;

  const answers = [
    await call('GET', `/projects/${project.id}`, { token }),
    await call('GET', '/projects/group.x%2Fsub%2Ftool.js', { token }),
    await call('GET', '/projects/group.x%2fsub%2ftool%2Ejs', { token }),
  ];
  for (const { status, json } of answers) {
    expect(status).toBe(200);
    expect(json).toEqual({ path: 'group.x/sub/tool.js', asked: 'ada' });
  }
  expect(journal.entries.map(({ actor }) => actor)).toEqual(
    answers.map(() => ({ username: 'ada', token: 'personal' })),
  );
});

test('a handler of a project at a path without one is a defect that says so', async () => {
  const lost: Route = { ...show, path: '/lost', access: { role: 'anyone' } };
  const { call, journal } = await startApi({ routes: [lost], defects: 'expected' });
  expect((await call('GET', '/lost')).status).toBe(500);
  expect(journal.mistakes()[0]).toContain('a handler of a project stands at a path without one');
});

const page: Fallback = async (_, response) => {
  response.end('page');
  return true;
};

/** The answer to a request with this `Host`, which `fetch` would not send. */
function askAs(host: string | undefined, url: string): Promise<{ status: number | undefined; text: string }> {
  const headers = host === undefined ? {} : { host };
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, setHost: false }, async (response) =>
      resolve({ status: response.statusCode, text: await text(response) }),
    );
    sent.on('error', reject).end();
  });
}

test('it answers to its own address only, so that no web page with a name that leads here reads it', async () => {
  const { world, url, faults } = await startApi({ routes: [show], fallbacks: [page] });
  const { id } = addProject(world, { path: 'acme/open', creatorId: 1, visibility: 'public' });
  faults.add({ what: { kind: 'status', status: 503 } });
  const { port } = new URL(url);
  const paths = [`/api/v4/projects/${id}`, '/acme/open.git/info/refs', '/oauth/discovery/keys'];
  const foreign = ['evil.example', `evil.example:${port}`, '127.0.0.1', 'localhost:1', `127.0.0.1:${port}.x`];
  for (const path of paths)
    for (const host of foreign)
      expect(await askAs(host, url + path), `${host} ${path}`).toEqual({
        status: 403,
        text: '{"message":"403 Forbidden - the twin answers to its own address only"}',
      });
  expect(faults.pending()).toHaveLength(1);
  faults.clear();
  for (const path of paths)
    for (const name of ['127.0.0.1', 'localhost', 'LocalHost', '[::1]'])
      expect((await askAs(`${name}:${port}`, url + path)).status, `${name} ${path}`).toBe(200);
});

test.each(['*', 'http://elsewhere.example.com/api/v4/projects/1', '//api/v4/projects/1', '/%'])(
  'a target that is no path of the instance leads nowhere: %s',
  async (target) => {
    const { url, journal } = await startApi({ routes: [show] });
    const { port } = new URL(url);
    const status = await new Promise((resolve, reject) => {
      const sent = request({ port, path: target, method: 'OPTIONS' }, (response) =>
        resolve(response.statusCode),
      );
      sent.on('error', reject).end();
    });
    expect(status).toBe(501);
    expect(journal.entries).toHaveLength(1);
  },
);
