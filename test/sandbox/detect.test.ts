import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Context, ExecResult } from '../../components/kernel/context.ts';
import { processErrors } from '../../components/kernel/errors.ts';
import { createSandbox } from '../../components/sandbox/create.ts';
import type { Sandbox } from '../../components/sandbox/types.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { cancellable } from './real.ts';
import { failure, limits } from './support.ts';

const said = (stdout: string): ExecResult => ({
  ...{ exitCode: 0, signal: null, stdout, stderr: '', timedOut: false },
});

interface Machine {
  readonly uname?: string;
  readonly version?: string;
  /** A script in place of bubblewrap. */
  readonly tool?: string;
  /** Started in place of bash, with bash's arguments. */
  readonly shell?: readonly [string, ...string[]];
}

/** This machine, but for what its tools say or do. */
function machine({ uname = 'Linux x86_64', version = 'bubblewrap 0.8.0', tool, shell }: Machine): Context {
  const context = testContext('/');
  const path = join(workspace(tool === undefined ? {} : { bwrap: `#!/bin/bash\n${tool}\n` }), 'bwrap');
  if (tool !== undefined) spawnSync('chmod', ['+x', path]);
  return {
    ...context,
    exec: async (program, args, options) => {
      if (program === 'uname') return said(`${uname}\n`);
      if (program !== 'bash') {
        if (version === '') throw processErrors.PROGRAM_MISSING({ program, reason: 'spawn bwrap ENOENT' });
        return said(`${version}\n`);
      }
      const changed = args.map((word) => (word === 'bwrap' && tool !== undefined ? path : word));
      const [first, ...before] = shell ?? [program];
      return context.exec(first, [...before, ...changed], options);
    },
  };
}

const run = (sandbox: Sandbox) =>
  sandbox.run({
    ...{ root: workspace(), command: ['bash', '-c', 'echo ran >&2'], env: {}, input: '', limits },
  });

/** What bubblewrap would say: it has started, and the command has ended. */
const begins = `printf '{ "child-pid": %s }\\n' $$ >&3`;
const ends = `printf '{ "exit-code": %s }\\n' $? >&3`;
/** The command without the start inside: root that is denied user namespaces got that without --unshare-user. */
const unconfined = 'for last; do :; done; bash -c "$last" bash';

describe('where there is no sandbox', () => {
  test.each<[string, Machine, RegExp]>([
    [
      'another system',
      { uname: 'Darwin arm64' },
      /^it needs Linux, this is Darwin; run it in a job's container$/,
    ],
    ['no word of the system', { uname: '' }, /^it needs Linux, this is unknown; /],
    [
      'another machine',
      { uname: 'Linux riscv64' },
      /knows x86_64 and aarch64, this is riscv64; use a runner/,
    ],
    ['a machine of 32 bits', { uname: 'Linux i686' }, /this is i686;/],
    ['no bubblewrap', { version: '' }, /^bubblewrap is not installed; install the package bubblewrap/],
    [
      'an old one',
      { version: 'bubblewrap 0.7.0' },
      /^bubblewrap is bubblewrap 0\.7\.0; install 0\.8 or later$/,
    ],
    ['one without a version', { version: 'hello' }, /^bubblewrap is hello; install 0\.8 or later$/],
    [
      'a runner without user namespaces',
      { tool: 'echo "bwrap: Creating new namespace failed: Operation not permitted" >&2; exit 1' },
      /^this runner lets jobs make no user namespaces; allow them: .*\(.*bwrap: Creating new namespace failed: Operation not permitted\)$/s,
    ],
    [
      'a container whose /proc is covered',
      { tool: 'echo "bwrap: Can\'t mount proc on /newroot/proc: Operation not permitted" >&2; exit 1' },
      /procMount: Unmasked.*systempaths=unconfined/,
    ],
    [
      'no bash in /usr',
      { tool: 'echo "bwrap: execvp /usr/bin/bash: No such file or directory" >&2; exit 1' },
      /a program that it needs is missing .*; use our image/,
    ],
    [
      'one that says nothing',
      { tool: 'exit 1' },
      /^bubblewrap cannot start here \(.*ended without a word\)$/,
    ],
    [
      'one that runs everything as it is',
      { tool: `${begins}; ${unconfined}; ${ends}` },
      /^a trial run was not shut in \((?=.*the user namespace is ours)(?=.*NoNewPrivs is 0)(?=.*the net namespace is ours)(?=.*Uid is )/s,
    ],
    [
      'one that runs nothing, and says that all is well',
      { tool: `${begins}; ${ends}` },
      /^a trial run was not shut in \(.*NoNewPrivs is not told/s,
    ],
  ])('%s', async (_, facts, expected) => {
    const sandbox = createSandbox(machine(facts));
    const state = await sandbox.state();
    expect(state).toEqual({ rung: 'none', reason: expect.stringMatching(expected) });
    expect(await failure(run(sandbox))).toBe(
      `SANDBOX_UNAVAILABLE: repository scripts run in a sandbox of namespaces or not at all, and there is none here: ${state.reason}`,
    );
  });

  /** Root in a user namespace below which there can be none: the machine's own settings stay as they are. */
  const denied = [
    'unshare',
    '-Ur',
    'sh',
    '-c',
    'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"',
    'sh',
  ] as const;
  const can = spawnSync('unshare', [...denied.slice(1), 'true']).status === 0;
  const real = can && spawnSync('bwrap', ['--version']).status === 0;

  test.skipIf(!real)(
    `the real bubblewrap as root, denied user namespaces${real ? '' : ' (skipped: needs bwrap, and unshare -Ur)'}`,
    async () => {
      const uname = spawnSync('uname', ['-sm'], { encoding: 'utf8' }).stdout.trim();
      const sandbox = createSandbox(machine({ uname, shell: [...denied, 'bash'] }));
      expect(await sandbox.state()).toEqual({
        rung: 'none',
        reason: expect.stringMatching(/^this runner lets jobs make no user namespaces/),
      });
      expect(await failure(run(sandbox))).toMatch(/^SANDBOX_UNAVAILABLE: /);
    },
  );
});

/** What bubblewrap can do here by itself, so that a sandbox of ours that is broken is not taken for a machine without. */
const plain = [
  '--unshare-all',
  '--unshare-user',
  '--disable-userns',
  '--ro-bind',
  '/',
  '/',
  '--proc',
  '/proc',
  'true',
];
const shutsIn = spawnSync('bwrap', plain).status === 0;

test.skipIf(!shutsIn)(
  `where bubblewrap makes namespaces the rung is namespaces${shutsIn ? '' : ' (skipped: it does not here)'}`,
  async () => expect(await createSandbox(testContext('/')).state()).toEqual({ rung: 'namespaces' }),
);

describe('looking', () => {
  test.each([
    ['0.8.0', true],
    ['0.10.0', true],
    ['1.0', true],
    ['0.7.9', false],
  ])('version %s is enough: %s', async (version, enough) => {
    const context = machine({ version: `bubblewrap ${version}`, tool: 'exit 1' });
    const { reason } = await createSandbox(context).state();
    expect(reason?.includes('install 0.8')).toBe(!enough);
  });

  test('happens once, also for those who ask at the same time', async () => {
    const context = machine({ uname: 'Darwin arm64' });
    let calls = 0;
    const counted: Context = {
      ...context,
      exec: (...call) => {
        calls++;
        return context.exec(...call);
      },
    };
    const sandbox = createSandbox(counted);
    const [one, other] = await Promise.all([sandbox.state(), sandbox.state()]);
    expect(await sandbox.state()).toEqual(one);
    expect(other).toEqual(one);
    expect(calls).toBe(1);
  });

  test('that is cancelled gives the reason, and no verdict', async () => {
    const { context, cancel } = cancellable();
    const sandbox = createSandbox(context);
    const reason = processErrors.CANCELLED({ signal: 'SIGTERM' });
    const looking = sandbox.state();
    cancel.abort(reason);
    await expect(looking).rejects.toBe(reason);
    await expect(sandbox.state()).rejects.toBe(reason);
  });
});
