import { isKeyVariable } from '../../../components/sandbox/broker/key-names.ts';
import type { KeysPort } from './take-keys.ts';

/** The first argument of a process that is the broker; then come its folder and the number of who started it. */
export const brokerFlag = '--broker-process';

/** The first argument of a process whose keys a broker has; what follows the sign is its folder. */
export const takenFlag = '--broker=';

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
