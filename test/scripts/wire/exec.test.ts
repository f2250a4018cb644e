import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createExec } from '../../../scripts/wire/exec.ts';
import { workspace } from '../../support/workspace.ts';

const env = { PATH: process.env.PATH ?? '' };

function setUp() {
  const cancel = new AbortController();
  const cwd = workspace();
  const exec = createExec(cancel.signal);
  const sh = (script: string, more = {}) => exec('sh', ['-c', script], { cwd, env, ...more });
  return { cancel, cwd, sh, exec };
}

describe('a program', () => {
  test('gives exit code and both streams', async () => {
    const { sh } = setUp();
    const result = await sh('echo out; echo err >&2; exit 7');
    expect(result).toEqual({ exitCode: 7, signal: null, stdout: 'out\n', stderr: 'err\n', timedOut: false });
  });

  test('inherits no variable and no shell', async () => {
    const { exec, cwd } = setUp();
    process.env.PIPEWRIGHT_TEST_SECRET = 'planted';
    const result = await exec('env', [], { cwd, env });
    Reflect.deleteProperty(process.env, 'PIPEWRIGHT_TEST_SECRET');
    expect(result.stdout).not.toContain('planted');
    expect((await exec('echo', ['$(id)', '; id'], { cwd, env })).stdout).toBe('$(id) ; id\n');
  });

  test('that does not exist is a failure with its name', async () => {
    const { exec, cwd } = setUp();
    await expect(exec('no-such-program', [], { cwd, env })).rejects.toMatchObject({
      code: 'PROCESS_PROGRAM_MISSING',
    });
  });

  test('that prints without end is stopped', async () => {
    const { sh } = setUp();
    await expect(sh('yes', { maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'PROCESS_OUTPUT_TOO_LARGE',
    });
  });
});

describe('nothing is left behind', () => {
  // The child of the program would make the file a second later, if it lived.
  const lingering = '(sleep 1; touch late) & echo started; wait';

  test('after its time is up', async () => {
    const { sh, cwd } = setUp();
    expect((await sh(lingering, { timeout: 200 })).timedOut).toBe(true);
    await wait(1_300);
    expect(existsSync(join(cwd, 'late'))).toBe(false);
  });

  test('after cancellation, which is what the caller is told', async () => {
    const { sh, cwd, cancel } = setUp();
    const running = sh(lingering, { onOutput: () => cancel.abort('SIGTERM') });
    await expect(running).rejects.toBe('SIGTERM');
    await wait(1_300);
    expect(existsSync(join(cwd, 'late'))).toBe(false);
  });

  test('even of children that ignore the signal', async () => {
    const { sh, cwd } = setUp();
    await sh(`(trap '' TERM; exec >/dev/null 2>&1; sleep 1; touch late) & sleep 9`, { timeout: 200 });
    await wait(1_300);
    expect(existsSync(join(cwd, 'late'))).toBe(false);
  });

  test('and nothing starts once cancelled', async () => {
    const { sh, cwd, cancel } = setUp();
    cancel.abort('SIGTERM');
    await expect(sh('touch late')).rejects.toBe('SIGTERM');
    expect(existsSync(join(cwd, 'late'))).toBe(false);
  });
});
