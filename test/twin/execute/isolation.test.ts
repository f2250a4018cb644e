import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createExec } from '../../../scripts/wire/exec.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, workspace } from '../../support/workspace.ts';
import { makeProject, testMachine, tryPipeline } from './harness.ts';

test('nothing of the host environment reaches a job', async () => {
  const folder = makeProject({});
  const env = {
    ...testContext(folder).env,
    DEPLOY_TOKEN: 'planted',
    GCL_VARIABLE_X: 'planted',
    CI_COMMIT_TAG: 'planted',
  };
  const context = testContext(folder, { env });
  const ran = await tryPipeline(folder, { show: { script: ['env'] } }, { context });
  const log = await ran.log('show');
  expect(log).not.toContain('planted');
  expect(log).not.toContain(`HOME=${process.env.HOME}\n`);
});

test('a job gets our pipewright and Node, whatever the checkout plants', async () => {
  const fake = '#!/bin/sh\necho planted\n';
  const folder = makeProject({
    '.npmrc': 'script-shell=./planted\n',
    'node_modules/pipewright/package.json': '{"name":"pipewright","bin":"cli.js"}',
    'node_modules/pipewright/cli.js': fake,
    'node_modules/.bin/pipewright': fake,
    pipewright: fake,
    '.gitlab-ci-local.yml': 'planted: {script: [echo planted]}\n',
    '.gitlab-ci-local-env': 'VARIABLE="X=planted"\n',
    '.gitlab-ci-local-variables.yml': 'X: planted\n',
  });
  const ran = await tryPipeline(folder, { run: { script: ['pipewright validate $X', 'node --version'] } });
  expect(ran.outcomes).toEqual({ run: 'success' });
  const log = await ran.log('run');
  expect(log).toContain('our pipewright validate\n');
  expect(log).toContain(process.version);
  expect(log).not.toContain('planted');
  expect(ran.notes).toContain(
    '.gitlab-ci-local.yml is left out: it steers gitlab-ci-local, and GitLab does not read it',
  );
});

/** A folder with links to this machine's programs, but not to those named. */
function programsWithout(...missing: string[]): string {
  const folder = workspace();
  for (const from of ['/bin', '/usr/bin']) {
    for (const name of readdirSync(from)) {
      if (!missing.includes(name) && !existsSync(join(folder, name)))
        symlinkSync(join(from, name), join(folder, name));
    }
  }
  return folder;
}

test('a pipeline of three jobs runs on a machine without rsync', async () => {
  const folder = makeProject({ 'src/a.txt': 'a' });
  const machine = await testMachine({ programs: [programsWithout('rsync')] });
  const ran = await tryPipeline(
    folder,
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
        cache: { key: 'k', paths: ['src'] },
        artifacts: { paths: ['out/**/*', 'missing'], exclude: ['out/*.log'], reports: { dotenv: 'e.env' } },
      },
      test: {
        stage: 'test',
        script: ['test "$V" = 7', 'cat out/deep/l out/late.txt', 'test ! -e out/no.log'],
      },
      deploy: {
        stage: 'deploy',
        needs: ['build'],
        cache: { key: 'k', paths: ['src'] },
        script: ['cat out/deep/a.txt'],
      },
    },
    { machine },
  );
  expect(ran.outcomes).toEqual({ build: 'success', test: 'success', deploy: 'success' });
  expect(readlinkSync(join(ran.artifacts('build'), 'out/deep/l'))).toBe('a.txt');
});

test('a cancelled run leaves neither processes nor folders', async () => {
  const folder = makeProject({});
  const cancel = new AbortController();
  const context = testContext(folder, { exec: createExec(cancel.signal), cancel: cancel.signal });
  const machine = await testMachine();
  const mark = join(workspace(), 'started');
  const running = tryPipeline(
    folder,
    { slow: { script: ["trap '' TERM", `echo $$ > ${mark}`, 'sleep 300'] } },
    { context, machine },
  );
  const ended = expect(running).rejects.toBe('SIGTERM');
  for (let tries = 0; !existsSync(mark) && tries < 100; tries += 1) await sleep(50);
  expect(readdirSync(machine.temporary)).toHaveLength(1);
  cancel.abort('SIGTERM');
  await ended;
  expect(readdirSync(machine.temporary)).toEqual([]);
  expect(processesUsing(machine.temporary)).toEqual([]);
});

test('what a job starts in the background ends with it', async () => {
  const folder = makeProject({});
  const machine = await testMachine();
  const config = { a: { script: ['sleep 300 > /dev/null 2>&1 &'] }, b: { stage: '.post', script: ['true'] } };
  const ran = await tryPipeline(folder, config, { machine });
  expect(ran.outcomes).toEqual({ a: 'success', b: 'success' });
  expect(processesUsing(machine.temporary)).toEqual([]);
});

test('a process in the background that holds the output of its job ends with the script', async () => {
  const folder = makeProject({});
  const machine = await testMachine();
  const config = {
    a: { script: ['sleep 300 & echo started'], after_script: ['sleep 300 & echo "after $CI_JOB_STATUS"'] },
    failing: { script: ['sleep 300 &', 'exit 7'] },
    killed: { script: ['sleep 300 &', 'kill -KILL $$'] },
    daemon: { script: ['setsid sleep 20 & echo daemon; sleep 0.5'] },
    next: { stage: '.post', when: 'always', script: ['true'] },
  };
  const start = performance.now();
  const ran = await tryPipeline(folder, config, { machine });
  expect(performance.now() - start).toBeLessThan(18_000);
  expect(ran.outcomes).toEqual({
    ...{ a: 'success', failing: 'failed', killed: 'failed', daemon: 'success', next: 'success' },
  });
  expect(await ran.log('a')).toContain('started\n');
  expect(await ran.log('a')).toContain('after success\n');
  expect(await ran.log('daemon')).toContain('daemon\n');
  expect(ran.job('failing').exitCode).toBe(7);
}, 60_000);

test('of very long output the beginning is kept, and the exit code of the job', async () => {
  const folder = makeProject({});
  const ran = await tryPipeline(folder, {
    long: {
      script: ["head -c 30000000 /dev/zero | tr '\\0' x | fold -w 99", 'exit 5'],
      allow_failure: { exit_codes: [5] },
    },
    short: { script: ['echo out; echo err >&2; echo out; printf end'] },
  });
  expect(ran.job('long')).toMatchObject({ outcome: 'failed (allowed)', exitCode: 5 });
  const log = await ran.log('long');
  expect(log.length).toBeLessThan(4_200_000);
  expect(log.length).toBeGreaterThan(4_100_000);
  expect(ran.job('long').tail.at(-2)).toContain("Job's log exceeded limit of 4194304 bytes.");
  expect(await ran.log('short')).toMatch(/\nout\nerr\nout\nend/);
});

test('jobs see nothing of what is put around their script', async () => {
  const ran = await tryPipeline(makeProject({}), {
    show: { script: ['env', "bash -c 'echo plain $BASH_ENV.'", 'if read -r line; then exit 9; fi'] },
  });
  expect(ran.outcomes).toEqual({ show: 'success' });
  expect(await ran.log('show')).toContain('plain .\n');
  expect(await ran.log('show')).not.toMatch(/^(BASH_ENV|pipewright_\w+)=/m);
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
  const folder = makeProject({});
  const machine = await testMachine({ executor: '/nonexistent/index.js' });
  await expect(tryPipeline(folder, { a: { script: ['true'] } }, { machine })).rejects.toMatchObject({
    code: 'TWIN_EXECUTOR',
  });
  expect(readdirSync(machine.temporary)).toEqual([]);
});

test('a project folder may have a blank in its name, and what a job makes read-only goes as well', async () => {
  const folder = join(workspace({ 'my project/a b.txt': 'blank\n' }), 'my project');
  commitAll(folder);
  const temporary = workspace();
  const script = [
    'cat "a b.txt" "$CI_PROJECT_DIR/a b.txt"',
    'pipewright',
    'mkdir -p o/r; touch o/r/f; chmod 555 o/r',
  ];
  const config = {
    a: { script, artifacts: { paths: ['o'] } },
    b: { stage: '.post', script: ['test -f o/r/f'] },
  };
  for (const _twice of [1, 2]) {
    const ran = await tryPipeline(folder, config, { machine: await testMachine({ temporary }) });
    expect(ran.outcomes).toEqual({ a: 'success', b: 'success' });
    expect(await ran.log('a')).toContain('blank\nblank\n');
  }
  expect(readdirSync(temporary)).toEqual([]);
});

test('results of one run are no files of the next', async () => {
  const folder = makeProject({});
  const config = { a: { script: ['ls -A'] } };
  await tryPipeline(folder, config);
  mkdirSync(join(folder, 'empty'));
  const again = await tryPipeline(folder, config);
  expect(await again.log('a')).toBe('$ ls -A\n.git\n');
});
