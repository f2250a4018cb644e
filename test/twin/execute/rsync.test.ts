import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rsync } from '../../../components/twin/execute/rsync.ts';
import { workspace } from '../../support/workspace.ts';

const hasRsync = spawnSync('rsync', ['--version']).status === 0;

async function standIn(cwd: string, ...args: string[]): Promise<{ code: number; told: string }> {
  let told = '';
  const tell = (text: string) => {
    told += text;
  };
  const code = await rsync(args, { fs, cwd, tell });
  return { code, told };
}

/** Files with everything a copy may lose: modes, times, links, odd names. */
function makeTree(): string {
  const folder = workspace({
    ...{
      'a.txt': 'a',
      'dir/deep/b.log': 'b',
      'dir/c [x]*.txt': 'c',
      'dir/keep/d.txt': 'd',
      '.hidden/e': 'e',
    },
    ...{
      '.git/config': '[core]',
      '.git/lfs/objects/x': 'x',
      'other/.git/lfs': 'file',
      'name with blank': 'f',
    },
    ...{ '.gitlab-ci-local/builds/J/old.txt': 'old', 'skip/me': 's', 'target-old/x': 'x', 'v.env': 'V=1' },
    ...{
      'exclude.txt': '/skip/\n# comment\n*.log\n',
      'more.txt': 'dir/**/d.*\n',
      'files.txt': './dir/\n./a.txt\n./nothing\n./.hidden/e\n',
    },
  });
  chmodSync(join(folder, 'a.txt'), 0o640);
  chmodSync(join(folder, 'dir/deep/b.log'), 0o755);
  symlinkSync('../nowhere', join(folder, 'dir/broken'));
  symlinkSync('deep', join(folder, 'dir/link'));
  chmodSync(join(folder, 'dir/keep'), 0o555);
  mkdirSync(join(folder, 'artifacts/J/.gitlab-ci-reports/dotenv'), { recursive: true });
  mkdirSync(join(folder, 'cache/k'), { recursive: true });
  // What stands in the way of a copy is replaced by it.
  mkdirSync(join(folder, '.gitlab-ci-local/builds/J/a.txt'));
  writeFileSync(join(folder, 'target-old/deep'), 'was a file');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  for (const [index, name] of [...names.entries(), [-1, '.'] as const]) {
    lutimesSync(join(folder, name), 1_000_000_000, 1_000_000_000 + index * 1000);
  }
  return folder;
}

/** What a copy must keep, of every file below a folder; the folder itself excepted. */
function describeTree(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const stats = lstatSync(join(folder, name));
      const content = stats.isSymbolicLink()
        ? `-> ${readlinkSync(join(folder, name))}`
        : stats.isFile()
          ? readFileSync(join(folder, name), 'utf8')
          : 'folder';
      return [
        name,
        `${(stats.mode & 0o7777).toString(8)} ${stats.mtime.toISOString().slice(0, 19)} ${content}`,
      ];
    }),
  );
}

// The calls of gitlab-ci-local 4.75.1: into a job's folder, cache out, artifacts out, dotenv out, artifacts in.
const calls: Record<string, string[]> = {
  build: [
    ...['-a', '--delete-excluded', '--delete', '--exclude-from=exclude.txt', '--exclude-from=more.txt'],
    ...['--exclude', '.git/lfs', '--exclude', '.gitlab-ci-local/', './', '.gitlab-ci-local/builds/J/'],
  ],
  cache: ['-Ra', './dir/deep', './other', 'cache/k/.'],
  artifacts: [
    '--exclude',
    '.gitlab-ci-local/**',
    '-rRa',
    '--exclude',
    'dir/*.txt',
    '--exclude',
    '[k-l]eep',
    '--files-from=files.txt',
    '.',
    'artifacts/J/.',
  ],
  dotenv: ['-Ra', './v.env', 'artifacts/J/.gitlab-ci-reports/dotenv/.'],
  import: ['-a', 'dir/.', 'target-old'],
  unclean: ['-a', './dir/', 'a.txt', 'target-old/'],
};

describe.runIf(hasRsync)('copies as rsync does (skipped where there is no rsync)', () => {
  test.each(Object.entries(calls))('%s', async (_name, args) => {
    const [ours, theirs] = [makeTree(), makeTree()];
    const real = spawnSync('rsync', args, { cwd: theirs, encoding: 'utf8' });
    expect((await standIn(ours, ...args)).code).toBe(real.status);
    expect(describeTree(ours)).toEqual(describeTree(theirs));
    for (const tree of [ours, theirs]) execFileSync('chmod', ['-R', 'u+w', tree]);
  });
});

describe('refuses what it does not know', () => {
  test.each([
    [['-a', '--checksum', 'a', 'b'], 'option --checksum'],
    [['-az', 'a', 'b'], 'option -az'],
    [['-r', 'a', 'b'], 'a call without -a'],
    [['-a', '--delete', 'a', 'b'], '--delete without its partner'],
    [['-a', '--exclude'], '--exclude has no value'],
    [['-a', 'host:a', 'b'], 'a remote source or target'],
    [['-a'], 'a call without a target'],
    [['-a', '--exclude', '+ a', 'x', 'y'], 'the pattern "+ a"'],
    [['-a', '--exclude', 'a/***', 'x', 'y'], 'the pattern "a/***"'],
    [['-a', '--exclude', '[[:alpha:]]', 'x', 'y'], 'the pattern "[[:alpha:]]"'],
  ])('%j', async (args, what) => {
    const { code, told } = await standIn(workspace({ x: '' }), ...args);
    expect(code).toBe(1);
    expect(told).toBe(`rsync: pipewright's stand-in for rsync does not know ${what}; install rsync\n`);
  });

  test('names that climb out of the source are missing ones', async () => {
    const folder = workspace({ 'in/a': 'a', secret: 's', list: '../secret\n' });
    const { code } = await standIn(folder, '-rRa', '--files-from=list', 'in', 'out/.');
    expect(code).toBe(23);
    expect(existsSync(join(folder, 'secret')) && readdirSync(join(folder, 'out'))).toEqual([]);
  });
});
