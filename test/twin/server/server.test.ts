import { request } from 'node:http';
import { expect, test } from 'vitest';
import { onProject } from '../../../components/twin/server/on-project.ts';
import type { Route } from '../../../components/twin/server/types.ts';
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
