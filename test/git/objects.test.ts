import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { materialise } from '../../components/git/materialise.ts';
import { openRepository } from '../../components/git/objects.ts';
import { testContext } from '../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../support/workspace.ts';

/** A repository with two commits. */
function twoCommits(before: Record<string, string>, after: Record<string, string>) {
  const folder = workspace(before);
  const base = commitAll(folder);
  writeFiles(folder, after);
  const head = commitAll(folder);
  return { folder, base, head };
}

async function open({ folder, base, head }: ReturnType<typeof twoCommits>) {
  return openRepository(testContext(folder), folder, { base, head });
}

describe('what is read', () => {
  test('a diff with three lines of context, of one file or of all', async () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const text = (changed: string) => `${lines.with(10, changed).join('\n')}\n`;
    const made = twoCommits(
      { 'a.txt': text('old'), 'b.txt': '1\n' },
      { 'a.txt': text('new'), 'b.txt': '2\n' },
    );
    const repository = await open(made);
    const diff = await repository.readDiff('a.txt');
    expect(diff.split('\n').slice(2)).toEqual([
      ...['--- a/a.txt', '+++ b/a.txt', '@@ -8,7 +8,7 @@ line 6', ' line 7', ' line 8', ' line 9'],
      ...['-old', '+new', ' line 11', ' line 12', ' line 13', ''],
    ]);
    expect(await repository.readDiff()).toMatch(/a\.txt[\s\S]*b\.txt/);
    expect([repository.base, repository.head]).toEqual([made.base, made.head]);
  });

  test('a text file, also below folders and with any name', async () => {
    const files = { 'sub folder/ä [x]*?.txt': 'Grüße\n', 'a.txt': 'a' };
    const repository = await open(twoCommits({}, files));
    expect(await repository.readFile('sub folder/ä [x]*?.txt')).toBe('Grüße\n');
    expect(await repository.listFiles()).toEqual(['a.txt', 'sub folder/ä [x]*?.txt']);
    expect(await repository.readDiff('sub folder/ä [x]*?.txt')).toContain('+Grüße');
  });

  test('the head, not the working tree', async () => {
    const made = twoCommits({}, { 'a.txt': 'committed' });
    writeFiles(made.folder, { 'a.txt': 'edited', 'new.txt': 'x' });
    const repository = await open(made);
    expect(await repository.readFile('a.txt')).toBe('committed');
    expect(await repository.listFiles()).toEqual(['a.txt']);
  });

  test('from a folder below the top all paths are those of the repository', async () => {
    const { folder, base, head } = twoCommits({}, { 'sub/a.txt': 'a\n', 'b.txt': 'b\n' });
    const below = join(folder, 'sub');
    const repository = await openRepository(testContext(below), below, { base, head });
    expect(await repository.listFiles()).toEqual(['b.txt', 'sub/a.txt']);
    expect(await repository.readFile('b.txt')).toBe('b\n');
    expect(await repository.readDiff('sub/a.txt')).toContain('+a');
  });

  test('a bare repository', async () => {
    const { folder, base, head } = twoCommits({}, { 'a.txt': 'a' });
    const bare = join(workspace(), 'bare.git');
    git(folder, 'clone', '--quiet', '--bare', folder, bare);
    const repository = await openRepository(testContext(bare), bare, { base, head });
    expect(await repository.readFile('a.txt')).toBe('a');
  });

  test('a commit that a shallow clone lacks is fetched', async () => {
    const { folder, base, head } = twoCommits({ 'a.txt': 'old\n' }, { 'a.txt': 'new\n' });
    const clone = join(workspace(), 'clone');
    git(folder, 'clone', '--quiet', '--depth=1', `file://${folder}`, clone);
    const repository = await openRepository(testContext(clone), clone, { base, head });
    expect(await repository.readDiff()).toContain('-old');
  });
});

describe('what is not read', () => {
  test.each([
    '../a.txt',
    '/etc/passwd',
    '-p',
    ':(top)a.txt',
    'x/../a.txt',
    '.git/config',
    'sub/.GIT/x',
    '',
    'a\0b',
    './a.txt',
  ])('the path %j', async (path) => {
    const repository = await open(twoCommits({}, { 'a.txt': 'a\n', 'sub/b.txt': 'b\n' }));
    expect(await repository.readFile(path)).toBeUndefined();
    expect(await repository.readDiff(path)).toBe('');
  });

  test('links, submodules, folders, binary and large files', async () => {
    const folder = workspace({
      'a.txt': 'a',
      'bin.dat': 'a\0b',
      'large.txt': 'x'.repeat(1024 * 1024 + 1),
      'sub/x': '',
    });
    symlinkSync('/etc/passwd', join(folder, 'link'));
    writeFileSync(join(folder, 'latin.txt'), Buffer.from([0x47, 0xfc, 0xdf]));
    const base = commitAll(folder);
    git(folder, 'update-index', '--add', '--cacheinfo', `160000,${base},module`);
    git(folder, 'commit', '--quiet', '-m', 'module');
    const head = git(folder, 'rev-parse', 'HEAD');
    const repository = await openRepository(testContext(folder), folder, { base, head });
    for (const path of ['link', 'module', 'sub', 'bin.dat', 'large.txt', 'latin.txt', 'none'])
      expect(await repository.readFile(path), path).toBeUndefined();
    expect(await repository.listFiles()).toEqual(['a.txt', 'bin.dat', 'large.txt', 'latin.txt', 'sub/x']);
  });

  test('attributes and drivers by which an author would hide changes or start programs', async () => {
    const made = twoCommits(
      {
        '.gitattributes': '*.ts -diff binary\n*.js diff=evil\n*.md filter=evil\n',
        'a.ts': 'old\n',
        'b.js': 'old\n',
      },
      { 'a.ts': 'new\n', 'b.js': 'new\n', 'c.md': 'text\n' },
    );
    for (const key of [
      'diff.evil.command',
      'diff.evil.textconv',
      'filter.evil.smudge',
      'filter.evil.process',
    ])
      git(made.folder, 'config', key, `touch ${made.folder}/ran`);
    const repository = await open(made);
    const diff = await repository.readDiff();
    expect(diff).toContain('+new');
    expect(diff.match(/^\+new$/gm)).toHaveLength(2);
    expect(diff).not.toContain('Binary files');
    const into = join(workspace(), 'out');
    await materialise(testContext(made.folder), made.folder, made.head, into);
    expect(readFileSync(join(into, 'c.md'), 'utf8')).toBe('text\n');
    expect(existsSync(join(made.folder, 'ran'))).toBe(false);
  });

  test('another object in the place of one', async () => {
    const made = twoCommits({ 'a.txt': 'base\n' }, { 'a.txt': 'head\n' });
    git(made.folder, 'replace', made.head, made.base);
    expect(await (await open(made)).readFile('a.txt')).toBe('head\n');
  });

  test('more than 256 KiB of a diff, and that is said', async () => {
    const text = (word: string) => `${word} ${'x'.repeat(90)}\n`.repeat(20_000);
    const repository = await open(twoCommits({ 'a.txt': text('old') }, { 'a.txt': text('new') }));
    const diff = await repository.readDiff();
    expect(Buffer.byteLength(diff)).toBeLessThan(257 * 1024);
    expect(diff).toMatch(/\n\\ The diff goes on: it is cut after 256 KiB\.\n$/);
  });

  test('the same text, whatever the user configures', async () => {
    const made = twoCommits(
      { 'a.txt': 'a\nb\nc\nold\nd\ne\nf\ng\nh\n' },
      { 'a.txt': 'a\nb\nc\nnew\nd\ne\nf\ng\nh\n' },
    );
    const before = await (await open(made)).readDiff();
    for (const [key, value] of [
      ['diff.noprefix', 'true'],
      ['diff.mnemonicPrefix', 'true'],
      ['diff.context', '0'],
      ['core.abbrev', '7'],
      ['color.ui', 'always'],
      ['diff.algorithm', 'patience'],
      ['diff.renames', 'false'],
    ] as const)
      git(made.folder, 'config', key, value);
    expect(await (await open(made)).readDiff()).toBe(before);
  });
});

describe('what cannot be had', () => {
  test('a folder that is no repository', async () => {
    const folder = workspace();
    const range = { base: 'a'.repeat(40), head: 'b'.repeat(40) };
    await expect(openRepository(testContext(folder), folder, range)).rejects.toMatchObject({
      code: 'GIT_NO_REPOSITORY',
    });
  });

  test('a commit nobody has', async () => {
    const { folder, base } = twoCommits({}, { a: '' });
    const opened = openRepository(testContext(folder), folder, { base, head: 'f'.repeat(40) });
    await expect(opened).rejects.toMatchObject({ code: 'GIT_COMMIT_MISSING' });
  });

  test.each(['HEAD', '--output=x', 'main', 'abc'])('the revision %j is not even tried', async (head) => {
    const { folder, base } = twoCommits({}, { a: '' });
    await expect(openRepository(testContext(folder), folder, { base, head })).rejects.toThrow(TypeError);
  });

  test('an object that is missing', async () => {
    const made = twoCommits({}, { 'a.txt': 'lost' });
    const object = git(made.folder, 'rev-parse', 'HEAD:a.txt');
    execFileSync('rm', ['-f', join(made.folder, '.git/objects', object.slice(0, 2), object.slice(2))]);
    const repository = await open(made);
    await expect(repository.readFile('a.txt')).rejects.toMatchObject({ code: 'GIT_UNREADABLE' });
    const into = join(workspace(), 'out');
    await expect(materialise(testContext(made.folder), made.folder, made.head, into)).rejects.toMatchObject({
      code: 'GIT_UNREADABLE',
    });
  });
});

describe('a tree that is written out', () => {
  test('has the regular files byte for byte, executable where they are, and nothing else', async () => {
    const folder = workspace({
      '.gitattributes': '*.txt text eol=crlf ident export-ignore\n',
      'a.txt': '$Id$\nx\n',
    });
    writeFiles(folder, { 'sub/run.sh': '#!/bin/sh\n', 'sub/empty': '' });
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
    writeFileSync(join(folder, 'big.bin'), bytes);
    execFileSync('chmod', ['+x', join(folder, 'sub/run.sh')]);
    symlinkSync('a.txt', join(folder, 'link'));
    const head = commitAll(folder);
    const into = join(workspace(), 'out');
    const written = await materialise(testContext(folder), folder, head, into);
    expect(written).toEqual({ files: 5, skipped: 1 });
    expect(readdirSync(into, { recursive: true }).sort()).toEqual(
      ['.gitattributes', 'a.txt', 'big.bin', 'sub', 'sub/empty', 'sub/run.sh'].sort(),
    );
    expect(readFileSync(join(into, 'a.txt'), 'utf8')).toBe('$Id$\nx\n');
    expect(readFileSync(join(into, 'big.bin')).equals(bytes)).toBe(true);
    expect(statSync(join(into, 'sub/run.sh')).mode & 0o111).not.toBe(0);
    expect(statSync(join(into, 'a.txt')).mode & 0o111).toBe(0);
  });

  test('never lands outside, whatever the tree says', async () => {
    const folder = workspace({ x: '' });
    commitAll(folder);
    const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: folder, input: 'evil' })
      .toString()
      .trim();
    const tree = (rows: string) =>
      execFileSync('git', ['mktree'], { cwd: folder, input: rows }).toString().trim();
    const evil = [
      tree(`040000 tree ${tree(`100644 blob ${blob}\thooks`)}\t..\n100644 blob ${blob}\tok`),
      tree(`040000 tree ${tree(`100644 blob ${blob}\tconfig`)}\t.git\n100644 blob ${blob}\tok`),
    ];
    for (const each of evil) {
      const head = execFileSync('git', ['commit-tree', each, '-m', 'evil'], {
        cwd: folder,
        env: {
          ...process.env,
          GIT_AUTHOR_NAME: 'T',
          GIT_AUTHOR_EMAIL: 't@e',
          GIT_COMMITTER_NAME: 'T',
          GIT_COMMITTER_EMAIL: 't@e',
        },
      })
        .toString()
        .trim();
      const out = workspace();
      const written = await materialise(testContext(folder), folder, head, join(out, 'in'));
      expect(written).toEqual({ files: 1, skipped: 1 });
      expect(readdirSync(out)).toEqual(['in']);
      expect(readdirSync(join(out, 'in'))).toEqual(['ok']);
    }
  });

  test('does not replace what is there', async () => {
    const { folder, head } = twoCommits({}, { 'a.txt': 'a' });
    const into = workspace({ 'a.txt': 'mine' });
    await expect(materialise(testContext(folder), folder, head, into)).rejects.toMatchObject({
      code: 'GIT_TREE_UNWRITABLE',
    });
    expect(readFileSync(join(into, 'a.txt'), 'utf8')).toBe('mine');
  });

  test('is not written where it is too large', async () => {
    const folder = workspace({ a: '' });
    commitAll(folder);
    const blob = git(folder, 'rev-parse', 'HEAD:a');
    const rows = Array.from({ length: 100_001 }, (_, index) => `100644 blob ${blob}\tf${index}\n`).join('');
    const tree = execFileSync('git', ['mktree'], { cwd: folder, input: rows }).toString().trim();
    const head = git(folder, 'commit-tree', tree, '-m', 'many');
    const into = join(workspace(), 'out');
    mkdirSync(into);
    await expect(materialise(testContext(folder), folder, head, into)).rejects.toMatchObject({
      code: 'GIT_TREE_TOO_LARGE',
    });
    expect(readdirSync(into)).toEqual([]);
  });
});
