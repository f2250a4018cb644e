import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { partEnvironment } from '../../../components/sandbox/broker/key-names.ts';
import { planBroker } from './start.ts';
import { namesFlag, takenFlag } from './taken.ts';

/** What of a process taking its keys away needs. */
export interface KeysPort {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Becomes another program with that environment; nothing comes back. Undefined where a system has no such call. */
  readonly become: ((args: readonly string[], env: Record<string, string>) => void) | undefined;
}

/**
 * Hands the keys to a broker and becomes a process that never had them: its environment, as `/proc` shows it, is without.
 * The broker is its child still, and is not waited for: both start at one time.
 */
export async function takeKeys({ args, env, become }: KeysPort): Promise<void> {
  if (become === undefined) return;
  const { keys, rest } = partEnvironment(env);
  const plan = await planBroker(env);
  const child = spawn(plan.program, plan.args, {
    ...{ cwd: '/', env: { ...plan.env }, detached: true },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined).end(JSON.stringify(keys));
  await Promise.race([once(child.stdin, 'finish'), once(child, 'close')]);
  become([`${takenFlag}${plan.folder}`, [namesFlag, ...Object.keys(keys)].join('='), ...args], rest);
}
