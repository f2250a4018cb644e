import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunnerOptions } from '../../../components/twin/pipelines/runner/runner.ts';
import { createContext } from '../../../scripts/wire/context.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { artifactsOf, type JobConfig, makeRunner, readArtifact, type Try } from './harness.ts';

/** A signal that ends an attempt once its log shows a word. */
function stopAt(word: string, reason: 'cancel' | 'lost') {
  const controller = new AbortController();
  const onTrace = (trace: string) => {
    if (new RegExp(`^${word}`, 'm').test(trace)) controller.abort(reason);
  };
  return { stop: controller.signal, onTrace };
}

/** A runner for which a minute is over once the log shows a word: a script has done what comes before, however slow the machine. */
async function makeRunnerWaitingFor(
  word: string,
  options: RunnerOptions = {},
  wish: Try = { timeoutSeconds: 60 },
) {
  const base = testContext(workspace());
  const shown = Promise.withResolvers<void>();
  const sleep = (milliseconds: number, cancel?: AbortSignal) => {
    const slept = base.clock.sleep(milliseconds, cancel);
    return milliseconds === 60_000 ? Promise.race([slept, shown.promise]) : slept;
  };
  const context = { ...base, clock: { ...base.clock, sleep } };
  const onTrace = (trace: string) => {
    if (new RegExp(`^${word}`, 'm').test(trace)) shown.resolve();
  };
  const { run, folder } = await makeRunner({}, { ...options, context });
  return { folder, run: (config: JobConfig) => run(config, { ...wish, onTrace }) };
}

test('a job that takes too long gets SIGTERM and time to clean up, and keeps what a failed one keeps', async () => {
  const { run } = await makeRunnerWaitingFor('ready');
  const tried = await run({
    script: ["trap 'sleep 0.3; echo cleaned > out; echo bye; exit 0' TERM", 'echo ready', 'sleep 60 & wait'],
    after_script: ['echo after'],
    artifacts: { when: 'on_failure', paths: ['out'] },
  });
  expect(tried.end).toMatchObject({ kind: 'timeout' });
  expect(await readArtifact(tried, 'out')).toBe('cleaned\n');
  expect(tried.log).toContain('\nbye\n');
  expect(tried.log).not.toContain('\nafter\n');
  expect(tried.log).toContain('ERROR: Job failed: execution took longer than 1m0s seconds');
}, 30_000);

test('a script that takes longer than it may leaves time for what follows it', async () => {
  const { run } = await makeRunnerWaitingFor(
    'ready',
    {},
    { timeoutSeconds: 3600, variables: { RUNNER_SCRIPT_TIMEOUT: '1m' } },
  );
  const tried = await run({
    script: ['echo begun > out', 'echo ready', 'sleep 60'],
    after_script: ['echo "after, $CI_JOB_STATUS"'],
    artifacts: { when: 'always', paths: ['out'] },
  });
  expect(tried.end).toMatchObject({ kind: 'timeout' });
  expect(await readArtifact(tried, 'out')).toBe('begun\n');
  expect(tried.log).toContain('\nafter, failed\n');
  expect(tried.log).toContain('ERROR: Job failed: execution took longer than 1m0s seconds');
}, 30_000);

test.each(['-5m', '2h', 'soon'])(
  'a limit of %s for the script is ignored, and the log says so',
  async (value) => {
    const { run } = await makeRunner();
    const variables = { RUNNER_SCRIPT_TIMEOUT: value };
    const tried = await run({ script: ['echo done'] }, { timeoutSeconds: 3600, variables });
    expect(tried.end).toMatchObject({ kind: 'exit', exitCode: 0 });
    expect(tried.log).toContain('WARNING: RUNNER_SCRIPT_TIMEOUT is');
  },
);

test('a job that does not listen is killed after the grace', async () => {
  const { run, folder } = await makeRunnerWaitingFor('ready', { graceSeconds: 1 });
  const tried = await run({ script: ["trap '' TERM", 'echo ready', 'while true; do sleep 1; done'] });
  expect(tried.end).toEqual({ kind: 'timeout', artifacts: undefined });
  expect(processesOf(folder)).toEqual([]);
}, 30_000);

test('a cancelled job cleans up, its after_script runs as canceled, and nothing is kept', async () => {
  const { run, folder } = await makeRunner();
  const tried = await run(
    {
      script: ["trap 'echo cleaning; exit 0' TERM", 'echo ready', 'sleep 60 & wait'],
      after_script: ['echo "after $CI_JOB_STATUS"'],
      artifacts: { when: 'always', paths: ['readme.md'] },
    },
    stopAt('ready', 'cancel'),
  );
  expect(tried.end).toEqual({ kind: 'canceled' });
  expect(tried.log).toContain('\ncleaning\n');
  expect(tried.log).toContain('\nafter canceled\n');
  expect(tried.log).toMatch(/ERROR: Job failed: canceled\n$/);
  expect(processesOf(folder)).toEqual([]);
}, 30_000);

test('of a job whose runner is lost nothing is left, at once', async () => {
  const { run, folder } = await makeRunner();
  const mark = join(workspace(), 'cleaned');
  const start = performance.now();
  const tried = await run(
    {
      script: [`trap 'touch ${mark}' TERM EXIT`, 'setsid sleep 60 &', 'echo ready', 'sleep 60'],
      after_script: ['echo after'],
      artifacts: { when: 'always', paths: ['readme.md'] },
    },
    stopAt('ready', 'lost'),
  );
  expect(tried.end).toEqual({ kind: 'lost' });
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(existsSync(mark)).toBe(false);
  expect(tried.log).not.toContain('after');
  expect(processesOf(folder)).toEqual([]);
  expect(existsSync(join(folder, 'artifacts'))).toBe(false);
}, 30_000);

test('an attempt that is stopped before it begins does nothing', async () => {
  const { run, folder } = await makeRunner();
  const tried = await run({ script: ['true'] }, { stop: AbortSignal.abort('cancel') });
  expect(tried).toMatchObject({ end: { kind: 'canceled' }, log: '' });
  expect(readdirSync(folder)).not.toContain('pipelines');
});

test.each([
  {
    where: 'script',
    script: ["trap '' TERM", 'echo ready', 'sleep 60', 'sleep 60'],
    after_script: ['sleep 60'],
  },
  {
    where: 'after_script',
    script: ['true'],
    after_script: ["trap '' TERM", 'echo ready', 'sleep 60', 'sleep 60'],
  },
])(
  'a command that is cancelled leaves nothing of its jobs: $where',
  async ({ script, after_script }) => {
    const cancel = new AbortController();
    const base = testContext(workspace());
    const context = createContext(
      { log: 'human', debug: false, secrets: [] },
      {
        ...{ env: base.env, cwd: base.cwd, cancel: cancel.signal, terminal: false },
        ...{ stdout: () => undefined, stderr: () => undefined },
      },
    );
    const { run, folder } = await makeRunner({}, { context });
    const running = run(
      { script, after_script },
      {
        onTrace: (trace) => {
          if (/^ready/m.test(trace)) cancel.abort('SIGTERM');
        },
      },
    );
    await expect(running).rejects.toBe('SIGTERM');
    expect(processesOf(folder)).toEqual([]);
  },
  30_000,
);

test('a shell that is gone before its script is the fault of the machine', async () => {
  const { run, folder } = await makeRunner();
  const script = ['kill -KILL "$PPID"; sleep 60'];
  const tried = await run({ script, artifacts: { when: 'always', paths: ['readme.md'] } });
  const message = 'the shell that runs its script ended before it: Killed';
  expect(tried.end).toEqual({ kind: 'system', message });
  expect(tried.log).toContain(`ERROR: Job failed (system failure): ${message}\n`);
  expect(processesOf(folder)).toEqual([]);
});

test('what a job leaves in the background ends with it, daemons too', async () => {
  const { run, folder } = await makeRunner();
  const start = performance.now();
  const tried = await run({
    script: [
      'sleep 300 &',
      'setsid sleep 300 > /dev/null 2>&1 &',
      'env -i setsid sleep 300 &',
      '(cd / && setsid sh -c "sleep 300; true" &)',
      'sleep 0.3; echo done',
    ],
    after_script: ['sleep 300 & setsid sleep 300 & echo after'],
  });
  expect(tried.end).toMatchObject({ exitCode: 0 });
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(processesOf(folder)).toEqual([]);
}, 30_000);

test('a script that fails for a signal it sends itself has failed, not been cancelled', async () => {
  const { run } = await makeRunner();
  const tried = await run({ script: ['kill -TERM $$'], artifacts: { when: 'always', paths: ['readme.md'] } });
  expect(tried.end).toMatchObject({ kind: 'exit', exitCode: 143 });
  expect(artifactsOf(tried).files).toEqual(['readme.md']);
});

/** Processes that stand below a folder or carry it in their variables or arguments. */
function processesOf(folder: string): string[] {
  const read = (file: string) => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .map((pid) => read(`/proc/${pid}/environ`) + read(`/proc/${pid}/cmdline`) + cwdOf(pid))
    .filter((text) => text.includes(folder));
}

function cwdOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

test('nothing of a job is left a moment later either', async () => {
  const { run, folder } = await makeRunner();
  await run({ script: ['(sleep 0.2; setsid sleep 300) & echo started'] });
  await sleep(500);
  expect(processesOf(folder)).toEqual([]);
});
