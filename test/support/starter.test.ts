import { expect, test } from 'vitest';
import type { ExecOptions } from '../../components/kernel/context.ts';
import { createExec } from '../../scripts/wire/exec.ts';
import { throughStarter } from './starter.ts';
import { workspace } from './workspace.ts';

const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent' };

test('what another process starts answers as if it were started here', async () => {
  const cancel = new AbortController();
  const here = createExec(cancel.signal);
  const there = throughStarter(here, cancel.signal);
  const cwd = workspace();
  // Only a process that starts many has one that starts them.
  for (let call = 0; call <= 40; call += 1) await there('git', ['--version'], { cwd, env });
  const calls: readonly (readonly [readonly string[], ExecOptions])[] = [
    [['hash-object', '--stdin'], { cwd, env, input: 'Grüße\n'.repeat(10_000) }],
    [['rev-parse', '--verify', 'nothing'], { cwd, env }],
    [['var', 'GIT_AUTHOR_IDENT'], { cwd, env: { ...env, GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@b' } }],
    [['cat-file', '--batch'], { cwd, env, input: '' }],
    [['-c', 'alias.slow=!sleep 5', 'slow'], { cwd, env, timeout: 100 }],
    [['help', '--all'], { cwd, env, maxBytes: 10 }],
    [['--version'], { cwd, env: { PATH: '/nonexistent' } }],
    [['--version'], { cwd: '/nonexistent', env }],
  ];
  for (const [args, options] of calls) {
    const outcome = (exec: typeof here) =>
      exec('git', args, options).then(
        ({ stderr: _, ...result }) => result,
        (error) => ({ code: error.code, message: error.message }),
      );
    expect(await outcome(there), args.join(' ')).toEqual(await outcome(here));
  }
  const slow = there('git', ['-c', 'alias.slow=!sleep 5', 'slow'], { cwd, env });
  setTimeout(() => cancel.abort(new Error('enough')), 100);
  await expect(slow).rejects.toThrow('enough');
});
