import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readShownRoot } from '../../components/sandbox/shown-root.ts';
import { testContext } from '../support/cli.ts';
import { workspace, writeFiles } from '../support/workspace.ts';
import { failure } from './support.ts';

const context = testContext('/');
const show = (root: string) => readShownRoot(context, root);

describe('readShownRoot', () => {
  test('shows a folder by its name without links', async () => {
    const root = workspace({ 'a.txt': '' });
    symlinkSync(root, join(root, 'again'));
    expect(await show(join(root, 'again/.'))).toEqual({ source: root, covers: [] });
  });

  test('covers `.git`, whether it is a folder, a file or a link', async () => {
    const folder = workspace({ '.git/config': 'token' });
    expect((await show(folder)).covers).toEqual([{ path: '/checkout/.git', folder: true }]);
    const file = workspace({ '.git': 'gitdir: ../elsewhere' });
    expect((await show(file)).covers).toEqual([{ path: '/checkout/.git', folder: false }]);
  });

  test('covers what a link called `.git` leads to, where that is a part of the checkout', async () => {
    const root = workspace({ 'deep/store/config': 'token' });
    symlinkSync('deep/store', join(root, '.git'));
    expect((await show(root)).covers).toEqual([{ path: '/checkout/deep/store', folder: true }]);
  });

  test.each([
    ['out of it', '..'],
    ['to the checkout itself', '.'],
    ['far away', '/etc'],
    ['nowhere', 'nothing'],
  ])('a link called `.git` that leads %s needs no cover', async (_, target) => {
    const root = workspace({ 'a.txt': '' });
    symlinkSync(target, join(root, '.git'));
    expect((await show(root)).covers).toEqual([]);
  });

  test('a name that only begins with two dots is a part of the checkout', async () => {
    const root = workspace({ '..store/config': 'token' });
    symlinkSync('..store', join(root, '.git'));
    expect((await show(root)).covers).toEqual([{ path: '/checkout/..store', folder: true }]);
  });

  test.each([
    '/',
    '/etc',
    '/root',
    '/home',
    '/usr',
    '/var',
    '/proc',
    '/proc/self',
    '/sys/kernel',
    '/dev',
    '/run',
  ])('%s is no checkout', async (root) => {
    expect(await failure(show(root))).toMatch(
      /^SANDBOX_ROOT: \S+ cannot be shown to a script: .*(expected a checkout|no such file)/,
    );
  });

  test('nor is a link that leads to one of them', async () => {
    const root = workspace();
    symlinkSync('/', join(root, 'all'));
    const path = join(root, 'all');
    expect(await failure(show(path))).toBe(
      `SANDBOX_ROOT: ${path} cannot be shown to a script: / is the system's, expected a checkout`,
    );
  });

  test('what is no folder', async () => {
    const root = workspace({ file: '' });
    const missing = join(root, 'missing');
    expect(await failure(show(join(root, 'file')))).toMatch(/^SANDBOX_ROOT: .*: it is no folder$/);
    expect(await failure(show(missing))).toMatch(/^SANDBOX_ROOT: .*: ENOENT: /);
    expect(await failure(show(join(root, 'file/x')))).toMatch(/^SANDBOX_ROOT: .*: ENOTDIR: /);
  });

  test('what we may not look into', async () => {
    const refused = Object.assign(new Error("EACCES: permission denied, realpath '/a/b'"), {
      ...{ code: 'EACCES', syscall: 'realpath' },
    });
    // As root nothing refuses.
    const fs = { ...context.fs, realpath: () => Promise.reject(refused) } as typeof context.fs;
    expect(await failure(readShownRoot({ fs }, '/a/b'))).toMatch(/^SANDBOX_ROOT: .*: EACCES: /);
  });
});

/** Whether this user may make folders in `/usr/local`, as root in a job's container may. */
const shared = (() => {
  try {
    const folder = mkdtempSync('/usr/local/share/pipewright-test-');
    rmSync(folder, { recursive: true });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!shared)('a checkout in a folder of /usr that is shown (needs to write there)', () => {
  function shown(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync('/usr/local/share/pipewright-test-');
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFiles(folder, files);
    return folder;
  }

  test('is covered there', async () => {
    const folder = shown({ '.git/config': 'token' });
    expect((await show(folder)).covers).toEqual([
      { path: '/checkout/.git', folder: true },
      { path: folder, folder: true },
    ]);
  });

  test('so is the `.git` of the checkout that it is a part of', async () => {
    const folder = shown({ '.git/config': 'token', 'part/a': '' });
    mkdirSync(join(folder, 'part/deeper'));
    expect((await show(join(folder, 'part/deeper'))).covers).toEqual([
      { path: join(folder, 'part/deeper'), folder: true },
      { path: join(folder, '.git'), folder: true },
    ]);
  });
});
