import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importFolder } from '../../../components/twin/repositories/import.ts';
import { createRepositories } from '../../../components/twin/repositories/repositories.ts';
import { addProject, addUser } from '../../../components/twin/world/seed.ts';
import { createWorld } from '../../../components/twin/world/world.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../../support/workspace.ts';

async function importOf(folder: string, workingTree = true) {
  const context = testContext(workspace());
  const world = createWorld({ folder: workspace(), clock: context.clock });
  const user = addUser(world, { username: 'ada' });
  const project = addProject(world, { path: 'group/project', creatorId: user.id });
  const repositories = createRepositories(context, world);
  const imported = await importFolder(context, repositories, project, folder, { workingTree });
  const files = async (ref: string) => {
    const sha = (await repositories.resolve(project, ref)) ?? '';
    const entries = (await repositories.tree(project, sha, '', true)) ?? [];
    return entries.filter(({ type }) => type !== 'tree').map(({ path }) => path);
  };
  return { world, project, repositories, imported, files, bare: repositories.folderOf(project) };
}

test('a clean checkout is its branches and tags, and no object of it is copied', async () => {
  const folder = workspace({ 'a.txt': '1' });
  const first = commitAll(folder);
  git(folder, 'tag', 'v1');
  git(folder, 'tag', '--annotate', '--message', 'second', 'v2');
  git(folder, 'checkout', '--quiet', '-b', 'feature/x');
  const { repositories, project, imported, bare } = await importOf(folder);
  expect(imported).toMatchObject({ root: folder, branch: 'feature/x', sha: first, changed: false });
  expect([...(await repositories.branches(project)).keys()]).toEqual(['feature/x', 'main']);
  expect([...(await repositories.tags(project))]).toEqual([
    ['v1', first],
    ['v2', first],
  ]);
  expect(project.defaultBranch).toBe('main');
  expect(readFileSync(join(bare, 'objects/info/alternates'), 'utf8')).toBe(`${folder}/.git/objects\n`);
  expect(git(bare, 'count-objects')).toMatch(/^0 objects/);
});

test('what is not committed yet is a commit on the checked-out branch, here only', async () => {
  const outside = workspace({ 'secret.txt': 'secret' });
  const folder = workspace({ '.gitignore': '*.log\n', 'gone.txt': 'x', 'kept.txt': 'old' });
  const head = commitAll(folder);
  writeFiles(folder, { 'kept.txt': 'new', 'new.txt': 'new', 'a.log': 'log' });
  rmSync(join(folder, 'gone.txt'));
  symlinkSync(outside, join(folder, 'link'));
  const before = git(folder, 'status', '--porcelain');
  const { imported, files, repositories, project, bare } = await importOf(folder);
  expect(imported).toMatchObject({ branch: 'main', changed: true });
  expect(await files('main')).toEqual(['.gitignore', 'kept.txt', 'link', 'new.txt']);
  const commit = await repositories.commit(project, imported.sha ?? '');
  expect(commit).toMatchObject({ parents: [head], title: 'Changes that are not committed yet' });
  expect(git(folder, 'status', '--porcelain')).toBe(before);
  expect(git(folder, 'rev-parse', 'HEAD')).toBe(head);
  expect(existsSync(join(bare, 'hooks'))).toBe(false);
});

test('without its working tree a checkout is what is committed', async () => {
  const folder = workspace({ 'a.txt': '1' });
  const head = commitAll(folder);
  writeFiles(folder, { 'b.txt': '2' });
  const { imported, files } = await importOf(folder, false);
  expect(imported).toMatchObject({ sha: head, changed: false });
  expect(await files('main')).toEqual(['a.txt']);
});

test('branches of origin come too, where there is no local one', async () => {
  const upstream = workspace({ 'a.txt': '1' });
  const first = commitAll(upstream);
  git(upstream, 'branch', 'stable');
  const folder = join(workspace(), 'clone');
  git(upstream, 'clone', '--quiet', upstream, folder);
  const ahead = commitAll(folder, 'mine');
  const { repositories, project } = await importOf(folder);
  expect([...(await repositories.branches(project))]).toEqual([
    ['main', ahead],
    ['stable', first],
  ]);
});

test('a folder of a repository is all of it, and a detached HEAD has a branch of its own', async () => {
  const folder = workspace({ 'below/a.txt': '1' });
  const first = commitAll(folder);
  commitAll(folder, 'second');
  git(folder, 'checkout', '--quiet', '--detach', first);
  const { imported } = await importOf(join(folder, 'below'));
  expect(imported).toMatchObject({ root: folder, branch: 'detached', sha: first });
});

test('a shallow clone, a repository of SHA-256 and one without a commit work', async () => {
  const full = workspace({ 'a.txt': '1' });
  commitAll(full);
  commitAll(full, 'second');
  const shallow = join(workspace(), 'shallow');
  git(full, 'clone', '--quiet', '--depth=1', `file://${full}`, shallow);
  const one = await importOf(shallow);
  expect(await one.repositories.log(one.project, { from: 'main' })).toHaveLength(1);

  const long = workspace({ 'a.txt': '1' });
  git(long, 'init', '--quiet', '--initial-branch=main', '--object-format=sha256');
  commitAll(long);
  const two = await importOf(long);
  expect(two.imported.sha).toMatch(/^[0-9a-f]{64}$/);
  const person = { name: 'Ada', email: 'ada@example.com' };
  const actions = [{ action: 'delete', path: 'a.txt' } as const];
  const request = { branch: 'main', message: 'x', author: person, committer: person, actions };
  expect(await two.repositories.write(two.project, request)).toMatchObject({ ok: true });
  expect(await two.files('main')).toEqual([]);
  const fork = addProject(two.world, { path: 'ada/fork', creatorId: 1, defaultBranch: 'main' });
  await two.repositories.fork(two.project, fork);
  expect((await two.repositories.branches(fork)).size).toBe(1);

  const unborn = workspace({ 'a.txt': '1' });
  git(unborn, 'init', '--quiet', '--initial-branch=trunk');
  const three = await importOf(unborn);
  expect(three.imported).toMatchObject({ branch: 'trunk', changed: true });
  expect(three.project.defaultBranch).toBe('trunk');
});

test('a folder without a repository becomes one commit of its files', async () => {
  const folder = workspace({ 'a.txt': '1', 'b/c.txt': '2', '.gitignore': 'ignored\n', ignored: 'x' });
  const { imported, files, project } = await importOf(folder);
  expect(imported).toMatchObject({ root: folder, branch: 'main', changed: true });
  expect(await files('main')).toEqual(['.gitignore', 'a.txt', 'b/c.txt']);
  expect(project.defaultBranch).toBe('main');
  expect(existsSync(join(folder, '.git'))).toBe(false);
});

test('branches that git cannot have and objects that are missing are left out', async () => {
  const folder = workspace({ 'a.txt': '1' });
  const head = commitAll(folder);
  writeFiles(folder, { '.git/refs/heads/broken': `${'1'.repeat(40)}\n` });
  const { repositories, project } = await importOf(folder);
  expect([...(await repositories.branches(project))]).toEqual([['main', head]]);
});
