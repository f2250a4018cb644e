import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProjectFiles, serveFolder } from '../../../components/twin/projects.ts';
import type { ProjectFiles } from '../../../components/twin/render/types.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, git, workspace } from '../../support/workspace.ts';

async function serve(folder: string): Promise<ProjectFiles> {
  const context = testContext(folder);
  return createProjectFiles(context, new Map([['acme/lib', await serveFolder(context, folder)]]));
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
  expect(await readAt(files, '1.2.3')).toBe('plain');
  expect(await files.list('acme/lib', '0'.repeat(40))).toEqual(expect.arrayContaining(['a.yml', 'b/c.yml']));
  for (const path of ['link.yml', 'etc/hostname', '../x', '/etc/hostname', '.git/config', 'b', 'none']) {
    expect(await readAt(files, 'main', path)).toBeUndefined();
  }
});
