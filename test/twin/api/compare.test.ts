import { expect, test } from 'vitest';
import { compareRoutes } from '../../../components/twin/api/compare.ts';
import { bytes, person } from '../repositories/setup.ts';
import { type Json, startRepository } from './repository-setup.ts';

const path = '/projects/1/repository';

/** `main` and `topic` have each one commit of their own. */
async function setUp() {
  const all = await startRepository(compareRoutes);
  const write = async (branch: string, file: string) => {
    const written = await all.twin.repositories.write(all.project, {
      ...{ branch, message: file, author: person, committer: person },
      actions: [{ action: 'create', path: file, content: bytes(`${file}\n`) }],
    });
    return written.ok ? written.sha : '';
  };
  const topic = await write('topic', 'topic.txt');
  const main = await write('main', 'main.txt');
  return { ...all, topic, main };
}

test('a comparison begins at the merge base, unless it is straight', async () => {
  const { call, token, topic } = await setUp();
  const compare = async (query: object) =>
    (await call<Json & { diffs: Json[] }>('GET', `${path}/compare`, { token, query: { ...query } })).json;
  const range = { from: 'main', to: 'topic' };
  const usual = await compare(range);
  expect(usual).toMatchObject({ commits: [{ id: topic }], commit: { id: topic }, compare_same_ref: false });
  expect(usual.diffs.map(({ new_path }) => new_path)).toEqual(['topic.txt']);
  const straight = await compare({ ...range, straight: true });
  expect(straight.diffs.map(({ new_path, deleted_file }) => [new_path, deleted_file])).toEqual([
    ['main.txt', true],
    ['topic.txt', false],
  ]);
  expect(await compare({ from: 'main', to: 'main' })).toMatchObject({ commits: [], compare_same_ref: true });
  expect(await call('GET', `${path}/compare`, { token, query: { from: 'x', to: 'main' } })).toMatchObject({
    status: 404,
  });
});

test('the merge base of branches is a commit', async () => {
  const { call, token, first } = await setUp();
  const base = (...refs: string[]) =>
    call('GET', `${path}/merge_base?${refs.map((ref) => `refs[]=${ref}`).join('&')}`, { token });
  expect(await base('main', 'topic')).toMatchObject({ status: 200, json: { id: first, title: 'First' } });
  expect(await base('main')).toMatchObject({ status: 400 });
  expect(await base('main', 'none')).toMatchObject({ json: { error: 'Could not find ref: none' } });
});

test('a tree lists folders first, and a blob comes by its id', async () => {
  const { call, token } = await setUp();
  const list = async (query: object) =>
    (await call<Json[]>('GET', `${path}/tree`, { token, query: { ...query } })).json;
  const root = await list({});
  expect(root.map(({ name, type }) => [name, type])).toEqual([
    ['src', 'tree'],
    ['README.md', 'blob'],
    ['main.txt', 'blob'],
  ]);
  expect((await list({ recursive: true })).map((entry) => entry.path)).toContain('src/a b.txt');
  expect(await list({ path: 'src', ref: 'topic' })).toMatchObject([{ path: 'src/a b.txt' }]);
  expect(await list({ path: 'none' })).toEqual({ message: '404 invalid revision or path Not Found' });
  const blob = await call('GET', `${path}/blobs/${root[1]?.id}/raw`, { token });
  expect(blob.text).toBe('# Hello\n');
  expect(await call('GET', `${path}/blobs/${root[0]?.id}/raw`, { token })).toMatchObject({ status: 404 });
});
