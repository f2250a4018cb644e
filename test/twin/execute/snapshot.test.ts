import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseRemote, readProject } from '../../../components/twin/execute/project.ts';
import { takeSnapshot } from '../../../components/twin/execute/snapshot.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../../support/workspace.ts';
import { tryPipeline } from './harness.ts';

async function snapshotOf(folder: string) {
  const context = testContext(folder);
  return takeSnapshot(context, await readProject(context, folder), workspace());
}

test('a folder that is no repository is refused', async () => {
  await expect(tryPipeline(workspace(), {})).rejects.toMatchObject({ code: 'TWIN_NO_REPOSITORY' });
});

test('a clean working tree is its commit, with history', async () => {
  const folder = workspace({ 'a b/ü.txt': 'x', 'bin/run': '#!/bin/sh\n' });
  chmodSync(join(folder, 'bin/run'), 0o755);
  const first = commitAll(folder);
  const head = commitAll(folder, 'second $HOME');
  const snapshot = await snapshotOf(folder);
  expect(snapshot).toMatchObject({ sha: head, parent: first, changed: false, title: 'second $HOME' });
  expect(git(snapshot.folder, 'log', '--format=%s')).toBe('second $HOME\nfiles');
  expect(git(snapshot.folder, 'status', '--short')).toBe('');
  expect(readFileSync(join(snapshot.folder, 'a b/ü.txt'), 'utf8')).toBe('x');
  expect(statSync(join(snapshot.folder, 'bin/run')).mode & 0o111).not.toBe(0);
});

test('the files are those git would take: no ignored ones, none behind a link, none of git itself', async () => {
  const outside = workspace({ 'secret.txt': 'secret' });
  const folder = workspace({ '.gitignore': '*.log\n', 'dir/secret.txt': 'mine', 'gone.txt': 'x' });
  commitAll(folder);
  git(folder, 'config', 'core.hooksPath', '/nonexistent');
  git(folder, 'config', 'filter.x.clean', 'exit 1');
  writeFiles(folder, { 'new.txt': 'new', 'a.log': 'log', '.git/hooks/pre-commit': '#!/bin/sh\nexit 1\n' });
  rmSync(join(folder, 'gone.txt'));
  rmSync(join(folder, 'dir'), { recursive: true });
  symlinkSync(outside, join(folder, 'dir'));
  symlinkSync('/etc/passwd', join(folder, 'link'));
  const { folder: copy, changed } = await snapshotOf(folder);
  expect(changed).toBe(true);
  // Links are there as git keeps them, and what they lead to is not.
  expect(
    git(copy, 'ls-tree', '-r', 'HEAD')
      .split('\n')
      .map((line) => line.replace(/ \w+ \w+\t/, ' ')),
  ).toEqual([...['100644 .gitignore', '120000 dir', '120000 link', '100644 new.txt']]);
  expect(existsSync(join(copy, '.git/hooks'))).toBe(false);
  expect(readFileSync(join(copy, '.git/config'), 'utf8')).not.toMatch(/hooksPath|filter/);
});

test('a repository without commits, a shallow one and a folder of a repository work', async () => {
  const unborn = workspace({ 'a.txt': 'x' });
  git(unborn, 'init', '--quiet', '--initial-branch=trunk');
  expect(await snapshotOf(unborn)).toMatchObject({ parent: undefined, changed: true });
  const full = workspace({ 'a.txt': 'x' });
  commitAll(full);
  const head = commitAll(full, 'second');
  const shallow = join(workspace(), 'shallow');
  git(full, 'clone', '--quiet', '--depth=1', `file://${full}`, shallow);
  mkdirSync(join(shallow, 'below'));
  const snapshot = await snapshotOf(join(shallow, 'below'));
  expect(snapshot.sha).toBe(head);
  expect(git(snapshot.folder, 'log', '--format=%s')).toBe('second');
});

test('a submodule that is not checked out changes nothing', async () => {
  const folder = workspace({ 'a.txt': 'x' });
  const head = commitAll(folder);
  git(folder, 'update-index', '--add', '--cacheinfo', `160000,${head},sub`);
  mkdirSync(join(folder, 'sub'));
  git(folder, 'commit', '--quiet', '--message=submodule');
  expect((await snapshotOf(folder)).changed).toBe(false);
});

test('a broken repository is told from a missing one', async () => {
  const folder = workspace({ 'a.txt': 'x' });
  commitAll(folder);
  writeFileSync(join(folder, '.git/index'), 'broken');
  await expect(snapshotOf(folder)).rejects.toMatchObject({ code: 'TWIN_GIT' });
});

test.each([
  ['https://gitlab.com/a/b.git', { host: 'gitlab.com', path: 'a/b' }],
  ['https://user:pass@gitlab.example:8443/a/b/c/', { host: 'gitlab.example:8443', path: 'a/b/c' }],
  ['git@gitlab.com:a/b.git', { host: 'gitlab.com', path: 'a/b' }],
  ['ssh://git@gitlab.com:22/a/b', { host: 'gitlab.com', path: 'a/b' }],
  ['/srv/git/a.git', undefined],
  ['file:///srv/a.git', undefined],
])('the remote %s', (url, place) => expect(parseRemote(url)).toEqual(place));
