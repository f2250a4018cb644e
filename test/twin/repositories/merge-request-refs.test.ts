import { describe, expect, test } from 'vitest';
import { updateVersions } from '../../../components/twin/review/follow-push.ts';
import { openMergeRequest } from '../../../components/twin/review/open-merge-request.ts';
import { addProject } from '../server/harness.ts';
import { client, cloned, startGit } from './git-server.ts';
import { bytes, person } from './setup.ts';

/** A merge request of a fork's branch, whose project and source nobody but ada sees. */
async function withForkedMergeRequest() {
  const git = await startGit();
  const { twin, world, project, ada } = git;
  const fork = addProject(world, { path: 'ada/project', creatorId: ada.id, forkedFromId: project.id });
  fork.defaultBranch = 'main';
  await twin.repositories.fork(project, fork);
  const commit = async (message: string) => {
    const written = await twin.repositories.write(fork, {
      ...{ branch: 'topic', message, author: person, committer: person },
      actions: [{ action: message === 'One' ? 'create' : 'update', path: 'b.txt', content: bytes(message) }],
    });
    if (!written.ok) throw new Error(written.message);
    return written.sha;
  };
  const head = await commit('One');
  const between = { source: fork, target: project, sourceBranch: 'topic', targetBranch: 'main' };
  const opened = await openMergeRequest(twin, ada, { ...between, title: 'One', description: '' });
  if (!opened.ok) throw new Error(opened.message);
  const push = async (message: string) => {
    const sha = await commit(message);
    await updateVersions(twin, fork, 'topic', ada);
    return sha;
  };
  return { ...git, fork, head, push };
}

const ref = 'refs/merge-requests/1/head';

describe("a merge request's head", () => {
  test('is fetched from the target, where it is a fork that the reader cannot see', async () => {
    const { member, token, address, head, fork } = await withForkedMergeRequest();
    const reader = member('rita', 'reporter');
    const secret = token(reader, 'read_repository');
    const folder = await cloned(address(secret));
    expect((await client(folder, 'ls-remote', 'origin', ref)).text).toBe(`${head}\t${ref}`);
    expect((await client(folder, 'rev-parse', '--verify', `${head}^{commit}`)).code).not.toBe(0);
    expect((await client(folder, 'fetch', address(secret), ref)).code).toBe(0);
    expect((await client(folder, 'rev-parse', 'FETCH_HEAD')).text).toBe(head);
    expect((await client(folder, 'show', `${head}:b.txt`)).text).toBe('One');
    expect((await client(folder, 'ls-remote', address(secret, `${fork.path}.git`))).code).not.toBe(0);
  });

  test('comes with a shallow fetch into a folder without anything, by its name or its commit', async () => {
    const { ada, token, address, head } = await withForkedMergeRequest();
    const url = address(token(ada, 'read_repository'));
    for (const wanted of [ref, head]) {
      const folder = await cloned(url, '--no-checkout', '--depth=1');
      const { code, text } = await client(folder, 'fetch', '--depth=1', 'origin', `${wanted}:refs/heads/mr`);
      expect(code, text).toBe(0);
      expect((await client(folder, 'rev-parse', 'mr')).text).toBe(head);
      expect((await client(folder, 'cat-file', 'blob', 'mr:b.txt')).text).toBe('One');
    }
  });

  test('moves with the source branch', async () => {
    const { ada, token, address, push, head } = await withForkedMergeRequest();
    const url = address(token(ada, 'read_repository'));
    const next = await push('Two');
    expect(next).not.toBe(head);
    expect((await client(await cloned(url), 'ls-remote', 'origin', ref)).text).toBe(`${next}\t${ref}`);
  });

  test.each([
    ['moved', `HEAD:${ref}`],
    ['deleted', `:${ref}`],
    ['made', 'HEAD:refs/merge-requests/2/head'],
  ])('is not %s by anybody', async (_, refspec) => {
    const { ada, token, address, head, twin, project, pushes } = await withForkedMergeRequest();
    const folder = await cloned(address(token(ada, 'api')));
    expect((await client(folder, 'push', '--force', 'origin', refspec)).code).not.toBe(0);
    expect(await twin.repositories.resolve(project, ref)).toBe(head);
    expect(await twin.repositories.resolve(project, 'refs/merge-requests/2/head')).toBeUndefined();
    expect(pushes).toEqual([]);
  });

  test('is nothing to guests of a private project', async () => {
    const { member, token, address } = await withForkedMergeRequest();
    const url = address(token(member('gus', 'guest'), 'read_repository'));
    expect((await client('.', 'ls-remote', url, ref)).code).not.toBe(0);
  });
});
