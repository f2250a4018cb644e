import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createWorldFiles } from '../../../components/twin/pipelines/project-files.ts';
import type { ProjectFiles } from '../../../components/twin/render/types.ts';
import { importFolder } from '../../../components/twin/repositories/import.ts';
import { createRepositories } from '../../../components/twin/repositories/repositories.ts';
import { addProject, addUser } from '../../../components/twin/world/seed.ts';
import { createWorld } from '../../../components/twin/world/world.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, git, workspace } from '../../support/workspace.ts';

/** Serves a folder as `acme/lib` to one who may read it. */
async function serve(folder: string): Promise<ProjectFiles> {
  const context = testContext(workspace());
  const world = createWorld({ folder: workspace(), clock: context.clock });
  const user = addUser(world, { username: 'ada' });
  const project = addProject(world, { path: 'acme/lib', creatorId: user.id });
  const repositories = createRepositories(context, world);
  await importFolder(context, repositories, project, folder, { workingTree: true });
  return createWorldFiles({ world, repositories }, user);
}

async function readAt(files: ProjectFiles, ref: string, path = 'a.yml'): Promise<string | undefined> {
  const found = await files.resolve('acme/lib', ref);
  return found && files.read('acme/lib', found.sha, path);
}

/** Versions 1.0.0 and 1.1.0, a branch, and a changed working tree. */
function makeLibrary(): string {
  const folder = workspace({ 'a.yml': 'one' });
  const commit = (text: string) => {
    writeFileSync(join(folder, 'a.yml'), text);
    return commitAll(folder, text);
  };
  commit('one');
  git(folder, 'tag', '1.0.0');
  git(folder, 'branch', 'old');
  commit('two');
  git(folder, 'tag', '--annotate', '--message=x', '1.1.0');
  git(folder, 'tag', 'nightly');
  writeFileSync(join(folder, 'a.yml'), 'changed');
  writeFileSync(join(folder, 'new.yml'), 'new');
  return folder;
}

test('a ref is a commit, a tag, a branch or a version; what is checked out has its changes', async () => {
  const folder = makeLibrary();
  const files = await serve(folder);
  const head = git(folder, 'rev-parse', 'HEAD');
  expect(await readAt(files, 'HEAD')).toBe('changed');
  expect(await readAt(files, 'main')).toBe('changed');
  expect(await readAt(files, 'main', 'new.yml')).toBe('new');
  expect(await readAt(files, head)).toBe('two');
  expect(await readAt(files, 'old')).toBe('one');
  expect(await readAt(files, '1.0.0')).toBe('one');
  expect(await readAt(files, '1')).toBe('two');
  expect(await files.resolve('acme/lib', '~latest')).toEqual({ sha: head, version: '1.1.0' });
  expect(await files.resolve('acme/lib', '1.0.0')).toMatchObject({ version: '1.0.0' });
  expect(await files.resolve('acme/lib', 'nightly')).toEqual({ sha: head, version: null });
  for (const ref of ['2', 'nowhere', 'ffff', '--all'])
    expect(await files.resolve('acme/lib', ref)).toBeUndefined();
  expect(await files.resolve('acme/other', 'main')).toBeUndefined();
});

test('lists files of what is checked out and of a commit', async () => {
  const folder = makeLibrary();
  const files = await serve(folder);
  const { sha = '' } = (await files.resolve('acme/lib', 'HEAD')) ?? {};
  expect(await files.list('acme/lib', sha)).toEqual(['a.yml', 'new.yml']);
  expect(await files.list('acme/lib', git(folder, 'rev-parse', 'HEAD'))).toEqual(['a.yml']);
});

test('every ref of a folder that is no repository is its files, and none leads out of it', async () => {
  const folder = workspace({ 'a.yml': 'plain', 'b/c.yml': 'deep', '.git-not/x': '' });
  symlinkSync('/etc/hostname', join(folder, 'link.yml'));
  symlinkSync('/etc', join(folder, 'etc'));
  const files = await serve(folder);
  for (const ref of ['main', 'v2', '1.2.3', '1', '~latest', '0'.repeat(40)]) {
    expect(await readAt(files, ref)).toBe('plain');
  }
  // No version is made up.
  expect(await files.resolve('acme/lib', '1.2.3')).toMatchObject({ version: null });
  const { sha = '' } = (await files.resolve('acme/lib', 'main')) ?? {};
  expect(await files.list('acme/lib', sha)).toEqual(expect.arrayContaining(['a.yml', 'b/c.yml']));
  for (const path of ['etc/hostname', '../x', '/etc/hostname', '.git/config', 'b', 'none']) {
    expect(await readAt(files, 'main', path)).toBeUndefined();
  }
  // As git keeps a link: where it leads, not what lies there.
  expect(await readAt(files, 'main', 'link.yml')).toBe('/etc/hostname');
});

test('a repository without a commit has no versions either', async () => {
  const folder = workspace({ 'a.yml': 'plain' });
  git(folder, 'init', '--quiet', '--initial-branch=trunk');
  expect(await readAt(await serve(folder), '1.0.0')).toBe('plain');
});
