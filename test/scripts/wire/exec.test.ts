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

describe('bytes', () => {
  async function* pieces(count: number, size = 65_536) {
    for (let index = 0; index < count; index += 1) yield new Uint8Array(size).fill(index);
  }

  test('go in and come out as they are', async () => {
    const { sh } = setUp();
    const taken: Uint8Array[] = [];
    const result = await sh('cat', {
      input: pieces(40),
      onBytes: (bytes: Uint8Array) => void taken.push(bytes),
    });
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    const whole = Buffer.concat(taken);
    expect(whole).toHaveLength(40 * 65_536);
    expect([whole[0], whole[65_536], whole.at(-1)]).toEqual([0, 1, 39]);
  });

  test('come one piece after another, and the last is waited for', async () => {
    const { sh } = setUp();
    let [busy, most, size] = [0, 0, 0];
    const onBytes = async (bytes: Uint8Array) => {
      busy += 1;
      most = Math.max(most, busy);
      await wait(5);
      size += bytes.length;
      busy -= 1;
    };
    await sh('head -c 400000 /dev/zero', { onBytes });
    expect([busy, most, size]).toEqual([0, 1, 400_000]);
  });

  test('wait in the program while nobody takes them', async () => {
    const { sh, cwd } = setUp();
    let first = true;
    const onBytes = async () => {
      if (first) await wait(300);
      if (first) expect(existsSync(join(cwd, 'done'))).toBe(false);
      first = false;
    };
    await sh('head -c 4000000 /dev/zero; touch done', { onBytes });
    expect(existsSync(join(cwd, 'done'))).toBe(true);
  });

  test('a text is an input, and a program need not read it', async () => {
    const { sh } = setUp();
    expect((await sh('cat', { input: 'ü\n' })).stdout).toBe('ü\n');
    expect((await sh('exec <&-; exit 3', { input: pieces(100) })).exitCode).toBe(3);
  });

  test('what goes wrong with them ends the program and is the failure', async () => {
    const { sh } = setUp();
    const onBytes = () => {
      throw new Error('no room');
    };
    await expect(sh('yes', { onBytes })).rejects.toThrow('no room');
  });

  test('a signal of its own ends one program', async () => {
    const { sh } = setUp();
    const own = new AbortController();
    const running = sh('echo ready; sleep 9', { cancel: own.signal, onOutput: () => own.abort() });
    expect(await running).toMatchObject({ exitCode: null, signal: 'SIGTERM', stdout: 'ready\n' });
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
