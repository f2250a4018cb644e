import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { workspace } from '../support/workspace.ts';
import { bash, rung, sandbox, titled } from './real.ts';
import { failure, limits } from './support.ts';

const start = (command: readonly [string, ...string[]], root = workspace()) =>
  sandbox.run({ root, command, env: {}, input: '', limits });

describe.skipIf(rung === 'none')(titled('a run'), () => {
  test('gives what the program has written, stream by stream, and nothing else', async () => {
    expect(await bash('echo out; echo err >&2; printf ä')).toEqual({
      ...{ exitCode: 0, stdout: 'out\nä', stderr: 'err\n' },
    });
  });

  test.each([
    ['exit 0', 0],
    ['exit 7', 7],
    ['exit 255', 255],
    ['kill -TERM $$', 143],
    ['kill -KILL $$', 137],
    ['exec sh -c "kill -SEGV \\$\\$"', 139],
  ])('%s ends with %i', async (script, exitCode) => expect((await bash(script)).exitCode).toBe(exitCode));

  test('a program that is not there ends with 127, one that cannot be started with 126', async () => {
    const root = workspace({ 'data.txt': 'x', 'script.sh': '#!/bin/sh\n' });
    chmodSync(join(root, 'script.sh'), 0o755);
    expect((await start(['no-such-program'], root)).exitCode).toBe(127);
    expect((await start(['./missing.sh'], root)).exitCode).toBe(127);
    expect((await start(['./data.txt'], root)).exitCode).toBe(126);
    expect((await start(['./script.sh'], root)).exitCode).toBe(0);
    // Programs of the checkout are not looked up by their names.
    expect((await start(['script.sh'], root)).exitCode).toBe(127);
  });

  test('a script of the checkout is started where it lies', async () => {
    const root = workspace({ 'scripts/a b.sh': '#!/bin/sh\npwd\necho "$0"\nprintf "<%s>" "$@"\n' });
    chmodSync(join(root, 'scripts/a b.sh'), 0o755);
    const result = await start(['scripts/a b.sh', '', '--', '$(id)', 'x\ny'], root);
    expect(result.stdout).toBe('/checkout\n/checkout/scripts/a b.sh\n<><--><$(id)><x\ny>');
  });

  test('standard input is the text, to its end', async () => {
    const input = 'ä\0\r\n'.repeat(100_000);
    expect((await bash('cat', { input })).stdout).toBe(input);
    expect((await bash('cat; read -r line; echo "$?"')).stdout).toBe('1\n');
    // It is a file: who reads nothing breaks nothing, and it can be read again.
    expect((await bash('exit 3', { input })).exitCode).toBe(3);
    expect((await bash('cat /dev/stdin /dev/stdin', { input: 'x' })).stdout).toBe('xx');
  });

  test('what a stream is called can be opened', async () => {
    expect(await bash('echo a >/dev/stdout; echo b >/dev/stderr')).toMatchObject({
      stdout: 'a\n',
      stderr: 'b\n',
    });
  });

  test('long output comes whole', async () => {
    const { stdout, stderr } = await bash('seq 100000; seq 100000 >&2');
    expect(stdout).toBe(stderr);
    expect(stdout).toMatch(/^1\n2\n/);
    expect(stdout.trim().split('\n')).toHaveLength(100_000);
  });

  test('eight at a time do not disturb each other', async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, async (_, number) => {
        const root = workspace({ name: String(number) });
        return bash('cat; cat name; echo $$ >/tmp/x; ls /tmp; exit $1', {
          ...{ root, input: `input ${number}, ` },
          command: ['bash', '-c', 'cat; cat name; echo x >/tmp/$1; ls /tmp; exit $1', 'bash', String(number)],
        });
      }),
    );
    expect(results).toEqual(
      results.map((_, number) => ({
        ...{ exitCode: number, stdout: `input ${number}, ${number}${number}\n`, stderr: '' },
      })),
    );
  });
});

describe.skipIf(rung === 'none')(titled('the environment'), () => {
  const printed = async (env: Readonly<Record<string, string>>) => {
    const { stdout } = await printAll(env);
    return Object.fromEntries(stdout.split('\0').map((line) => line.split(/=(.*)/s).slice(0, 2)));
  };
  const printAll = (env: Readonly<Record<string, string>>) =>
    sandbox.run({ root: workspace(), command: ['env', '-0'], env, input: '', limits });

  test('is what is given and made, and nothing of ours', async () => {
    process.env.SANDBOX_TEST_SECRET = 'secret';
    const env = await printed({ GIVEN: 'yes' });
    delete process.env.SANDBOX_TEST_SECRET;
    expect(env).toMatchObject({
      GIVEN: 'yes',
      HOME: '/tmp',
      TMPDIR: '/tmp',
      LANG: 'C.UTF-8',
      PWD: '/checkout',
    });
    const names = Object.keys(env).filter((name) => name !== '');
    expect(names.sort()).toEqual(['GIVEN', 'HOME', 'LANG', 'PATH', 'PWD', 'SHLVL', 'TMPDIR']);
  });

  test('hands on every value as it is', async () => {
    const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    const values = fc.sample(value, { numRuns: 100, seed: 7 });
    const env = Object.fromEntries(values.map((text, index) => [`V${index}`, text]));
    expect(await printed(env)).toMatchObject(env);
  });

  test('is not taken by what starts the script', async () => {
    const hostile = {
      LD_PRELOAD: '/checkout/evil.so',
      BASH_ENV: '/checkout/evil.sh',
      ENV: '/checkout/evil.sh',
      IFS: 'e',
    };
    const { stdout } = await printAll(hostile);
    for (const [name, value] of Object.entries(hostile)) expect(stdout).toContain(`${name}=${value}\0`);
    // Limits are set before it: one that names another library of programs cannot lift them.
    const limited = await bash('ulimit -u; ulimit -d; ulimit -c', { env: hostile });
    expect(limited.stdout).toBe(`${limits.processes * 2}\n${limits.memory / 1024}\n0\n`);
  });

  test('stands in no argument that another user could read', async () => {
    const { stdout } = await bash('cat /proc/[0-9]*/cmdline', {
      env: { TOKEN: 'tok-1234' },
      input: 'inp-1234',
    });
    expect(stdout).not.toMatch(/tok-1234|inp-1234/);
  });

  test.each(['UID', 'RANDOM', 'A-B'])('%s cannot be set', async (name) => {
    expect(await failure(printAll({ [name]: '0' }))).toMatch(/^SANDBOX_INVALID: /);
  });
});
