import type { TakenKeys } from '../../../components/kernel/context.ts';
import { isKeyVariable } from '../../../components/sandbox/broker/key-names.ts';
import type { KeysPort } from './take-keys.ts';

/** The first argument of a process that is the broker; then come its folder and the number of who started it. */
export const brokerFlag = '--broker-process';

/** The first argument of a process whose keys a broker has; what follows the sign is its folder. */
export const takenFlag = '--broker=';

/** Its second argument: names of the variables the keys were in, each behind a sign that no name holds. */
export const namesFlag = '--keys';

/** Whether keys lie in the environment of a command that asks models or MCP servers. */
export function holdsKeys({ args, env }: Pick<KeysPort, 'args' | 'env'>): boolean {
  return (
    (args[0] === 'run' || args[0] === 'tools') &&
    Object.keys(env).some((name) => isKeyVariable(name) && env[name]?.trim() !== '')
  );
}

/** The arguments of the command, and the broker that has taken its keys. */
export function readTaken(args: readonly string[]): { readonly args: string[]; readonly broker?: TakenKeys } {
  const [first = '', second = '', ...rest] = args;
  if (!first.startsWith(takenFlag)) return { args: [...args] };
  const [, ...keys] = second.split('=');
  return { args: rest, broker: { folder: first.slice(takenFlag.length), keys } };
}
