import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Context } from '../../components/kernel/context.ts';
import { type Confined, confine } from '../../components/sandbox/confine.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { cancellable, processesWith } from './real.ts';
import { failure, limits } from './support.ts';

/** A context whose bubblewrap is that script, started as the real one is. */
function playing(
  script: string,
  context = testContext('/'),
): { readonly context: Context; readonly folder: string } {
  const folder = workspace({ bwrap: `#!/bin/bash\ncd "\${0%/*}"\n${script}\n` });
  const tool = join(folder, 'bwrap');
  chmodSync(tool, 0o755);
  const exec: Context['exec'] = (program, args, options) =>
    context.exec(
      program,
      args.map((word) => (word === 'bwrap' ? tool : word)),
      options,
    );
  return { context: { ...context, exec }, folder };
}

const run = (context: Context, change: Partial<Confined> = {}) =>
  confine(context, {
    ...{
      filter: new Uint8Array(),
      hidden: [],
      root: undefined,
      command: ['true'],
      env: {},
      input: '',
      limits,
    },
    ...change,
  });

/** What bubblewrap says when it has started a first process of that number, and when it has ended. */
const begins = (number: string) => `printf '{ "child-pid": %s, "ipc-namespace": 1 }\\n' ${number} >&3`;
const ends = (code: number) => `printf '{ "exit-code": ${code} }\\n' >&3`;

describe('bubblewrap that breaks', () => {
  test.each([
    ['with a message', 'echo one >&2; echo "bwrap: two" >&2; exit 1', 'bwrap: two'],
    ['without one', 'exit 1', 'bubblewrap ended without a word'],
    ['after it has begun', `${begins('$$')}; echo "bwrap: late" >&2; exit 1`, 'bwrap: late'],
    ['by a signal', 'kill -KILL $$', 'bubblewrap ended without a word'],
  ])('%s', async (_, script, reason) => {
    expect(await failure(run(playing(script).context))).toBe(
      `SANDBOX_FAILED: the sandbox broke, and the script did not run to its end: ${reason}`,
    );
  });

  test('and leaves a first process in a session of its own', async () => {
    // Its output is closed: nobody waits for it.
    const child = `setsid bash -c 'echo $$ >child; exec sleep 60' >/dev/null 2>&1 3>&- & until [ -s child ]; do :; done`;
    const { context, folder } = playing(`${child}; ${begins('$(cat child)')}; kill -KILL $$`);
    expect(await failure(run(context))).toMatch(/^SANDBOX_FAILED: /);
    const number = readFileSync(join(folder, 'child'), 'utf8').trim();
    expect(
      existsSync(`/proc/${number}`) && /\) [^ZX] /.test(readFileSync(`/proc/${number}/stat`, 'utf8')),
    ).toBe(false);
  });

  test('and leaves one that it has never told of, which waits for it', async () => {
    // A part of the shell, and called as it is, as bubblewrap's first process is while it waits.
    const { context, folder } = playing(
      '{ exec 3>&-; while :; do read -t 1 <> <(:); done; } & kill -KILL $$',
    );
    const started = performance.now();
    expect(await failure(run(context))).toMatch(/^SANDBOX_FAILED: /);
    expect(performance.now() - started).toBeLessThan(limits.timeout / 2);
    expect(processesWith(folder)).toEqual([]);
  });

  test('or whose processes cannot be looked at', async () => {
    const { context } = playing(`${begins('$$')}; exec sleep 60`);
    const stat = () => Promise.reject(Object.assign(new Error('EACCES: no'), { code: 'EACCES' }));
    expect(await failure(run({ ...context, fs: { ...context.fs, stat } }))).toMatch(
      /^SANDBOX_FAILED: .*: its processes cannot be counted: Error: EACCES: no$/,
    );
  });

  test('or whose processes do not end', async () => {
    const sleeper = spawn('sleep', ['60']);
    onTestFinished(() => void sleeper.kill('SIGKILL'));
    const { context } = playing(`${begins(String(sleeper.pid))}; ${ends(0)}`);
    let now = 0;
    const monotonic = () => {
      now += 20_000;
      return now;
    };
    expect(await failure(run({ ...context, clock: { ...context.clock, monotonic } }))).toMatch(
      /^SANDBOX_FAILED: .*: its processes have not ended 30000 ms after they were killed$/,
    );
    // It is not bubblewrap that was killed: who has ended as it should is not looked after.
    expect(sleeper.exitCode ?? sleeper.signalCode).toBeNull();
  });
});

test('what it says is read in pieces, and what the command says is not mistaken for it', async () => {
  const pieces = `printf '{ "child-pid"' >&3; sleep 0.02; printf ': %s }\\n{ "exit-' $$ >&3; sleep 0.02; printf 'code": 7 }\\n' >&3`;
  const { context } = playing(`${pieces}; echo '{ "exit-code": 0 }'; echo err >&2`);
  expect(await run(context)).toEqual({ exitCode: 7, stdout: '{ "exit-code": 0 }\n', stderr: 'err\n' });
});

test('the command may start when it has begun, and not before', async () => {
  const { context } = playing(`
    read -t 0.1 line; echo "early: $? $line"
    ${begins('$$')}; read -t 20 line; echo "then: $? $line"; ${ends(0)}`);
  expect((await run(context)).stdout).toMatch(/^early: (1[0-9]{2}) \nthen: 0 start\n$/);
});

describe('what is refused before anything starts', () => {
  /** A context that tells what is asked of it: a clock that runs would keep a process from ending. */
  function untouched() {
    const asked: string[] = [];
    const refuse = (what: string) => () => {
      asked.push(what);
      return Promise.reject(new Error(what));
    };
    const base = testContext('/');
    const clock = { ...base.clock, sleep: refuse('it was waited for') };
    return { asked, context: { ...base, clock, exec: refuse('it was started') } };
  }

  test.each<[string, Partial<Confined>, string]>([
    ['a command', { command: [''] }, 'SANDBOX_INVALID: the command "" cannot be given to a script'],
    ['a variable', { env: { UID: '0' } }, 'SANDBOX_INVALID: the variable "UID" cannot be given to a script'],
  ])('%s', async (_, change, message) => {
    const { asked, context } = untouched();
    expect(await failure(run(context, change))).toContain(message);
    expect(asked).toEqual([]);
  });

  test('a run that is cancelled already', async () => {
    const { asked, context } = untouched();
    const reason = new Error('not now');
    await expect(run(context, { cancel: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(asked).toEqual([]);
  });
});

describe('a cancellation', () => {
  test.each(['before it has begun', 'when it has begun'])('%s ends it with the reason', async (when) => {
    const { context: cancelled, cancel } = cancellable();
    const { context, folder } = playing(
      `${when.startsWith('before') ? ':' : begins('$$')}; echo >started; exec sleep 60`,
      cancelled,
    );
    const reason = new Error('enough');
    const running = run(context, { command: ['true', folder] });
    running.catch(() => undefined);
    while (!existsSync(join(folder, 'started'))) await wait(5);
    cancel.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(processesWith(folder)).toEqual([]);
  });

  test('whose signal comes before bubblewrap does, and so hits nobody, starts no command', async () => {
    const { context, folder } = playing(
      `${begins('$$')}; read -t 20 line && echo "$line" >ran; echo "$?" >ended; ${ends(1)}`,
    );
    const deaf: Context['exec'] = (program, args, { cancel: _, ...options }) =>
      context.exec(program, args, options);
    const [cancel, reason] = [new AbortController(), new Error('enough')];
    const running = run({ ...context, exec: deaf }, { cancel: cancel.signal });
    setImmediate(() => cancel.abort(reason));
    await expect(running).rejects.toBe(reason);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
    // The end of what it waits for, and not that it has waited for long.
    expect(readFileSync(join(folder, 'ended'), 'utf8')).toBe('1\n');
  });
});
