import { expect, test } from 'vitest';
import { addProject } from '../../../components/twin/world/seed.ts';
import { git } from '../../support/workspace.ts';
import { bytes, person, setUp } from './setup.ts';

async function branches(topic: Record<string, string>, main: Record<string, string>) {
  const all = await setUp();
  const base = await all.commit({ 'a.txt': '1\n', 'b.txt': '1\n' });
  const onTopic = await all.commit(topic, 'topic', { branch: 'topic', startSha: base.sha });
  const onMain = Object.keys(main).length === 0 ? base : await all.commit(main, 'main');
  const merge = (method: 'merge' | 'ff' | 'squash') =>
    all.repositories.merge(all.project, {
      source: { project: all.project, sha: onTopic.sha },
      ...{ branch: 'main', message: 'Merge topic', author: person, method },
    });
  return { ...all, base, onTopic, onMain, merge };
}

test('a merge has both parents and both changes', async () => {
  const { repositories, project, merge, onTopic, onMain } = await branches(
    { 'a.txt': '2\n' },
    { 'b.txt': '2\n' },
  );
  const merged = await merge('merge');
  const sha = merged.ok ? merged.sha : '';
  expect(merged).toMatchObject({ before: onMain.sha });
  expect((await repositories.commit(project, sha))?.parents).toEqual([onMain.sha, onTopic.sha]);
  for (const file of ['a.txt', 'b.txt'])
    expect(await repositories.blob(project, sha, file)).toEqual(Buffer.from('2\n'));
});

test('a squash is one commit', async () => {
  const { repositories, project, merge, onMain } = await branches({ 'a.txt': '2\n' }, { 'b.txt': '2\n' });
  const merged = await merge('squash');
  expect((await repositories.commit(project, merged.ok ? merged.sha : ''))?.parents).toEqual([onMain.sha]);
});

test('a fast-forward makes no commit, and is refused where the target has moved', async () => {
  const straight = await branches({ 'a.txt': '2\n' }, {});
  expect(await straight.merge('ff')).toMatchObject({ ok: true, sha: straight.onTopic.sha });
  const moved = await branches({ 'a.txt': '2\n' }, { 'b.txt': '2\n' });
  expect(await moved.merge('ff')).toMatchObject({ ok: false });
});

test('a conflict is refused and changes nothing', async () => {
  const { repositories, project, merge, onMain } = await branches({ 'a.txt': '2\n' }, { 'a.txt': '3\n' });
  expect(await merge('merge')).toMatchObject({ ok: false, message: expect.stringContaining('conflict') });
  expect(await repositories.resolve(project, 'main')).toBe(onMain.sha);
});

test('a fork has everything, goes its own way and is merged back', async () => {
  const { world, repositories, project, commit } = await setUp();
  const first = await commit({ 'a.txt': '1\n' });
  const fork = addProject(world, {
    path: 'ada/fork',
    creatorId: 1,
    defaultBranch: 'main',
    forkedFromId: project.id,
  });
  await repositories.fork(project, fork);
  expect(await repositories.branches(fork)).toEqual(new Map([['main', first.sha]]));
  const written = await repositories.write(fork, {
    ...{ branch: 'topic', message: 'mine', author: person, committer: person },
    actions: [{ action: 'update', path: 'a.txt', content: bytes('2\n') }],
  });
  const sha = written.ok ? written.sha : '';
  expect(await repositories.resolve(project, sha)).toBeUndefined();
  await repositories.fetchFrom(project, fork, sha, 'refs/merge-requests/1/head');
  expect(await repositories.resolve(project, 'refs/merge-requests/1/head')).toBe(sha);
  expect([...(await repositories.branches(project)).keys()]).toEqual(['main']);
  expect(await repositories.mergeBase(project, 'main', sha)).toBe(first.sha);
  const merged = await repositories.merge(project, {
    source: { project: fork, sha },
    ...{ branch: 'main', message: 'Merge', author: person, method: 'merge' },
  });
  expect(merged).toMatchObject({ ok: true, before: first.sha });
  expect(git(repositories.folderOf(project), 'fsck')).toBe('');
});
