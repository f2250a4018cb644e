import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readInstallation } from '../../../components/twin/installation.ts';
import { command } from '../../../scripts/local.ts';
import { type CliRun, pipewright, testContext } from '../../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../../support/workspace.ts';

const commands = { local: { summary: command.summary, load: async () => command } };

function project(files: Readonly<Record<string, string>>): string {
  const cwd = workspace(files);
  commitAll(cwd);
  return cwd;
}

function local(cwd: string, ...args: string[]): Promise<CliRun> {
  return pipewright(['local', ...args], { cwd, commands });
}

const component = `spec:
  inputs:
    job-prefix: {default: lib}
    text: {}
---
$[[ inputs.job-prefix ]]-say:
  script:
    - echo "$[[ inputs.text ]] in $CI_PROJECT_PATH"
`;

const include = (text: string, more = '') =>
  `  - component: $CI_SERVER_FQDN/acme/lib/say@~latest\n    inputs: {text: ${text}${more}}\n`;

test('runs a pipeline with a component of another folder and says what became of it', async () => {
  const lib = project({ 'templates/say.yml': component });
  git(lib, 'tag', '1.0.0');
  // Not in the version, so not in the pipeline.
  writeFileSync(join(lib, 'templates/say.yml'), 'broken: [');
  const cwd = project({
    '.gitlab-ci.yml': `include:\n${include('hello')}red:\n  retry: 1\n  tags: [big]\n  script: [exit 3]\n`,
  });
  git(cwd, 'remote', 'add', 'origin', 'git@gitlab.example:group/app.git');
  const run = await local(cwd, `--project=acme/lib=${lib}`);
  expect(run.exitCode).toBe(20);
  expect(run.stdout.replace(/\d+\.\d\d$/gm, 'N')).toContain(
    [
      'job      stage  result              exit  seconds',
      'lib-say  test   success             0     N',
      'red      test   failed: 2 attempts  3     N',
      '',
      'red ended with:',
      '  $ exit 3',
    ].join('\n'),
  );
  expect(run.stdout).toContain('Not as on GitLab:\n  tags: this machine takes every job (red)\n');
  const [, folder = ''] = /Artifacts and logs: (.*)/.exec(run.stdout) ?? [];
  expect(existsSync(join(folder, 'logs/lib-say.log'))).toBe(true);
  expect(run.stdout.trimEnd().split('\n').at(-1)).toBe('pipeline failed: red');
  expect(git(cwd, 'status', '--short', '--', ':!.pipewright')).toBe('');
});

test('two includes with one job prefix are a warning', async () => {
  const lib = project({ 'templates/say.yml': component });
  git(lib, 'tag', '1.0.0');
  const cwd = project({ '.gitlab-ci.yml': `include:\n${include('one')}${include('two')}` });
  const run = await local(cwd, `--project=acme/lib=${lib}`);
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toMatch(/^\.gitlab-ci\.yml:\d+:\d+ warning RENDER_JOB_DEFINED_TWICE$/m);
  expect(run.stdout).toMatch(/lib-say +test +success/);
});

test('a configuration that cannot be rendered is told with every mistake', async () => {
  const cwd = project({
    '.gitlab-ci.yml': 'include:\n  - local: none.yml\n  - project: a/b\n    file: c.yml\n',
  });
  const run = await local(cwd);
  expect(run.exitCode).toBe(20);
  expect(run.stdout).toMatch(/^\.gitlab-ci\.yml:2:\d+ error RENDER_FILE_MISSING$/m);
  expect(run.stdout).toMatch(/^\.gitlab-ci\.yml:3:\d+ error RENDER_PROJECT_MISSING$/m);
});

test('a block that is left over never reaches a shell', async () => {
  const cwd = project({ '.gitlab-ci.yml': 'a:\n  script:\n    - echo $[[ inputs.x ]]\n' });
  const run = await local(cwd);
  expect(run.exitCode).toBe(20);
  expect(run.stdout).toMatch(/^\.gitlab-ci\.yml:3:\d+ error RENDER_BLOCK_LEFT$/m);
  expect(existsSync(join(cwd, '.pipewright'))).toBe(false);
});

test('a dry run prints the flat YAML, and its findings elsewhere', async () => {
  const cwd = project({ '.gitlab-ci.yml': 'a:\n  script: [exit 1]\n  needs: [b]\n' });
  writeFiles(cwd, { '.pipewright/local/earlier': '' });
  const run = await local(cwd, '--dry-run');
  expect(run.exitCode).toBe(20);
  expect(run.stdout).toMatch(/^a:\n/m);
  // It writes no results, and what there is stays.
  expect(existsSync(join(cwd, '.pipewright/local/earlier'))).toBe(true);
  expect(run.stderr).toContain('TWIN_NEED_ABSENT');
});

test('what GitLab refuses is a mistake in the file, found without running, all at once', async () => {
  const cwd = project({
    '.gitlab-ci.yml': [
      'a: {script: [x], needs: [b]}',
      'b: {script: [x], needs: [a], stage: biuld}',
      'c: {extends: .none}',
      'd: {needs: []}',
      'e: {script: [x], rules: [{if: "(($X"}]}',
    ].join('\n'),
  });
  for (const flags of [['--dry-run'], []]) {
    const run = await local(cwd, ...flags);
    expect(run.exitCode).toBe(20);
    for (const code of ['NEED_CIRCLE', 'STAGE', 'EXTENDS', 'SCRIPT', 'RULE_IF']) {
      expect(run.stdout + run.stderr).toContain(`TWIN_${code}\n`);
    }
  }
});

test('a merge request from the branch it would be merged into is one of a branch not made yet', async () => {
  const cwd = project({
    '.gitlab-ci.yml':
      'a:\n  rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]\n  script:\n' +
      `    - test "$CI_COMMIT_REF_NAME $EXTRA" = 'local-changes a$$b $HOME c'\n`,
  });
  const run = await local(cwd, '--event=merge-request', '--variable=EXTRA=a$$b $HOME c');
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toMatch(/a +test +success/);
});

test('a pipeline GitLab would not create is no failure', async () => {
  const cwd = project({ '.gitlab-ci.yml': 'a:\n  stage: .post\n  script: [exit 1]\n' });
  const run = await local(cwd);
  expect(run).toMatchObject({ exitCode: 0 });
  expect(run.stdout).toContain('Pipeline will not run for the selected trigger.');
});

test.each([
  [['--event=manual'], 'TWIN_JOB_REQUIRED'],
  [['--job=x'], 'TWIN_JOB_REQUIRED'],
  [['--variable=1X=y'], 'TWIN_FORM'],
  [['--project=lonely=.'], 'TWIN_FORM'],
  [['--project=acme/lib=nowhere'], 'TWIN_FORM'],
  [['--path=lonely'], 'TWIN_FORM'],
])('%j is misuse', async (args, code) => {
  const run = await local(project({ '.gitlab-ci.yml': 'a: {script: [x]}' }), ...args);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(`code: ${code}`);
});

test('temporary files go to TMPDIR, where there is one', async () => {
  const blank = join(workspace({ 'a b/x': '' }), 'a b');
  for (const [folder, expected] of [[workspace()], [blank], ['/nonexistent', '/tmp']]) {
    const context = testContext('/', { env: { TMPDIR: folder } });
    const { machine } = await readInstallation(
      context,
      new URL('../../../scripts/local.ts', import.meta.url).href,
      '/node',
    );
    expect(machine.temporary).toBe(expected ?? folder);
  }
});
