import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Context } from '../../../components/kernel/context.ts';
import { readOutput, repository, sessionOf } from '../../session/support.ts';
import { endsOf } from '../../stores/log/frames.ts';
import { pipewright } from '../../support/cli.ts';
import { rung, sh, start, taskPath, taskYaml, titled } from './task-support.ts';

/** Of all processes of this machine. */
function commandLines(): string[] {
  return readdirSync('/proc').flatMap((name) => {
    const file = `/proc/${name}/cmdline`;
    try {
      return /^\d+$/.test(name) ? [readFileSync(file, 'utf8')] : [];
    } catch {
      return [];
    }
  });
}

describe.skipIf(rung === 'none')(titled('on error'), () => {
  const failing = sh('echo tried >&2; exit 1');

  /** Waits no time, and tells how long it was asked to. */
  function waiting(waits: number[], onWait: () => void = () => undefined) {
    return (context: Context): Context => ({
      ...context,
      clock: {
        ...context.clock,
        sleep: async (milliseconds, cancel) => {
          // What ends early is a limit of the sandbox, not a wait.
          if (cancel !== undefined || milliseconds < 1_000) return context.clock.sleep(milliseconds, cancel);
          waits.push(milliseconds);
          onWait();
        },
      },
    });
  }

  test('retry tries three times, after one second and two', async () => {
    const waits: number[] = [];
    const parts = { type: 'idempotent', more: 'error_handling: {on_error: retry}' };
    const { cwd, run } = await start({ script: failing, parts, change: waiting(waits) });
    expect([run.exitCode, waits]).toEqual([20, [1_000, 2_000]]);
    expect(run.stdout.match(/^attempt \d came to nothing: it ended with exit code 1$/gm)).toHaveLength(3);
    expect(readOutput(cwd, 'result').usage.iterations).toBe(3);
  });

  test('retry ends with the first success', async () => {
    const waits: number[] = [];
    const cwd = repository({
      [taskPath]: taskYaml({ more: 'error_handling: {on_error: retry}' }),
      'scripts/count.sh': failing,
    });
    const change = waiting(waits, () => writeFileSync(join(cwd, 'scripts/count.sh'), sh('echo {}')));
    const run = await pipewright(['run', `--agent=${taskPath}`], { cwd, change });
    expect([run.exitCode, waits]).toEqual([0, [1_000]]);
    expect(readOutput(cwd, 'result').usage.iterations).toBe(2);
  });

  test('ignore completes, with the error and without output', async () => {
    const { cwd, run } = await start({
      script: failing,
      parts: { more: 'error_handling: {on_error: ignore}' },
    });
    expect(run.exitCode, run.stdout).toBe(0);
    const result = readOutput(cwd, 'result');
    expect(result.completion.error).toEqual({
      code: 'TASK_FAILED',
      message: 'it ended with exit code 1',
      recoverable: true,
    });
    expect(result).not.toHaveProperty('output');
  });

  test('a failed one is tried again when it is gone on with, unless it is transactional', async () => {
    for (const [type, exitCode] of [
      ['idempotent', 0],
      ['transactional', 20],
    ] as const) {
      const { cwd, args, run } = await start({ script: failing, parts: { type } });
      writeFileSync(join(cwd, 'scripts/count.sh'), sh('echo {}'));
      const again = await pipewright([...args, `--session=${sessionOf(run)}`], { cwd });
      expect([type, run.exitCode, again.exitCode]).toEqual([type, 20, exitCode]);
    }
  });

  test('a transactional one whose failure is the last that was recorded is not tried again either', async () => {
    const { cwd, args, run } = await start({ script: failing, parts: { type: 'transactional' } });
    const session = sessionOf(run);
    const segment = join(cwd, '.pipewright/sessions', session, '000001.log');
    truncateSync(segment, endsOf(readFileSync(segment)).at(-2));
    const again = await pipewright([...args, `--session=${session}`], { cwd });
    expect([again.exitCode, again.stdout]).toEqual([
      31,
      expect.stringContaining('failed, and its job was cut off'),
    ]);
    expect(again.stdout).not.toContain('attempt 2');
  });

  test('cut off by SIGTERM: its processes end, and only a transactional one stays blocked', async () => {
    for (const [type, exitCode] of [
      ['deterministic', 0],
      ['transactional', 31],
    ] as const) {
      const seconds = 600 + Math.floor(Math.random() * 1e6) / 1e6;
      const cwd = repository({ [taskPath]: taskYaml({ type }), 'scripts/count.sh': sh(`sleep ${seconds}`) });
      const cancel = new AbortController();
      const args = ['run', `--agent=${taskPath}`];
      const running = pipewright(args, { cwd, cancel: cancel.signal });
      const isAsleep = () => commandLines().some((line) => line.startsWith(`sleep\0${seconds}\0`));
      await expect.poll(isAsleep, { timeout: 10_000 }).toBe(true);
      cancel.abort('SIGTERM');
      const cut = await running;
      expect([cut.exitCode, cut.stderr]).toEqual([3, expect.stringContaining('cancelled by SIGTERM')]);
      expect(isAsleep()).toBe(false);
      writeFileSync(join(cwd, 'scripts/count.sh'), sh('echo {}'));
      const again = await pipewright([...args, `--session=${sessionOf(cut)}`], { cwd });
      expect([type, again.exitCode], again.stdout).toEqual([type, exitCode]);
    }
  });
});
