import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasEnded, parseProcessorTime, parseUsage, watchProcesses } from '../../components/sandbox/watch.ts';
import { testContext } from '../support/cli.ts';
import { limits } from './support.ts';

describe('parseUsage', () => {
  test('adds what belongs to no file, in bytes', () => {
    const status =
      'Name:\tx\nVmRSS:\t  900 kB\nRssAnon:\t  10 kB\nRssFile:\t 800 kB\nRssShmem:\t 5 kB\nThreads:\t3\n';
    expect(parseUsage(status)).toEqual({ threads: 3, memory: 15 * 1024 });
  });

  test('a process that has ended uses nothing', () => {
    expect(parseUsage('')).toEqual({ threads: 0, memory: 0 });
    // One that waits to be collected has no memory in its status.
    expect(parseUsage('Name:\tx\nState:\tZ (zombie)\nThreads:\t1\n')).toEqual({ threads: 1, memory: 0 });
  });

  test('a name is not taken for a fact', () => {
    expect(parseUsage('Name:\tThreads: 99\nThreads:\t2\n')).toEqual({ threads: 2, memory: 0 });
    expect(parseUsage('XThreads:\t9\n')).toEqual({ threads: 0, memory: 0 });
  });

  test.skipIf(!existsSync('/proc/self/status'))('reads what the kernel says of us (needs /proc)', () => {
    const usage = parseUsage(readFileSync('/proc/self/status', 'utf8'));
    expect(usage.threads).toBeGreaterThan(1);
    expect(usage.memory).toBeGreaterThan(10_000_000);
    expect(usage.memory).toBeLessThan(process.memoryUsage.rss() * 2);
  });
});

test('processor time is that of a process and of the children it has collected, in milliseconds', () => {
  const fields = ['S', ...Array.from({ length: 10 }, (_, index) => index), 1, 2, 30, 40, 500, 600];
  expect(parseProcessorTime(`7 (a) (b) ${fields.join(' ')}`)).toBe(730);
  expect(parseProcessorTime('')).toBe(0);
});

describe.skipIf(!existsSync('/proc/self/status'))('hasEnded (needs /proc)', () => {
  const context = testContext('/');

  test('waits for the end', async () => {
    const child = spawn('sleep', ['0.1']);
    const started = performance.now();
    expect(await hasEnded(context, child.pid ?? 0, 10_000)).toBe(true);
    expect(performance.now() - started).toBeGreaterThan(50);
  });

  test('says that it has waited long enough', async () => {
    const child = spawn('sleep', ['60']);
    onTestFinished(() => void child.kill('SIGKILL'));
    expect(await hasEnded(context, child.pid ?? 0, 30)).toBe(false);
  });

  test('one that nobody collects has ended', async () => {
    // The shell starts a child, becomes a program that collects none, and tells the number.
    const parent = spawn('bash', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: 'pipe' });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [number] = await once(parent.stdout, 'data');
    expect(await hasEnded(context, Number(number), 10_000)).toBe(true);
    expect(readFileSync(`/proc/${Number(number)}/stat`, 'utf8')).toMatch(/\) Z /);
  });

  test('waits where the command is cancelled, too', async () => {
    const cancelled = { ...context.clock, sleep: () => Promise.reject(new Error('cancelled')) };
    const child = spawn('sleep', ['0.1']);
    expect(await hasEnded({ ...context, clock: cancelled }, child.pid ?? 0, 10_000)).toBe(true);
    await expect(hasEnded({ ...context, clock: cancelled }, process.pid, 30)).resolves.toBe(false);
  });
});

describe.skipIf(!existsSync('/proc/self/status'))('watchProcesses (needs /proc)', () => {
  const over = () => AbortSignal.timeout(100);

  test('does not count our own processes while the sandbox has no root of its own', async () => {
    const none = { ...limits, processes: 0, memory: 0 };
    expect(await watchProcesses(testContext('/'), process.pid, none, over())).toBeUndefined();
  });

  test('a sandbox that has ended exceeds nothing', async () => {
    const gone = Number(execFileSync('bash', ['-c', 'echo $$'], { encoding: 'utf8' }));
    expect(await watchProcesses(testContext('/'), gone, { ...limits, processes: 0 }, over())).toBeUndefined();
  });

  test('what cannot be seen is thrown', async () => {
    const context = testContext('/');
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    const fs = { ...context.fs, stat: () => Promise.reject(denied) };
    await expect(watchProcesses({ ...context, fs }, 1, limits, over())).rejects.toBe(denied);
  });
});
