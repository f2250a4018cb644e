import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRepository } from '../../components/git/objects.ts';
import { testContext } from '../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../support/workspace.ts';

async function open(folder: string, head = git(folder, 'rev-parse', 'HEAD')) {
  return openRepository(testContext(folder), folder, { base: head, head });
}

function history() {
  const folder = workspace({ 'src/a.ts': 'one\ntwo\nthree\n', 'b.ts': 'b\n' });
  const first = commitAll(folder, 'Begin\n\nWith a body.');
  writeFiles(folder, { 'src/a.ts': 'one\nTWO\nthree\n' });
  const second = commitAll(folder, 'Shout two');
  return { folder, first, second };
}

describe('log', () => {
  test('commits up to the head, of all or of a path, the newest first', async () => {
    const { folder, first, second } = history();
    const repository = await open(folder);
    const all = await repository.readLog(undefined, 5);
    expect(all.isWhole).toBe(true);
    expect(all.entries.map(({ commit, author, subject }) => [commit, author, subject])).toEqual([
      [second, 'Test', 'Shout two'],
      [first, 'Test', 'Begin'],
    ]);
    expect(all.entries[0]?.day).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect((await repository.readLog('b.ts', 5)).entries.map(({ commit }) => commit)).toEqual([first]);
    expect((await repository.readLog('src', 1)).entries.map(({ commit }) => commit)).toEqual([second]);
    expect((await repository.readLog('src', 1)).isWhole).toBe(false);
    // A commit before the head has its own history.
    expect((await (await open(folder, first)).readLog(undefined, 5)).entries).toHaveLength(1);
  });

  test('obeys no setting and no file of the repository, and takes no option for a path', async () => {
    const { folder, first } = history();
    writeFiles(folder, { '.mailmap': 'Somebody <x@example.com> Test <test@example.com>\n' });
    commitAll(folder, 'map');
    const made = join(folder, 'made');
    git(folder, 'config', 'log.showSignature', 'true');
    git(folder, 'config', 'gpg.program', `touch ${made}`);
    git(folder, 'config', 'log.mailmap', 'true');
    git(folder, 'config', 'diff.evil.textconv', `touch ${made}; cat`);
    git(folder, 'config', 'core.attributesFile', join(folder, 'attributes'));
    writeFileSync(join(folder, 'attributes'), '* diff=evil\n');
    const repository = await open(folder);
    expect(new Set((await repository.readLog(undefined, 9)).entries.map(({ author }) => author))).toEqual(
      new Set(['Test']),
    );
    const { entries } = await repository.readBlame('b.ts', 1, 1);
    expect(entries.map(({ commit, text }) => [commit.commit, commit.author, text])).toEqual([
      [first, 'Test', 'b'],
    ]);
    for (const path of [
      '--output=made',
      `--output=${made}`,
      '-O',
      '../b.ts',
      '/b.ts',
      ':(glob)*',
      '.git/config',
    ])
      expect((await repository.readLog(path, 9)).entries, path).toEqual([]);
    expect((await repository.readBlame('--contents=/etc/passwd', 1, 1)).entries).toEqual([]);
    expect(existsSync(made)).toBe(false);
  });

  test('a subject is one line, whatever it holds', async () => {
    const folder = workspace({ a: 'a' });
    commitAll(folder, 'commit 0123456789\nsame line\u0001 of the subject\n\ncommit abcdef\nxy');
    const { entries } = await (await open(folder)).readLog(undefined, 9);
    expect(entries.map(({ subject }) => subject)).toEqual([
      'commit 0123456789 same line\u0001 of the subject',
    ]);
  });

  test('says where a shallow clone ends', async () => {
    const { folder, second } = history();
    const clone = join(workspace(), 'clone');
    git(folder, 'clone', '--quiet', '--depth=1', `file://${folder}`, clone);
    const repository = await open(clone);
    const { entries, isWhole } = await repository.readLog(undefined, 9);
    expect([entries.map(({ commit }) => commit), isWhole]).toEqual([[second], false]);
    expect((await repository.readBlame('src/a.ts', 1, 3)).isWhole).toBe(false);
  });
});

test('blame says who changed each line last', async () => {
  const { folder, first, second } = history();
  const { entries, isWhole } = await (await open(folder)).readBlame('src/a.ts', 1, 3);
  expect(isWhole).toBe(true);
  expect(entries.map(({ line, text, commit }) => [line, text, commit.commit, commit.subject])).toEqual([
    [1, 'one', first, 'Begin'],
    [2, 'TWO', second, 'Shout two'],
    [3, 'three', first, 'Begin'],
  ]);
});

describe('texts of many files', () => {
  test('come in order, by one process, and undefined where they are none', async () => {
    const files = { a: 'x\n', 'b/c': '', d: 'bin\0ary', 'e\nf': 'odd name', g: 'y'.repeat(1024 * 1024 + 1) };
    const folder = workspace(files);
    symlinkSync('/etc/passwd', join(folder, 'link'));
    mkdirSync(join(folder, 'empty'));
    commitAll(folder);
    const context = testContext(folder);
    let started = 0;
    const exec: typeof context.exec = (...args) => {
      started += 1;
      return context.exec(...args);
    };
    const head = git(folder, 'rev-parse', 'HEAD');
    const repository = await openRepository({ ...context, exec }, folder, { base: head, head });
    const paths = await repository.listFiles();
    expect(paths).toEqual(['a', 'b/c', 'd', 'e\nf', 'g']);
    const before = started;
    const seen = new Map<string, string | undefined>();
    await repository.readEach([...paths, 'link', 'none', '../x'], (path, text) => {
      seen.set(path, text);
      return true;
    });
    expect(started - before).toBe(1);
    expect(Object.fromEntries(seen)).toEqual({
      a: 'x\n',
      'b/c': '',
      d: undefined,
      'e\nf': 'odd name',
      g: undefined,
    });
    const some: string[] = [];
    await repository.readEach(['a', 'b/c', 'd'], (path) => {
      some.push(path);
      return path !== 'b/c';
    });
    expect(some).toEqual(['a', 'b/c']);
    await repository.readEach([], () => expect.fail('nothing was asked for'));
  });

  test('what is none says why', async () => {
    const folder = workspace({ 'src/a': 'x', bin: '\0', large: 'y'.repeat(1024 * 1024 + 1), latin: '' });
    writeFileSync(join(folder, 'latin'), Buffer.from([0xe4]));
    symlinkSync('src/a', join(folder, 'link'));
    commitAll(folder);
    git(folder, 'update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},sub`);
    git(folder, 'commit', '--quiet', '--message', 'sub');
    const repository = await open(folder);
    const cases: [string, RegExp][] = [
      ['/etc/passwd', /relative to the top/],
      ['src/../../x', /no step `\.\.`/],
      ['..', /no step `\.\.`/],
      ['.git/config', /No file of a repository has such a path/],
      ['--help', /No file of a repository has such a path/],
      ['link', /symbolic link, and links are not followed/],
      ['link/x', /no file at this path/],
      ['sub', /submodule, and submodules are not read/],
      ['src', /a folder, of 1 files/],
      ['none', /no file at this path/],
      ['bin', /no text in UTF-8/],
      ['latin', /no text in UTF-8/],
      ['large', /1048577 bytes, and files of at most 1 MiB/],
    ];
    for (const [path, words] of cases) {
      expect(await repository.readFile(path), path).toBeUndefined();
      expect(await repository.whyNot(path), path).toMatch(words);
    }
  });
});
