import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagesRoutes } from '../../../components/twin/api/packages.ts';
import { addJob, addPipeline, type CiProject, jobTokenOf, startCi } from './ci-project.ts';

function send(
  ci: CiProject,
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  token = ci.tokens.developer,
): Promise<Response> {
  const headers = { 'private-token': token };
  return fetch(`${ci.url}/api/v4${ci.at}/packages/generic/${path}`, { method: 'PUT', headers, body });
}

test('a file comes back as it was sent, with its digest; of equal names the last', async () => {
  const ci = await startCi(packagesRoutes);
  const bytes = new Uint8Array(300_000).map((_, index) => index % 251);
  expect(await (await send(ci, 'state/1.0/seg.bin', 'old')).json()).toEqual({ message: '201 Created' });
  const sent = await send(ci, 'state/1.0/seg.bin?select=package_file', bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(sent.status).toBe(201);
  expect(await sent.json()).toMatchObject({
    file_name: 'seg.bin',
    size: 300_000,
    file_sha256: sha256,
    package_id: 1,
  });
  const address = `${ci.url}/api/v4${ci.at}/packages/generic/state/1.0/seg.bin`;
  const headers = { 'private-token': ci.tokens.reporter };
  const got = await fetch(address, { headers });
  expect(new Uint8Array(await got.arrayBuffer())).toEqual(bytes);
  expect(got.headers.get('x-checksum-sha256')).toBe(sha256);
  const head = await fetch(address, { method: 'HEAD', headers });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '300000']);
  const files = await ci.call('GET', `${ci.at}/packages/1/package_files`, { token: ci.tokens.reporter });
  expect(files.json).toMatchObject([{ size: 3 }, { size: 300_000 }]);
});

test('a file may lie in folders, and lies in the twin under no name of its sender', async () => {
  const ci = await startCi(packagesRoutes);
  expect((await send(ci, 'state/1.0/a/b/c.txt', 'deep')).status).toBe(201);
  const got = await ci.call('GET', `${ci.at}/packages/generic/state/1.0/a/b/c.txt`, {
    token: ci.tokens.owner,
  });
  expect(got.text).toBe('deep');
  expect(readdirSync(join(ci.world.folder, 'packages'))).toEqual(['1']);
});

test.each(['na%20me/1.0/f', 'name/1..0/f', 'name/1.0/a%2f..%2ff', 'name/1.0/~f', 'name/1.0/f%00'])(
  'refuses the name %s',
  async (path) => {
    const ci = await startCi(packagesRoutes);
    expect((await send(ci, path, 'x')).status).toBe(400);
    expect([ci.project.packages.size, existsSync(join(ci.world.folder, 'packages'))]).toEqual([0, false]);
  },
);

test('hidden packages show where they are asked for', async () => {
  const ci = await startCi(packagesRoutes);
  await send(ci, 'seen/1/f', 'x');
  await send(ci, 'unseen/1/f?status=hidden', 'x');
  const list = async (query: string) => {
    const { json } = await ci.call<{ name: string }[]>('GET', `${ci.at}/packages${query}`, {
      token: ci.tokens.reporter,
    });
    return json.map(({ name }) => name);
  };
  expect(await list('')).toEqual(['seen']);
  expect(await list('?status=hidden')).toEqual(['unseen']);
  expect(await list('?package_name=none')).toEqual([]);
  expect(
    (await ci.call('GET', `${ci.at}/packages/generic/unseen/1/f`, { token: ci.tokens.reporter })).text,
  ).toBe('x');
});

test('deleting takes the bytes away, and a package goes with its last file', async () => {
  const ci = await startCi(packagesRoutes);
  await send(ci, 'one/1/f', 'x');
  await send(ci, 'two/1/f', 'x');
  const remove = async (path: string, token: string) =>
    (await ci.call('DELETE', `${ci.at}/packages/${path}`, { token })).status;
  expect(await remove('1', ci.tokens.developer)).toBe(403);
  expect(await remove('1', ci.tokens.maintainer)).toBe(204);
  expect(await remove('2/package_files/2', ci.tokens.maintainer)).toBe(204);
  expect(await remove('2', ci.tokens.maintainer)).toBe(404);
  expect(readdirSync(join(ci.world.folder, 'packages'))).toEqual([]);
});

test('a job token writes and reads packages on Free; readers cannot write', async () => {
  const ci = await startCi(packagesRoutes);
  const pipeline = addPipeline(ci.world, ci.project, { userId: ci.users.developer.id });
  const jobToken = jobTokenOf(ci.world, addJob(ci.world, pipeline, { status: 'running' }));
  const address = `${ci.url}/api/v4${ci.at}/packages/generic/state/1/f`;
  const headers = { 'job-token': jobToken };
  expect((await fetch(address, { method: 'PUT', headers, body: 'x' })).status).toBe(201);
  expect(await (await fetch(address, { headers })).text()).toBe('x');
  expect((await send(ci, 'state/1/f', 'x', ci.tokens.reporter)).status).toBe(403);
  expect((await fetch(address, { method: 'PUT', body: 'x' })).status).toBe(401);
});
