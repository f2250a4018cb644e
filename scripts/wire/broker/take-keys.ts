import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isKeyVariable, partEnvironment } from '../../../components/sandbox/broker/key-names.ts';
import { planBroker } from './start.ts';

/** The first argument of a process whose keys a broker has; what follows the sign is its folder. */
const takenFlag = '--broker=';

/** What of a process taking its keys away needs. */
export interface KeysPort {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Becomes another program with that environment; nothing comes back. Undefined where a system has no such call. */
  readonly become: ((args: readonly string[], env: Record<string, string>) => void) | undefined;
}

/** Whether keys of models lie in the environment of a command that runs sessions. */
export function holdsKeys({ args, env }: Pick<KeysPort, 'args' | 'env'>): boolean {
  return (
    args[0] === 'run' && Object.keys(env).some((name) => isKeyVariable(name) && env[name]?.trim() !== '')
  );
}

/** The arguments of the command, and the folder of the broker that has taken its keys. */
export function readTaken(args: readonly string[]): { readonly args: string[]; readonly broker?: string } {
  const [first = '', ...rest] = args;
  return first.startsWith(takenFlag)
    ? { args: rest, broker: first.slice(takenFlag.length) }
    : { args: [...args] };
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
  become([`${takenFlag}${plan.folder}`, ...args], rest);
}
