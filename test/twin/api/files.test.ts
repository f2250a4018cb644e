import { expect, test } from 'vitest';
import { filesRoutes } from '../../../components/twin/api/files.ts';
import { protectBranch } from '../server/harness.ts';
import { jobToken } from '../server/people.ts';
import { startRepository } from './repository-setup.ts';

const at = (file: string) => `/projects/1/repository/files/${encodeURIComponent(file)}`;

test('a file comes with its content and facts, raw or in headers alone', async () => {
  const { call, token, first } = await startRepository(filesRoutes);
  const { json, headers } = await call('GET', at('src/a b.txt'), { token, query: { ref: 'main' } });
  expect(json).toMatchObject({
    ...{ file_name: 'a b.txt', file_path: 'src/a b.txt', size: 8, encoding: 'base64', ref: 'main' },
    ...{ commit_id: first, last_commit_id: first, execute_filemode: false },
    content: Buffer.from('one\ntwo\n').toString('base64'),
  });
  expect(headers.get('x-gitlab-last-commit-id')).toBe(first);
  const raw = await call('GET', `${at('src/a b.txt')}/raw`, { token });
  expect(raw).toMatchObject({ status: 200, text: 'one\ntwo\n' });
  const head = await call('HEAD', at('src/a b.txt'), { token, query: { ref: 'main' } });
  expect([head.status, head.text, head.headers.get('x-gitlab-size')]).toEqual([200, '', '8']);
});

test('what is not there is said', async () => {
  const { call, token } = await startRepository(filesRoutes);
  const read = (file: string, ref?: string) =>
    call('GET', at(file), { token, query: ref === undefined ? {} : { ref } });
  expect(await read('none', 'main')).toMatchObject({ status: 404, json: { message: '404 File Not Found' } });
  expect(await read('src', 'main')).toMatchObject({ status: 404 });
  expect(await read('../project', 'main')).toMatchObject({ status: 404 });
  expect(await read('README.md', 'none')).toMatchObject({ json: { message: '404 Commit Not Found' } });
  expect(await read('README.md', '--help')).toMatchObject({ status: 404 });
  expect(await read('README.md')).toMatchObject({ status: 400, json: { error: 'ref is missing' } });
});

test('a file is made, changed and deleted', async () => {
  const { call, token, twin, project, first } = await startRepository(filesRoutes);
  const change = (method: string, json: object) =>
    call(method, at('docs/ü.md'), { token, json: { branch: 'main', commit_message: 'Docs', ...json } });
  const read = async () => {
    const sha = (await twin.repositories.resolve(project, 'main')) ?? '';
    return Buffer.from((await twin.repositories.blob(project, sha, 'docs/ü.md')) ?? []).toString();
  };
  expect(await change('PUT', { content: 'a' })).toMatchObject({
    ...{ status: 400, json: { message: "A file with this name doesn't exist" } },
  });
  expect(await change('POST', { content: 'YQ==', encoding: 'base64' })).toMatchObject({
    ...{ status: 201, json: { file_path: 'docs/ü.md', branch: 'main' } },
  });
  expect(await read()).toBe('a');
  expect(await change('PUT', { content: 'b', last_commit_id: first })).toMatchObject({ status: 400 });
  expect(await change('PUT', { content: 'b' })).toMatchObject({ status: 200 });
  expect(await read()).toBe('b');
  expect(await change('DELETE', {})).toMatchObject({ status: 204 });
  expect(await read()).toBe('');
});

test('a protected branch refuses a developer', async () => {
  const { call, as, world, project } = await startRepository(filesRoutes);
  protectBranch(world, project, 'main');
  const json = { branch: 'main', commit_message: 'x', content: 'x' };
  expect(await call('POST', at('x'), { token: as('developer'), json })).toMatchObject({
    ...{ status: 400, json: { message: 'You are not allowed to push into this branch' } },
  });
});

test('a job token and a token for repositories alone read files raw', async () => {
  const { call, as, world, project, ada } = await startRepository(filesRoutes);
  const raw = `${at('README.md')}/raw`;
  expect(await call('GET', raw, { jobToken: jobToken(world, project, ada) })).toMatchObject({
    text: '# Hello\n',
  });
  expect(await call('GET', raw, { token: as('reporter', 'read_repository') })).toMatchObject({ status: 200 });
  expect(await call('GET', raw, { token: as('reporter', 'write_repository') })).toMatchObject({
    status: 403,
  });
});
