import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createExec } from '../../../scripts/wire/exec.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, workspace } from '../../support/workspace.ts';
import { testMachine } from '../harness.ts';
import { configure, makeProject, tryLocal } from './harness.ts';

test('nothing of the host environment reaches a job', async () => {
  const folder = makeProject({ show: { script: ['env'] } });
  const planted = { DEPLOY_TOKEN: 'planted', GCL_VARIABLE_X: 'planted', CI_COMMIT_TAG: 'planted' };
  const context = testContext(folder, { env: { ...testContext(folder).env, ...planted } });
  const log = await (await tryLocal(folder, {}, { context })).log('show');
  expect(log).not.toContain('planted');
  expect(log).not.toContain(`HOME=${process.env.HOME}\n`);
});

test('a job gets our pipewright and Node, whatever the checkout plants', async () => {
  const fake = '#!/bin/sh\necho planted\n';
  const folder = makeProject(
    { run: { script: ['pipewright validate $X', 'node --version'] } },
    {
      '.npmrc': 'script-shell=./planted\n',
      'node_modules/pipewright/package.json': '{"name":"pipewright","bin":"cli.js"}',
      'node_modules/pipewright/cli.js': fake,
      'node_modules/.bin/pipewright': fake,
      pipewright: fake,
      '.gitlab-ci-local.yml': 'planted: {script: [echo planted]}\n',
      '.gitlab-ci-local-env': 'VARIABLE="X=planted"\n',
      '.gitlab-ci-local-variables.yml': 'X: planted\n',
    },
  );
  const ran = await tryLocal(folder);
  expect(ran.outcomes).toEqual({ run: 'success' });
  const log = await ran.log('run');
  expect(log).toContain('our pipewright validate\n');
  expect(log).toContain(process.version);
  expect(log).not.toContain('planted');
});

/** A folder with links to this machine's programs, but not to those named. */
function programsWithout(...missing: string[]): string {
  const folder = workspace();
  for (const from of ['/bin', '/usr/bin', '/usr/local/bin']) {
    for (const name of readdirSync(from)) {
      if (!missing.includes(name) && !existsSync(join(folder, name)))
        symlinkSync(join(from, name), join(folder, name));
    }
  }
  return folder;
}

test('a pipeline of three jobs runs on a machine without rsync', async () => {
  const folder = makeProject(
    {
      stages: ['build', 'test', 'deploy'],
      build: {
        stage: 'build',
        script: [
          'command -v rsync && exit 9',
          'mkdir -p out/deep; cp src/a.txt out/deep; ln -s a.txt out/deep/l; echo V=7 > e.env',
          'echo no > out/no.log',
        ],
        after_script: ['echo late > out/late.txt'],
        artifacts: { paths: ['out/**/*', 'missing'], exclude: ['out/*.log'], reports: { dotenv: 'e.env' } },
      },
      test: {
        stage: 'test',
        script: ['test "$V" = 7', 'cat out/deep/l out/late.txt', 'test ! -e out/no.log'],
      },
      deploy: { stage: 'deploy', needs: ['build'], script: ['cat out/deep/a.txt'] },
    },
    { 'src/a.txt': 'a' },
  );
  const programs = programsWithout('rsync');
  const context = testContext(folder, { env: { PATH: programs } });
  const ran = await tryLocal(folder, {}, { context, machine: testMachine({ programs: [programs] }) });
  expect(ran.outcomes).toEqual({ build: 'success', test: 'success', deploy: 'success' });
  expect(readlinkSync(join(ran.artifacts('build'), 'out/deep/l'))).toBe('a.txt');
});

test('a cancelled run leaves neither processes nor folders', async () => {
  const mark = join(workspace(), 'started');
  const folder = makeProject({ slow: { script: ["trap '' TERM", `echo $$ > ${mark}`, 'sleep 300'] } });
  const cancel = new AbortController();
  const context = testContext(folder, { exec: createExec(cancel.signal), cancel: cancel.signal });
  const machine = testMachine();
  const ended = expect(tryLocal(folder, {}, { context, machine })).rejects.toBe('SIGTERM');
  for (let tries = 0; !existsSync(mark) && tries < 400; tries += 1) await sleep(50);
  expect(readdirSync(machine.temporary)).not.toEqual([]);
  cancel.abort('SIGTERM');
  await ended;
  expect(readdirSync(machine.temporary)).toEqual([]);
  expect(processesUsing(machine.temporary)).toEqual([]);
}, 60_000);

test('what a job leaves in the background is gone when the run is', async () => {
  const folder = makeProject({
    a: { script: ['sleep 300 > /dev/null 2>&1 &', 'sleep 300 & echo started'] },
    daemon: { script: ['setsid sleep 60 & echo daemon; sleep 0.3'] },
    next: { stage: '.post', script: ['true'] },
  });
  const machine = testMachine();
  const ran = await tryLocal(folder, {}, { machine });
  expect(ran.outcomes).toEqual({ a: 'success', daemon: 'success', next: 'success' });
  expect(await ran.log('a')).toContain('started\n');
  expect(processesUsing(machine.temporary)).toEqual([]);
}, 60_000);

test('of very long output the beginning is kept, and the exit code of the job', async () => {
  const folder = makeProject({
    long: {
      script: ["head -c 30000000 /dev/zero | tr '\\0' x | fold -w 99", 'exit 5'],
      allow_failure: { exit_codes: [5] },
    },
  });
  const ran = await tryLocal(folder);
  expect(ran.job('long')).toMatchObject({ outcome: 'failed (allowed)', exitCode: 5 });
  const log = await ran.log('long');
  expect(log.length).toBeLessThan(4_400_000);
  expect(log.length).toBeGreaterThan(4_100_000);
  expect(ran.job('long').tail.join('\n')).toContain("Job's log exceeded limit of 4194304 bytes");
});

/** Processes whose working directory lies below a folder. */
function processesUsing(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

test('temporary folders go when a run fails', async () => {
  const folder = makeProject({ a: { rules: [{ if: '$X == $Y' }], script: ['true'] } });
  const machine = testMachine();
  const failed = tryLocal(folder, { schemaFile: join(folder, 'missing.json') }, { machine });
  await expect(failed).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  expect(readdirSync(machine.temporary)).toEqual([]);
});

test('a project folder may have a blank in its name, and what a job makes read-only goes as well', async () => {
  const folder = join(workspace({ 'my project/a b.txt': 'blank\n' }), 'my project');
  const script = [
    'cat "a b.txt" "$CI_PROJECT_DIR/a b.txt"',
    'pipewright',
    'mkdir -p o/r; touch o/r/f; chmod 555 o/r',
  ];
  configure(folder, {
    a: { script, artifacts: { paths: ['o'] } },
    b: { stage: '.post', script: ['test -f o/r/f'] },
  });
  commitAll(folder);
  const machine = testMachine();
  for (const _twice of [1, 2]) {
    const ran = await tryLocal(folder, {}, { machine });
    expect(ran.outcomes).toEqual({ a: 'success', b: 'success' });
    expect(await ran.log('a')).toContain('blank\nblank\n');
  }
  expect(readdirSync(machine.temporary)).toEqual([]);
});

test('results of one run are no files of the next', async () => {
  const folder = makeProject({ a: { script: ['ls -A > list'], artifacts: { paths: ['list'] } } });
  await tryLocal(folder);
  mkdirSync(join(folder, 'empty'));
  const again = await tryLocal(folder);
  expect(readFileSync(join(again.artifacts('a'), 'list'), 'utf8')).toBe('.git\n.gitlab-ci.yml\nlist\n');
  // One run's results lie there, not two.
  expect(readdirSync(join(folder, '.pipewright/local'))).toHaveLength(2);
});
