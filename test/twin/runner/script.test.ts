import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRunner } from './harness.ts';

test('a job that ends well says so, and its commands stand before what they print', async () => {
  const { run } = await makeRunner({ 'a b.txt': 'blank\n' });
  const { end, log } = await run({
    before_script: ['echo before', ['echo nested']],
    script: ['cat "a b.txt"', 'echo "$CI_JOB_STATUS `echo ticked`"', 'if true; then\n  echo two\nfi\n'],
  });
  expect(end).toMatchObject({ kind: 'exit', exitCode: 0, artifacts: undefined });
  expect(log).toContain(
    [
      ...['$ echo before', 'before', '$ echo nested', 'nested', '$ cat "a b.txt"', 'blank'],
      ...['$ echo "$CI_JOB_STATUS `echo ticked`"', 'running ticked'],
      ...['$ if true; then # collapsed multi-line command', 'two', 'Job succeeded', ''],
    ].join('\n'),
  );
});

test('the exit code is that of the command that failed; what stands behind it does not run', async () => {
  const { run } = await makeRunner();
  const failed = await run({ script: ['false || (exit 3)', 'echo not reached'] });
  expect(failed.end).toMatchObject({ kind: 'exit', exitCode: 3 });
  expect(failed.log).not.toContain('\nnot reached');
  expect(failed.log).toMatch(/\nERROR: Job failed: exit code 3\n$/);
  const piped = await run({ script: ['false | cat'] });
  expect(piped.end).toMatchObject({ exitCode: 1 });
  const killed = await run({ script: ['kill -KILL $$'] });
  expect(killed.end).toMatchObject({ exitCode: 137 });
  const broken = await run({ script: ['if true; then'] });
  expect(broken.end).toMatchObject({ exitCode: 2 });
});

test('after_script runs in a shell of its own after success and failure, and decides nothing', async () => {
  const { run } = await makeRunner();
  const after_script = [`echo "after $CI_JOB_STATUS in $PWD, left is \${left-nothing}"`, 'exit 9'];
  const passed = await run({ script: ['left=x', 'mkdir d', 'cd d'], after_script });
  expect(passed.end).toMatchObject({ exitCode: 0 });
  expect(passed.log).toMatch(
    /Running after script\.\.\.\n\$ echo .*\nafter success in .*\/builds\/acme\/app, left is nothing\n/,
  );
  const failed = await run({ script: ['exit 4'], after_script });
  expect(failed.end).toMatchObject({ exitCode: 4 });
  expect(failed.log).toContain('after failed in ');
});

test('a job stands in a checkout of the commit as a runner leaves it', async () => {
  const { run, sha } = await makeRunner({ '.gitlab-ci-local.yml': 'kept: 1\n', 'src/a.txt': 'a\n' });
  const { end, log } = await run(
    {
      script: [
        'echo "here $PWD" && test "$PWD" = "$CI_PROJECT_DIR"',
        'case $PWD in "$CI_BUILDS_DIR"/acme/app) ;; *) exit 1 ;; esac',
        'git rev-parse HEAD && git status --porcelain && git symbolic-ref HEAD || true',
        'cat .gitlab-ci-local.yml src/a.txt',
        'git for-each-ref --format="%(refname)" && git remote get-url origin',
        'echo more >> src/a.txt && git diff --stat',
        'ls .git/hooks || true',
      ],
    },
    { variables: { CI_REPOSITORY_URL: 'http://gitlab-ci-token:secret-token@127.0.0.1:1/acme/app.git' } },
  );
  expect(end).toMatchObject({ exitCode: 0 });
  expect(log).toContain(`\n${sha}\n`);
  expect(log).toContain('ref HEAD is not a symbolic ref');
  expect(log).toContain('kept: 1\na\n');
  expect(log).toContain('refs/pipelines/7\nrefs/remotes/origin/main\n');
  expect(log).toContain('http://gitlab-ci-token:secret-token@127.0.0.1:1/acme/app.git');
  expect(log).toContain('src/a.txt | 1 +');
});

test('history is as deep as GIT_DEPTH says, and a job can do without sources', async () => {
  const { run, repositories, project } = await makeRunner();
  const person = { name: 'Ada', email: 'ada@example.com' };
  const script = ['git log --format=%s', 'ls'];
  const one = await run({ script: ['git rev-list --count HEAD'] });
  expect(one.log).toContain('\n1\n');
  for (const message of ['second', 'third']) {
    await repositories.write(project, {
      ...{ branch: 'main', message, author: person, committer: person },
      actions: [{ action: 'create', path: message, content: Buffer.from('x') }],
    });
  }
  const tip = await repositories.resolve(project, 'main');
  const shallow = await run({ script }, { sha: tip, variables: { GIT_DEPTH: '2' } });
  expect(shallow.log).toContain('\nthird\nsecond\n$ ls\n');
  const whole = await run({ script }, { sha: tip, variables: { GIT_DEPTH: '0' } });
  expect(whole.log).toContain('\nthird\nsecond\nbegin\n');
  const none = await run({ script: ['ls -A'] }, { variables: { GIT_STRATEGY: 'none' } });
  expect(none.log).toContain('$ ls -A\nJob succeeded');
});

test('a job fetches what its checkout lacks from origin', async () => {
  const { run, repositories, project, sha } = await makeRunner();
  const person = { name: 'Ada', email: 'ada@example.com' };
  const newer = await repositories.write(project, {
    ...{ branch: 'main', message: 'newer', author: person, committer: person },
    actions: [{ action: 'create', path: 'newer', content: Buffer.from('x') }],
  });
  const tip = newer.ok ? newer.sha : '';
  const script = [
    'git cat-file -e "$TIP" && exit 9',
    'git fetch --quiet origin main',
    'git rev-parse origin/main',
  ];
  script.push('git diff --name-only HEAD origin/main');
  const variables = { CI_REPOSITORY_URL: repositories.folderOf(project), TIP: tip };
  const { end, log } = await run({ script }, { sha, variables });
  expect(end).toMatchObject({ exitCode: 0 });
  expect(log).toContain(`\n${tip}\n$ git diff --name-only HEAD origin/main\nnewer\n`);
});

test('a commit that is not there is the fault of the machine, not of the script', async () => {
  const { run } = await makeRunner();
  const { end, log } = await run({ script: ['true'] }, { sha: '1'.repeat(40) });
  expect(end).toMatchObject({ kind: 'system' });
  expect(log).toContain('ERROR: Job failed (system failure): git fetch failed');
});

test('attempts of one pipeline run at the same time and see nothing of each other', async () => {
  const { run, folder } = await makeRunner({ 'a.txt': 'from git\n' });
  const config = {
    script: ['cat a.txt; echo "$ME" > a.txt; sleep 1; cat a.txt; ls'],
    artifacts: { paths: ['a.txt'] },
  };
  const start = performance.now();
  const all = await Promise.all(['1', '2', '3', '4'].map((ME) => run(config, { variables: { ME } })));
  expect(performance.now() - start).toBeLessThan(10_000);
  for (const [index, { end, log }] of all.entries()) {
    expect(end).toMatchObject({ exitCode: 0, artifacts: { files: ['a.txt'] } });
    expect(log).toContain(`from git\n${index + 1}\na.txt\nreadme.md\n`);
  }
  expect(readdirSync(join(folder, 'pipelines', '7')).filter((name) => /^\d+$/.test(name))).toEqual([]);
}, 60_000);

test('a pipeline that is forgotten leaves no folder', async () => {
  const { run, runner, folder } = await makeRunner();
  const { end, planned } = await run({ script: ['mkdir r && touch r/f && chmod 555 r'] });
  expect(end).toMatchObject({ exitCode: 0 });
  await runner.forget(planned);
  expect(readdirSync(join(folder, 'pipelines'))).toEqual([]);
});
