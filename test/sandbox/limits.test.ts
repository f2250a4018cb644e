import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bash, processesWith, rung, titled } from './real.ts';

const mebibyte = 1024 * 1024;

/** Milliseconds that a run took, beside what it came to. */
async function timed<T>(work: Promise<T>): Promise<T & { readonly took: number }> {
  const started = performance.now();
  return { ...(await work), took: performance.now() - started };
}

/**
 * A function that doubles itself so many times. A thousand and a half are enough: where the tests are root, the kernel has
 * no limit, and one without an end takes a busy machine down with it before it is counted.
 */
const bomb = 'f() { if (( $1 )); then f $(( $1 - 1 )) & f $(( $1 - 1 )) & wait; else sleep 60; fi; };';

/** A mark in the arguments of all that a script starts. */
const marked = (script: string) => {
  const marker = `mark-${crypto.randomUUID()}`;
  return { marker, command: ['bash', '-c', script, marker] as [string, ...string[]] };
};

describe.skipIf(rung === 'none')(titled('a script that'), () => {
  const hanging = [
    'echo before; sleep 60',
    'trap "" TERM INT HUP; echo before; while :; do sleep 60; done',
    'echo before; trap "" TERM; sleep 60 & wait',
    'echo before; kill -STOP $$',
    'echo before; while :; do :; done',
  ];

  test('hangs, whatever it does about signals, is ended', async () => {
    const waiting = hanging.map(async (script) => {
      const { marker, command } = marked(script);
      const result = await timed(bash(script, { command, limits: { timeout: 1_000 } }));
      expect(result, script).toMatchObject({
        exitCode: null,
        exceeded: 'timeout',
        stdout: 'before\n',
        stderr: '',
      });
      expect(result.took, script).toBeGreaterThan(999);
      expect(result.took, script).toBeLessThan(5_500);
      expect(processesWith(marker), script).toEqual([]);
    });
    await Promise.all(waiting);
  });

  test.each([
    ['stdout', 'exec yes'],
    ['stderr', 'exec yes >&2'],
    ['stdout', 'trap "" TERM PIPE; while :; do echo y || :; done'],
  ] as const)('floods %s: %s', async (stream, script) => {
    const { marker, command } = marked(script);
    const result = await timed(bash(script, { command, limits: { output: 10_001 } }));
    expect(result).toMatchObject({ exitCode: null, exceeded: 'output' });
    expect(result[stream]).toBe('y\n'.repeat(5_001).slice(0, 10_001));
    expect(result.took).toBeLessThan(5_000);
    expect(processesWith(marker)).toEqual([]);
  });

  test('writes as much as it may is let be, on each of both streams', async () => {
    const script = 'printf %010000d 0; printf %010000d 0 >&2';
    const result = await bash(script, { limits: { output: 10_000 } });
    expect(result).toEqual({ exitCode: 0, stdout: '0'.repeat(10_000), stderr: '0'.repeat(10_000) });
  });

  test('is cut between two characters, and counted in bytes', async () => {
    const result = await bash('printf €€€', { limits: { output: 7 } });
    expect(result).toEqual({ exitCode: null, exceeded: 'output', stdout: '€€', stderr: '' });
  });

  test.each([
    ['a fork bomb', `${bomb} f 9`],
    ['one in a loop', 'for i in {1..1000}; do sleep 60 & done; wait'],
    ['one that ignores signals', `trap "" TERM; ${bomb} f 9`],
  ])('is %s', async (_, script) => {
    const { marker, command } = marked(script);
    const result = await bash(script, { command, limits: { processes: 40 } });
    expect(result).toMatchObject({ exitCode: null, exceeded: 'processes' });
    expect(processesWith(marker)).toEqual([]);
  });

  test('runs after everything else, so that who counts its processes comes first', async () => {
    expect((await bash('nice')).stdout).toBe('19\n');
  });

  test('starts no more than it may is let be', async () => {
    const script = 'for i in {1..7}; do sleep 0.3 & done; wait; echo end';
    expect(await bash(script, { limits: { processes: 8 } })).toMatchObject({ exitCode: 0, stdout: 'end\n' });
    expect(await bash(script, { limits: { processes: 7 } })).toMatchObject({ exceeded: 'processes' });
  });

  test.skipIf(!existsSync('/usr/bin/python3'))('has many threads (needs /usr/bin/python3)', async () => {
    const script = `python3 -c 'import threading, time
for _ in range(30): threading.Thread(target=time.sleep, args=(1,)).start()
'; echo end`;
    expect(await bash(script, { limits: { processes: 20 } })).toMatchObject({ exceeded: 'processes' });
    expect(await bash(script, { limits: { processes: 50 } })).toMatchObject({ exitCode: 0, stdout: 'end\n' });
  });

  /** A script whose processes each hold so much memory. */
  const hold = (megabytes: number, times: number) =>
    `for i in {1..${times}}; do { printf -v x %0${megabytes * mebibyte}d 0; sleep 60; } & done; wait`;

  test('takes much memory with many processes', async () => {
    const { marker, command } = marked(hold(24, 4));
    const result = await bash('', { command, limits: { memory: 64 * mebibyte } });
    expect(result).toMatchObject({ exitCode: null, exceeded: 'memory' });
    expect(processesWith(marker)).toEqual([]);
  });

  test('takes much memory alone is given no more', async () => {
    const script = `printf -v x %0${40 * mebibyte}d 0 && echo got`;
    const result = await bash(script, { limits: { memory: 24 * mebibyte } });
    expect(result.stdout).toBe('');
    // Its own error, or found out before.
    if (result.exceeded === undefined) expect(result.exitCode).not.toBe(0);
    else expect(result.exceeded).toBe('memory');
    expect(await bash(script, { limits: { memory: 512 * mebibyte } })).toMatchObject({ stdout: 'got\n' });
  });

  test('fills /tmp has its own error', async () => {
    const script =
      'head -c 1G /dev/zero >/tmp/big; echo $?; stat -c %s /tmp/big; head -c 1G /dev/zero >/dev/shm/big';
    const { stdout, stderr } = await timed(bash(script, { limits: { scratch: 4 * mebibyte } }));
    const [code, size] = stdout.split('\n').map(Number);
    expect(code).not.toBe(0);
    expect(size).toBe(4 * mebibyte);
    expect(stderr.match(/No space left on device/g)).toHaveLength(2);
  });

  test('uses much processor time, in one process or in many that end, is ended', async () => {
    const limits = { cpu: 600 };
    for (const script of [
      'while :; do :; done',
      'while :; do (for ((i = 0; i < 3000; i++)); do :; done); done',
    ])
      expect(await bash(script, { limits })).toMatchObject({ exitCode: null, exceeded: 'cpu' });
    expect(await bash('sleep 0.7; echo end', { limits })).toEqual({
      exitCode: 0,
      stdout: 'end\n',
      stderr: '',
    });
  });

  test('writes a large file is ended by the kernel', async () => {
    const { stdout } = await bash('head -c 9000 /dev/zero >/tmp/x; echo $?; stat -c %s /tmp/x', {
      limits: { fileSize: 8192 },
    });
    // 128 + SIGXFSZ.
    expect(stdout).toBe('153\n8192\n');
  });

  test('opens many files has its own error', async () => {
    const { stdout } = await bash('ulimit -n; ulimit -Hn; ulimit -n 5000 2>/dev/null; ulimit -n');
    expect(stdout).toBe('1024\n1024\n1024\n');
  });
});
