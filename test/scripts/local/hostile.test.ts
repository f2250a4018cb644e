import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isProjectPath, parseRemote } from '../../../components/twin/repositories/checkout.ts';
import { command } from '../../../scripts/local.ts';
import { type CliRun, pipewright } from '../../support/cli.ts';
import { commitAll, git, workspace } from '../../support/workspace.ts';

const commands = { local: { summary: command.summary, load: async () => command } };

function local(cwd: string, ...args: string[]): Promise<CliRun> {
  return pipewright(['local', ...args], { cwd, commands });
}

const pipeline = 'a:\n  script: ["true"]\n';

function project(files: Readonly<Record<string, string>> = {}): string {
  const folder = workspace({ '.gitlab-ci.yml': pipeline, ...files });
  commitAll(folder);
  return folder;
}

test('no program that the configuration of a checkout names is started', async () => {
  const mark = join(workspace(), 'mark');
  const cwd = project({ '.gitattributes': '* filter=evil diff=evil\n', 'x.txt': 'x' });
  for (const key of ['filter.evil.clean', 'filter.evil.process', 'diff.evil.textconv', 'core.fsmonitor']) {
    git(cwd, 'config', key, `touch ${mark}`);
  }
  // Times that differ from the index make git look into the file, through its filter.
  writeFileSync(join(cwd, 'x.txt'), 'x');
  expect(await local(cwd, '--dry-run')).toMatchObject({ exitCode: 0 });
  expect(existsSync(mark)).toBe(false);
});

test('nor one that the configuration of a submodule names', async () => {
  const mark = join(workspace(), 'mark');
  const cwd = project();
  const sub = join(cwd, 'sub');
  mkdirSync(sub);
  writeFileSync(join(sub, '.gitattributes'), '* filter=evil\n');
  writeFileSync(join(sub, 'x.txt'), 'x');
  commitAll(sub);
  git(cwd, 'add', 'sub');
  git(cwd, 'commit', '--quiet', '--message', 'sub');
  git(sub, 'config', 'filter.evil.clean', `touch ${mark}; cat`);
  writeFileSync(join(sub, 'x.txt'), 'y');
  expect(await local(cwd, '--dry-run')).toMatchObject({ exitCode: 0 });
  expect(existsSync(mark)).toBe(false);
});

test('a repository among the files of a checkout is nobody’s', async () => {
  const mark = join(workspace(), 'mark');
  const cwd = project({ 'twin.yaml': 'projects: {x/y: {folder: ./evil}}\n' });
  const evil = join(cwd, 'evil');
  mkdirSync(evil);
  git(evil, 'init', '--quiet', '--bare', '.');
  git(evil, 'config', 'core.bare', 'false');
  git(evil, 'config', 'core.worktree', '.');
  git(evil, 'config', 'filter.evil.clean', `touch ${mark}`);
  writeFileSync(join(evil, '.gitattributes'), '* filter=evil\n');
  await local(cwd, '--dry-run');
  expect(existsSync(mark)).toBe(false);
});

test.each(['../x', 'a/..', 'a/../../b', './a', '-a/b', 'a', 'a/.b'])('%s is no path of a project', (path) => {
  expect(isProjectPath(path)).toBe(false);
  expect(parseRemote(`https://gitlab.com/${path}.git`)).toBeUndefined();
});

test('a twin file cannot name a project elsewhere', async () => {
  const cwd = project({ 'twin.yaml': 'projects: {../../../../victim: {}}\n' });
  const run = await local(cwd);
  expect(run.exitCode).toBe(20);
  expect(run.stdout).toContain('TWIN_SETUP');
});

test('of the folder of results only results are removed', async () => {
  const cwd = project({ 'local/precious.txt': 'precious', 'local/1-notes/x': 'mine' });
  mkdirSync(join(cwd, 'local/7-push-0123abcd'));
  expect((await local(cwd, '--out=.')).exitCode).toBe(0);
  expect(readFileSync(join(cwd, 'local/precious.txt'), 'utf8')).toBe('precious');
  expect(existsSync(join(cwd, 'local/1-notes/x'))).toBe(true);
  expect(existsSync(join(cwd, 'local/7-push-0123abcd'))).toBe(false);
});

test('results are not written through a link that the checkout holds', async () => {
  const elsewhere = workspace({ 'local/1-push-0123abcd/precious': 'x' });
  const cwd = project();
  symlinkSync(elsewhere, join(cwd, '.pipewright'));
  const run = await local(cwd);
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toContain('FILE_UNWRITABLE');
  expect(existsSync(join(elsewhere, 'local/1-push-0123abcd/precious'))).toBe(true);
});

test('a twin file that came with a clone takes nothing of the environment', async () => {
  const cwd = project({ 'twin.yaml': 'projects: {a/b: {folder: ., variables: {S: {from_env: SECRET}}}}\n' });
  const env = { SECRET: 'hunter2hunter2' };
  const run = await pipewright(['local'], { cwd, commands, env });
  expect(run).toMatchObject({ exitCode: 20, stdout: expect.stringContaining('TWIN_SETUP') });
  writeFileSync(join(cwd, '.gitlab-ci.yml'), 'a:\n  script: ["echo got $S; exit 1"]\n');
  const named = await pipewright(['local', '--twin=twin.yaml'], { cwd, commands, env });
  expect(named.stdout).toContain('got [MASKED]');
  expect(named.stdout).not.toContain('hunter2');
});
