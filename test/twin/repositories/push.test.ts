import { describe, expect, test } from 'vitest';
import { protectBranch } from '../../../components/twin/world/seed.ts';
import { client, cloned, commitIn, startGit } from './git-server.ts';
import { bytes, person } from './setup.ts';

describe('the first push to an empty repository', () => {
  test('makes its branch the default one and protects it', async () => {
    const { ada, token, address, project, world } = await startGit({ empty: true });
    const here = await cloned(address(token(ada, 'api')));
    await client(here, 'checkout', '-b', 'trunk');
    await commitIn(here, { 'a.txt': '1' });
    expect((await client(here, 'push', 'origin', 'trunk')).code).toBe(0);
    expect(project.defaultBranch).toBe('trunk');
    expect(project.protectedBranches).toMatchObject([{ name: 'trunk', pushLevel: 40 }]);
    const again = await cloned(address(token(ada, 'api')));
    expect((await client(again, 'symbolic-ref', '--short', 'HEAD')).text).toBe('trunk');
    expect(world.projects.size).toBe(1);
  });
});

describe('a protected branch', () => {
  async function developer() {
    const all = await startGit();
    const here = await cloned(all.address(all.token(all.member('dev', 'developer'), 'write_repository')));
    return { ...all, here };
  }

  test('takes no push of a developer, and nothing else of that push is done', async () => {
    const { here, twin, project } = await developer();
    const before = await twin.repositories.resolve(project, 'main');
    await commitIn(here, { 'a.txt': '2\n' });
    const { code, text } = await client(here, 'push', 'origin', 'main', 'main:topic');
    expect(code).toBe(1);
    expect(text).toContain(
      'remote: GitLab: You are not allowed to push code to protected branches on this project.',
    );
    expect(text).toContain('! [remote rejected] main -> main (pre-receive hook declined)');
    expect(text).toContain('! [remote rejected] main -> topic (pre-receive hook declined)');
    expect(await twin.repositories.resolve(project, 'main')).toBe(before);
    expect(await twin.repositories.resolve(project, 'topic')).toBeUndefined();
  });

  test('is forced by nobody unless its rule says so', async () => {
    const { address, token, ada, project, twin } = await startGit();
    const here = await cloned(address(token(ada, 'api')));
    await commitIn(here, { 'a.txt': '2\n' });
    expect((await client(here, 'push', 'origin', 'main')).code).toBe(0);
    await client(here, 'reset', '--hard', 'HEAD~1');
    await commitIn(here, { 'a.txt': '3\n' });
    const forced = await client(here, 'push', '--force', 'origin', 'main');
    expect(forced.text).toContain(
      'remote: GitLab: You are not allowed to force push code to a protected branch on this project.',
    );
    expect(forced.text).toContain('! [remote rejected] main -> main (pre-receive hook declined)');
    for (const rule of project.protectedBranches) rule.allowForcePush = true;
    expect((await client(here, 'push', '--force', 'origin', 'main')).code).toBe(0);
    expect(await twin.repositories.resolve(project, 'main')).toBe(
      (await client(here, 'rev-parse', 'HEAD')).text,
    );
  });

  test('is not deleted, and the default one never', async () => {
    const { here, project, twin, world, address, token, ada } = await developer();
    const sha = await twin.repositories.resolve(project, 'main');
    for (const name of ['stable', 'topic']) {
      await twin.repositories.updateRef(project, `refs/heads/${name}`, sha, undefined);
    }
    protectBranch(world, project, 'stab*');
    const removed = async (name: string, at = 'origin') =>
      (await client(here, 'push', at, '--delete', name)).text;
    expect(await removed('stable')).toContain(
      'Only a project maintainer or owner can delete a protected branch.',
    );
    const owner = address(token(ada, 'api'));
    expect(await removed('stable', owner)).toContain('You can only delete protected branches using the web');
    expect(await removed('main', owner)).toContain('The default branch of a project cannot be deleted.');
    expect(await removed('topic')).toContain('- [deleted]         topic');
    expect([...(await twin.repositories.branches(project)).keys()]).toEqual(['main', 'stable']);
  });

  test('leaves other branches to developers, by force too', async () => {
    const { here } = await developer();
    await client(here, 'checkout', '-b', 'topic');
    await commitIn(here, { 'a.txt': '2\n' });
    expect((await client(here, 'push', 'origin', 'topic')).code).toBe(0);
    await client(here, 'commit', '--amend', '--message', 'Other');
    expect((await client(here, 'push', 'origin', 'topic')).text).toContain('rejected');
    expect((await client(here, 'push', '--force', 'origin', 'topic')).code).toBe(0);
  });
});

test('a protected tag is made by those its rule names', async () => {
  const { address, token, ada, member, project } = await startGit();
  project.protectedTags.push({ id: 1, name: 'v*', pushLevel: 40, mergeLevel: 40, allowForcePush: false });
  const here = await cloned(address(token(member('dev', 'developer'), 'api')));
  await client(here, 'tag', 'v1');
  await client(here, 'tag', 'nightly');
  const refused = await client(here, 'push', 'origin', 'v1');
  expect(refused.text).toContain('You are not allowed to create this tag as it is protected.');
  expect((await client(here, 'push', 'origin', 'nightly')).code).toBe(0);
  expect((await client(here, 'push', address(token(ada, 'api')), 'v1')).code).toBe(0);
});

test('options of a push reach the twin, and its words the one who pushes', async () => {
  const { ada, token, address, pushes } = await startGit({
    messages: ['To create a merge request, visit:', '  x'],
  });
  const here = await cloned(address(token(ada, 'api')));
  await client(here, 'checkout', '-b', 'topic');
  const options = ['-o', 'ci.skip', '-o', 'ci.variable=A=b c'];
  const { text } = await client(here, 'push', ...options, 'origin', 'topic');
  expect(text).toMatch(/^remote: To create a merge request, visit: *\nremote: {3}x/m);
  const sha = (await client(here, 'rev-parse', 'HEAD')).text;
  const push = { ref: 'refs/heads/topic', before: '0'.repeat(40), after: sha };
  expect(pushes).toEqual([{ user: 'ada', push: { ...push, options: ['ci.skip', 'ci.variable=A=b c'] } }]);
});

test("GitLab's own references cannot be pushed", async () => {
  const { address, token, ada } = await startGit();
  const here = await cloned(address(token(ada, 'api')));
  const { code, text } = await client(here, 'push', 'origin', 'main:refs/merge-requests/1/head');
  expect(code).toBe(1);
  expect(text).toContain('deny updating a hidden ref');
});

test.each([
  ['refs/heads/HEAD', 'You cannot create a branch with an invalid name.'],
  ['refs/tags/HEAD', 'You cannot create a tag with an invalid name.'],
  ['refs/heads/-option', 'You cannot create a branch with an invalid name.'],
  ['refs/remotes/origin/main', 'You can only create or update branches and tags.'],
  [
    'refs/replace/1111111111111111111111111111111111111111',
    'You can only create or update branches and tags.',
  ],
])('%s cannot be pushed', async (ref, reason) => {
  const { address, token, ada, twin, project } = await startGit();
  const here = await cloned(address(token(ada, 'api')));
  const { code, text } = await client(here, 'push', 'origin', `main:${ref}`, 'main:topic');
  expect(code).toBe(1);
  expect(text).toContain(`remote: GitLab: ${reason}`);
  const { text: refs } = await client(twin.repositories.folderOf(project), 'for-each-ref');
  expect(refs).toMatch(/^[0-9a-f]{40} commit\trefs\/heads\/main$/);
});

test('a push and commits by the API at the same time lose nothing', async () => {
  const { ada, token, address, twin, project } = await startGit();
  const here = await cloned(address(token(ada, 'api')));
  await client(here, 'checkout', '-b', 'topic');
  await commitIn(here, { 'b.txt': '2' });
  const write = (path: string) =>
    twin.repositories.write(project, {
      ...{ branch: 'main', message: path, author: person, committer: person },
      actions: [{ action: 'create', path, content: bytes('x') }],
    });
  const [pushed, ...written] = await Promise.all([
    client(here, 'push', 'origin', 'topic'),
    write('x'),
    write('y'),
  ]);
  expect(pushed.code).toBe(0);
  expect(written).toMatchObject([{ ok: true }, { ok: true }]);
  await client(here, 'checkout', 'main');
  await commitIn(here, { 'late.txt': '3' });
  expect((await client(here, 'push', 'origin', 'main')).text).toContain(
    '! [rejected]        main -> main (fetch first)',
  );
});
