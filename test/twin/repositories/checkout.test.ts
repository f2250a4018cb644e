import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseRemote, readCheckout } from '../../../components/twin/repositories/checkout.ts';
import { importFolder } from '../../../components/twin/repositories/import.ts';
import { createRepositories } from '../../../components/twin/repositories/repositories.ts';
import { addProject, addUser } from '../../../components/twin/world/seed.ts';
import { createWorld } from '../../../components/twin/world/world.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../../support/workspace.ts';

async function importOf(folder: string) {
  const context = testContext(workspace());
  const world = createWorld({ folder: workspace(), clock: context.clock });
  const user = addUser(world, { username: 'ada' });
  const project = addProject(world, { path: 'group/project', creatorId: user.id });
  const repositories = createRepositories(context, world);
  const imported = await importFolder(context, repositories, project, folder, { workingTree: true });
  return { imported, bare: repositories.folderOf(project) };
}

/** Mode and path of each file. */
function filesOf(bare: string, sha = ''): string[] {
  const listed = git(bare, '-c', 'core.quotePath=false', 'ls-tree', '-r', sha);
  return listed.split('\n').map((line) => line.replace(/ \w+ \w+\t/, ' '));
}

test('nothing of a repository itself comes along, nor what lies behind a link', async () => {
  const outside = workspace({ 'secret.txt': 'secret' });
  const folder = workspace({ 'dir/secret.txt': 'mine', 'a b/ü.txt': 'x', 'bin/run': '#!/bin/sh\n' });
  chmodSync(join(folder, 'bin/run'), 0o755);
  commitAll(folder);
  git(folder, 'config', 'core.hooksPath', '/nonexistent');
  git(folder, 'config', 'filter.x.clean', 'exit 1');
  writeFiles(folder, { '.gitattributes': '* filter=x\n', '.git/hooks/pre-commit': '#!/bin/sh\nexit 1\n' });
  rmSync(join(folder, 'dir'), { recursive: true });
  symlinkSync(outside, join(folder, 'dir'));
  const { imported, bare } = await importOf(folder);
  expect(filesOf(bare, imported.sha)).toEqual([
    ...['100644 .gitattributes', '100644 a b/ü.txt', '100755 bin/run', '120000 dir'],
  ]);
  expect(existsSync(join(bare, 'hooks'))).toBe(false);
  expect(readFileSync(join(bare, 'config'), 'utf8')).not.toMatch(/hooksPath|filter/);
});

test('a submodule that is not checked out changes nothing', async () => {
  const folder = workspace({ 'a.txt': 'x' });
  const head = commitAll(folder);
  git(folder, 'update-index', '--add', '--cacheinfo', `160000,${head},sub`);
  mkdirSync(join(folder, 'sub'));
  git(folder, 'commit', '--quiet', '--message=submodule');
  expect((await importOf(folder)).imported.changed).toBe(false);
});

test('a broken repository is told from a missing one', async () => {
  const folder = workspace({ 'a.txt': 'x' });
  const context = testContext(folder);
  await expect(readCheckout(context, folder)).rejects.toMatchObject({ code: 'TWIN_NO_REPOSITORY' });
  commitAll(folder);
  writeFileSync(join(folder, '.git/index'), 'broken');
  await expect(importOf(folder)).rejects.toMatchObject({ code: 'TWIN_GIT' });
});

test('a repository whose objects git could not be told of is refused', async () => {
  const folder = join(workspace({ 'two\nlines/a.txt': 'x' }), 'two\nlines');
  commitAll(folder);
  await expect(importOf(folder)).rejects.toMatchObject({
    code: 'TWIN_GIT',
    message: expect.stringContaining('line break'),
  });
});

test.each([
  ['https://gitlab.com/a/b.git', { host: 'gitlab.com', path: 'a/b' }],
  ['https://user:pass@gitlab.example:8443/a/b/c/', { host: 'gitlab.example:8443', path: 'a/b/c' }],
  ['git@gitlab.com:a/b.git', { host: 'gitlab.com', path: 'a/b' }],
  ['ssh://git@gitlab.com:22/a/b', { host: 'gitlab.com', path: 'a/b' }],
  ['/srv/git/a.git', undefined],
  ['file:///srv/a.git', undefined],
])('the remote %s', (url, place) => expect(parseRemote(url)).toEqual(place));
