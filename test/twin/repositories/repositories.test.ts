import { expect, test } from 'vitest';
import { git } from '../../support/workspace.ts';
import { bytes, person, setUp } from './setup.ts';

test('an empty repository has nothing, and a first commit makes its branch', async () => {
  const { repositories, project, commit } = await setUp();
  expect(await repositories.branches(project)).toEqual(new Map());
  expect(await repositories.resolve(project, 'HEAD')).toBeUndefined();
  const first = await commit({ 'a b/ü.txt': 'one\n', 'run.sh': '#!/bin/sh\n' }, 'Add files\n\nWith a body.');
  expect(first).toMatchObject({ before: '0'.repeat(40) });
  expect(await repositories.branches(project)).toEqual(new Map([['main', first.sha]]));
  expect(await repositories.commit(project, first.sha)).toMatchObject({
    ...{ parents: [], title: 'Add files', message: 'Add files\n\nWith a body.' },
    ...{ authorName: 'Ada', authorEmail: 'ada@example.com' },
  });
  expect(git(repositories.folderOf(project), 'fsck', '--strict')).toBe('');
});

test('a name is a hash, a tag, a branch or the beginning of a hash', async () => {
  const { repositories, project, commit } = await setUp();
  const first = await commit({ a: '1' });
  const second = await commit({ a: '2' });
  await repositories.updateRef(project, 'refs/tags/1.0.0', first.sha, undefined);
  const resolve = (name: string) => repositories.resolve(project, name);
  expect(await resolve('1.0.0')).toBe(first.sha);
  expect(await resolve('main')).toBe(second.sha);
  expect(await resolve('refs/heads/main')).toBe(second.sha);
  expect(await resolve(first.sha)).toBe(first.sha);
  expect(await resolve(first.sha.slice(0, 8))).toBe(first.sha);
  for (const name of [
    'nothing',
    '',
    'f'.repeat(40),
    '--all',
    'main..1.0.0',
    'main\nmain',
    'main^{tree}',
    '../x',
  ]) {
    expect(await resolve(name)).toBeUndefined();
  }
});

test('files are bytes, whatever they hold', async () => {
  const { repositories, project, write } = await setUp();
  const content = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 256);
  const written = await write([{ action: 'create', path: 'data.bin', content }]);
  const sha = written.ok ? written.sha : '';
  expect(Buffer.from((await repositories.blob(project, sha, 'data.bin')) ?? []).equals(content)).toBe(true);
  const [entry] = (await repositories.tree(project, sha, '', false)) ?? [];
  expect(entry).toMatchObject({ name: 'data.bin', type: 'blob', mode: '100644' });
  expect((await repositories.object(project, entry?.id ?? ''))?.length).toBe(300_000);
  expect(await repositories.blob(project, sha, 'nothing')).toBeUndefined();
  const [diff] = await repositories.diff(project, '0'.repeat(40), sha);
  expect(diff).toMatchObject({ newPath: 'data.bin', newFile: true, diff: '' });
});

test('folders come before files, and below each other where asked', async () => {
  const { repositories, project, commit } = await setUp();
  const { sha } = await commit({ 'a.txt': '1', 'z/deep/b.txt': '2' });
  const paths = async (path: string, deep: boolean) =>
    (await repositories.tree(project, sha, path, deep))?.map((entry) => entry.path);
  expect(await paths('', false)).toEqual(['z', 'a.txt']);
  expect(await paths('', true)).toEqual(['z', 'z/deep', 'a.txt', 'z/deep/b.txt']);
  expect(await paths('z/deep/', false)).toEqual(['z/deep/b.txt']);
  expect(await paths('a.txt', false)).toBeUndefined();
  expect(await paths('../..', false)).toBeUndefined();
});

test('the actions of a commit change, move, delete and make executable', async () => {
  const { repositories, project, commit, write } = await setUp();
  const first = await commit({
    'old.txt': 'a\nb\nc\nd\n',
    'gone.txt': 'x',
    'run.sh': 'y',
    'same.txt': 'z\n',
  });
  const written = await write([
    { action: 'move', path: 'new/name.txt', previousPath: 'old.txt' },
    { action: 'delete', path: 'gone.txt' },
    { action: 'chmod', path: 'run.sh', executable: true },
    { action: 'update', path: 'same.txt', content: bytes('Z\n') },
    { action: 'create', path: 'empty.txt' },
  ]);
  const sha = written.ok ? written.sha : '';
  const diff = await repositories.diff(project, first.sha, sha);
  expect(diff.map(({ oldPath, newPath }) => `${oldPath} > ${newPath}`).sort()).toEqual([
    ...['empty.txt > empty.txt', 'gone.txt > gone.txt', 'old.txt > new/name.txt'],
    ...['run.sh > run.sh', 'same.txt > same.txt'],
  ]);
  const of = (path: string) => diff.find(({ newPath }) => newPath === path);
  expect(of('new/name.txt')).toMatchObject({ renamedFile: true, diff: '' });
  expect(of('gone.txt')).toMatchObject({
    deletedFile: true,
    diff: '@@ -1 +0,0 @@\n-x\n\\ No newline at end of file\n',
  });
  expect(of('run.sh')).toMatchObject({ oldMode: '100644', newMode: '100755', diff: '' });
  expect(of('same.txt')?.diff).toBe('@@ -1 +1 @@\n-z\n+Z\n');
});

test.each([
  ['create', 'a.txt', 'A file with this name already exists'],
  ['create', 'dir', 'A directory with this name already exists'],
  ['create', 'a.txt/b', 'A file with this name already exists'],
  ['update', 'none.txt', "A file with this name doesn't exist"],
  ['delete', 'none.txt', "A file with this name doesn't exist"],
  ['create', '../a.txt', 'Path cannot include directory traversal'],
  ['create', '/etc/passwd', 'Path cannot include directory traversal'],
  ['create', '.git/config', 'Path cannot include directory traversal'],
  ['create', 'sub/.GIT/hooks/x', 'Path cannot include directory traversal'],
] as const)('%s %s is refused and changes nothing', async (action, path, message) => {
  const { repositories, project, commit, write } = await setUp();
  const { sha } = await commit({ 'a.txt': '1', 'dir/b.txt': '2' });
  const request = [{ action: 'create', path: 'fine.txt' } as const, { action, path, content: bytes('x') }];
  expect(await write(request)).toEqual({ ok: false, message });
  expect(await repositories.resolve(project, 'main')).toBe(sha);
});

test('a file that has changed since is not overwritten', async () => {
  const { commit, write } = await setUp();
  const first = await commit({ a: '1', b: '1' });
  const second = await commit({ a: '2' });
  const update = (lastCommitId: string, path: string) =>
    write([{ action: 'update', path, content: bytes('3'), lastCommitId }]);
  expect(await update(first.sha, 'a')).toEqual({
    ok: false,
    message: 'You are attempting to update a file that has changed since you started editing it.',
  });
  expect(await update(second.sha, 'a')).toMatchObject({ ok: true });
  expect(await update(first.sha, 'b')).toMatchObject({ ok: true });
});

test('a NUL is nowhere', async () => {
  const { repositories, project, commit, write } = await setUp();
  await commit({ a: '1' });
  expect(await write([{ action: 'create', path: 'b\0c' }])).toMatchObject({ ok: false });
  expect(await write([], { message: 'a\0b' })).toMatchObject({ ok: false });
  expect(await write([], { author: { ...person, name: 'a\0b' } })).toMatchObject({ ok: false });
  expect(await repositories.log(project, { from: 'main', path: 'a\0' })).toEqual([]);
  expect(await repositories.resolve(project, 'main\0')).toBeUndefined();
});

test('commits at the same time all arrive', async () => {
  const { repositories, project, commit } = await setUp();
  await commit({ start: '' });
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => commit({ [name]: name })));
  const tree = await repositories.tree(
    project,
    (await repositories.resolve(project, 'main')) ?? '',
    '',
    false,
  );
  expect(tree?.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'start']);
  expect(await repositories.log(project, { from: 'main' })).toHaveLength(5);
});

test('a reference moves only from where it was thought to be', async () => {
  const { repositories, project, commit } = await setUp();
  const first = await commit({ a: '1' });
  const second = await commit({ a: '2' });
  const move = (sha: string | undefined, expected: string | undefined, ref = 'refs/heads/b') =>
    repositories.updateRef(project, ref, sha, expected);
  expect(await move(first.sha, undefined)).toBe(true);
  expect(await move(second.sha, undefined)).toBe(false);
  expect(await move(second.sha, second.sha)).toBe(false);
  expect(await move(second.sha, first.sha)).toBe(true);
  expect(await move(undefined, first.sha)).toBe(false);
  expect(await move(undefined, second.sha)).toBe(true);
  for (const ref of ['HEAD', 'config', '../x', '--stdin', 'refs/heads/a..b']) {
    expect(await move(first.sha, undefined, ref)).toBe(false);
  }
});

test('a branch begins elsewhere, and only by force again', async () => {
  const { repositories, project, commit, write } = await setUp();
  const first = await commit({ a: '1' });
  await commit({ a: '2' });
  const from = { branch: 'topic', startSha: first.sha };
  expect(await write([{ action: 'create', path: 'b' }], from)).toMatchObject({
    ok: true,
    before: '0'.repeat(40),
  });
  expect(await write([{ action: 'create', path: 'c' }], from)).toMatchObject({ ok: false });
  expect(await write([{ action: 'create', path: 'c' }], { ...from, force: true })).toMatchObject({
    ok: true,
  });
  const tip = await repositories.resolve(project, 'topic');
  expect((await repositories.commit(project, tip ?? ''))?.parents).toEqual([first.sha]);
});

test('the log is newest first, of a path, and without what another has', async () => {
  const { repositories, project, commit } = await setUp();
  const shas = [];
  for (const files of [{ a: '1' }, { b: '1' }, { a: '2' }]) shas.unshift((await commit(files)).sha);
  const log = async (range: object) =>
    (await repositories.log(project, { from: 'main', ...range })).map(({ sha }) => sha);
  expect(await log({})).toEqual(shas);
  expect(await log({ limit: 1 })).toEqual(shas.slice(0, 1));
  expect(await log({ path: 'a' })).toEqual([shas[0], shas[2]]);
  expect(await log({ without: shas[1] })).toEqual([shas[0]]);
  expect(await log({ path: ':(exclude)a' })).toEqual([]);
});

test('an annotated tag names its commit and keeps its message', async () => {
  const { repositories, project, commit } = await setUp();
  const { sha } = await commit({ a: '1' });
  const id = await repositories.annotate(project, {
    name: 'v1',
    sha,
    message: 'First\n\nrelease',
    tagger: person,
  });
  await repositories.updateRef(project, 'refs/tags/v1', id, undefined);
  await repositories.updateRef(project, 'refs/tags/light', sha, undefined);
  expect(await repositories.tags(project)).toEqual(
    new Map([
      ['light', sha],
      ['v1', sha],
    ]),
  );
  expect(await repositories.annotation(project, 'v1')).toEqual({ id, message: 'First\n\nrelease' });
  expect(await repositories.annotation(project, 'light')).toBeUndefined();
});
