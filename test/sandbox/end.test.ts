import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Context } from '../../components/kernel/context.ts';
import { confine } from '../../components/sandbox/confine.ts';
import { detect } from '../../components/sandbox/detect.ts';
import { testContext } from '../support/cli.ts';
import { bash, cancellable, processesWith, rung, titled } from './real.ts';
import { limits } from './support.ts';

const newMarker = () => `mark-${crypto.randomUUID()}`;

describe.skipIf(rung === 'none')(titled('nothing is left'), () => {
  test.each([
    ['of a child', 'sleep 60 &'],
    [
      'of a daemon, forked twice in a session of its own',
      '(setsid bash -c "sleep 60; :" $0 &) >/dev/null 2>&1 </dev/null',
    ],
    [
      'of one that ignores signals',
      '(trap "" TERM HUP INT; setsid bash -c "while :; do sleep 1; done" $0 &)',
    ],
    ['of a hundred', 'for i in {1..50}; do (setsid bash -c "sleep 60; :" $0 &); done'],
  ])('%s', async (_, script) => {
    const marker = newMarker();
    const started = performance.now();
    const result = await bash(script, {
      command: ['bash', '-c', `${script}\necho end`, marker],
      limits: { processes: 200 },
    });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'end\n' });
    expect(processesWith(marker)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('of one that ends because of a limit, or that breaks', async () => {
    const marker = newMarker();
    const script = '(setsid bash -c "sleep 60; :" $0 &); sleep 60';
    const command: [string, ...string[]] = ['bash', '-c', script, marker];
    expect((await bash('', { command, limits: { timeout: 200 } })).exceeded).toBe('timeout');
    expect(processesWith(marker)).toEqual([]);
  });
});

const found = await detect(testContext('/'));

/** Starts a script that only a cancellation ends. */
function startEndless(context: Context, run = new AbortController()) {
  if (found.rung === 'none') throw new Error(found.reason);
  const marker = newMarker();
  const script = 'trap "" TERM; (setsid bash -c "sleep 60; :" $0 &); while :; do sleep 60; done';
  const ended = confine(context, {
    ...{ ...found, root: undefined, env: {}, input: 'x'.repeat(100_000), limits, cancel: run.signal },
    command: ['bash', '-c', script, marker],
  }).then(
    (result): unknown => result,
    (error: unknown) => error,
  );
  return { ended, marker };
}

describe.skipIf(rung === 'none')(titled('a cancellation'), () => {
  test.each(['the command', 'the run'] as const)(
    'of %s, at any moment, ends it with the reason and leaves nothing',
    async (whose) => {
      // Evenly over a start, which takes some 40 ms on an idle machine, and what follows.
      for (let index = 0; index < 30; index++) {
        const moment = index * 4 + Math.random() * 4;
        const { context, cancel } = cancellable();
        const [run, reason] = [new AbortController(), new Error('enough')];
        const { ended, marker } = startEndless(context, run);
        await wait(moment);
        (whose === 'the run' ? run : cancel).abort(reason);
        expect(await ended, `cancelled after ${moment} ms`).toBe(reason);
        expect(processesWith(marker), `cancelled after ${moment} ms`).toEqual([]);
      }
    },
  );

  test('at the moment when the first process is known', async () => {
    const [base, run, reason] = [testContext('/'), new AbortController(), new Error('enough')];
    const exec: Context['exec'] = (program, args, options) => {
      const [onStatus, ...others] = options.descriptors ?? [];
      const told = (text: string) => {
        run.abort(reason);
        if (typeof onStatus === 'function') onStatus(text);
      };
      return base.exec(program, args, { ...options, descriptors: [told, ...others] });
    };
    const { ended, marker } = startEndless({ ...base, exec }, run);
    expect(await ended).toBe(reason);
    expect(processesWith(marker)).toEqual([]);
  });

  test('when the script has run for a while', async () => {
    const { context, cancel } = cancellable();
    const { ended, marker } = startEndless(context);
    // The first process, the script, its sleep and its daemon: `bwrap` twice and each of the others.
    while (processesWith(marker).length < 4) await wait(10);
    cancel.abort('SIGTERM');
    expect(await ended).toBe('SIGTERM');
    expect(processesWith(marker)).toEqual([]);
  });

  test('that comes too late changes nothing', async () => {
    const cancel = new AbortController();
    expect((await bash('echo done', { cancel: cancel.signal })).stdout).toBe('done\n');
    cancel.abort(new Error('late'));
    expect((await bash('echo again')).stdout).toBe('again\n');
  });

  test('of one run leaves the others alone', async () => {
    const [cancel, reason] = [new AbortController(), new Error('enough')];
    const other = bash('sleep 0.4; echo whole');
    const cancelled = bash('sleep 60', { cancel: cancel.signal });
    setTimeout(() => cancel.abort(reason), 150);
    await expect(cancelled).rejects.toBe(reason);
    expect((await other).stdout).toBe('whole\n');
  });
});
