import { describe, expect, test } from 'vitest';
import type { Context } from '../../../components/kernel/context.ts';
import { rung, titled } from '../../sandbox/real.ts';
import { pipewright } from '../../support/cli.ts';

/** A machine whose files and programs say that, and which is like this one otherwise. */
function machine(files: Readonly<Record<string, string>>, programs: Readonly<Record<string, string>>) {
  return (context: Context): Context => ({
    ...context,
    fs: {
      ...context.fs,
      readFile: (async (path: string, ...rest: []) =>
        files[path] ?? context.fs.readFile(path, ...rest)) as unknown as Context['fs']['readFile'],
    },
    exec: async (program, args, options) => {
      const stdout = programs[[program, ...args].join(' ')];
      if (stdout === undefined) return context.exec(program, args, options);
      return { exitCode: 0, signal: null, stdout, stderr: '', timedOut: false };
    },
  });
}

describe('doctor --sandbox', () => {
  test.skipIf(rung === 'none')(titled('tells what this machine gives, and asks no GitLab'), async () => {
    const { exitCode, stdout } = await pipewright(['doctor', '--sandbox'], { cwd: '/' });
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^sandbox: namespaces\n/)]);
    expect(stdout).toMatch(/^ {2}seccomp filter +\d+ instructions$/m);
    expect(stdout).toMatch(/^ {2}start and end +[\d.]+ ms, 95 % within [\d.]+ ms \(20 runs\)$/m);
  });

  test('is a finding below the rung, with each setting that stands in the way and its cure', async () => {
    const change = machine(
      {
        '/proc/sys/user/max_user_namespaces': '0\n',
        '/proc/sys/kernel/unprivileged_userns_clone': '0\n',
        '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n',
        '/proc/self/status': 'Uid:\t0\t0\t0\t0\nSeccomp:\t2\n',
      },
      { 'bwrap --version': 'bubblewrap 0.4.0\n' },
    );
    const told = await pipewright(['doctor', '--sandbox', '--json'], { cwd: '/', change });
    expect(told.exitCode).toBe(20);
    const examined = JSON.parse(told.stdout);
    expect(examined).toMatchObject({
      rung: 'none',
      reason: 'bubblewrap is bubblewrap 0.4.0; install 0.8 or later',
      remedies: [
        expect.stringContaining('user.max_user_namespaces=15000'),
        expect.stringContaining('kernel.unprivileged_userns_clone=1'),
        expect.stringContaining('apparmor_restrict_unprivileged_userns=0'),
        expect.stringContaining('security_opt'),
      ],
    });
    expect(examined).not.toHaveProperty('start');
    const { stdout } = await pipewright(['doctor', '--sandbox'], { cwd: '/', change });
    expect(stdout).toMatch(
      /^sandbox: none, so no script of a repository runs here.*\nwhy: bubblewrap is .*\nremedy: on the host/,
    );
  });
});
