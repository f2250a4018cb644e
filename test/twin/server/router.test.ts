import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';
import { startApi } from './harness.ts';
import { echo } from './routes.ts';

const open = { role: 'anyone', anonymous: true } as const;
const routes = [
  echo('GET', '/files/:file/raw', open),
  echo('GET', '/jobs/:job_id', open),
  echo('GET', '/jobs/latest', open),
  echo('GET', '/jobs/:job_id/artifacts/*artifact_path', open),
  echo('GET', '/jobs/:job_id/artifacts/tree', open),
  echo('POST', '/jobs/:job_id', open),
];

interface Echo {
  readonly route: string;
  readonly params: Readonly<Record<string, string>>;
}

describe('a path leads to a route', () => {
  test.each([
    ['/jobs/7', 'GET /jobs/:job_id', { job_id: '7' }],
    ['/jobs/latest', 'GET /jobs/latest', {}],
    ['/jobs/7/artifacts/tree', 'GET /jobs/:job_id/artifacts/tree', { job_id: '7' }],
    [
      '/jobs/7/artifacts/out/a%20b.txt',
      'GET /jobs/:job_id/artifacts/*artifact_path',
      { job_id: '7', artifact_path: 'out/a b.txt' },
    ],
    ['/files/src%2Fmain.test.ts/raw', 'GET /files/:file/raw', { file: 'src/main.test.ts' }],
    ['/files/..%2f..%2Fetc/raw', 'GET /files/:file/raw', { file: '../../etc' }],
  ])('%s', async (path, route, params) => {
    const { call } = await startApi({ routes });
    const { json } = await call<Echo>('GET', path);
    expect(json).toMatchObject({ route, params });
  });
});

test('HEAD is GET without its body', async () => {
  const { call, journal } = await startApi({ routes });
  const answer = await call('HEAD', '/jobs/7');
  expect(answer.status).toBe(200);
  expect(answer.text).toBe('');
  expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(0);
  expect(journal.entries).toMatchObject([{ method: 'HEAD', route: '/jobs/:job_id', status: 200 }]);
});

test('what has no route is not modelled, and is named', async () => {
  const { call } = await startApi({ routes });
  const { status, json } = await call('GET', '/projects/1/wikis?page=2');
  expect(status).toBe(501);
  expect(json).toEqual({
    error: '501 Not Implemented',
    message: 'the twin does not model GET /projects/1/wikis',
  });
});

test('another method of a known path is refused, with those that go, where GitLab is known to have none', async () => {
  const openApi = workspace({ 'openapi.yaml': 'paths: {}\n' });
  const { call } = await startApi({ routes, strict: false, openApiFile: join(openApi, 'openapi.yaml') });
  const { status, json, headers } = await call('DELETE', '/jobs/7');
  expect(status).toBe(405);
  expect(json).toEqual({ error: '405 Not Allowed' });
  expect(headers.get('allow')).toBe('GET, POST');
});

test('where nobody can say whether GitLab has that method, it is one that the twin does not model', async () => {
  const { call } = await startApi({ routes });
  const { status, json } = await call('DELETE', '/jobs/7');
  expect(status).toBe(501);
  expect(json).toMatchObject({ message: 'the twin does not model DELETE /jobs/7' });
});

test.each(['/jobs/%zz', '/jobs/%ff'])('a path that cannot be decoded is refused: %s', async (path) => {
  const { call } = await startApi({ routes });
  expect((await call('GET', path)).status).toBe(400);
});

test('below a path of the instance nothing else is the API', async () => {
  const { call, url, world } = await startApi({ routes, subPath: '/gitlab' });
  expect((await call('GET', '/jobs/7')).status).toBe(200);
  const origin = new URL(url).origin;
  expect((await fetch(`${origin}/api/v4/jobs/7`)).status).toBe(501);
  world.url = origin;
  expect((await fetch(`${origin}/api/v4/jobs/7`)).status).toBe(200);
});
