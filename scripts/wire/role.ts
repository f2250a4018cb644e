import type { BrokerPort } from './broker/serve.ts';

/** What this process is to be: a command, or the broker of one. */
export interface RolePort extends Omit<BrokerPort, 'folder' | 'starter' | 'become'> {
  readonly args: readonly string[];
  readonly becomeUser: BrokerPort['become'];
  /** Becomes another Node with that environment, in the same process; undefined where a system has no such call. */
  readonly becomeProgram: ((args: readonly string[], env: Record<string, string>) => void) | undefined;
  readonly exit: () => never;
}

export interface Role {
  /** Of the command. */
  readonly args: readonly string[];
  /** Folder of the broker that has this process's keys. */
  readonly broker?: string;
}

/** Gives the arguments of a command; a process that is the broker ends in here, and one that holds keys begins anew. */
export async function role(port: RolePort): Promise<Role> {
  const [first = '', folder = '', starter = ''] = port.args;
  if (first === '--broker-process') {
    const { runBroker } = await import('./broker/serve.ts');
    await runBroker({ ...port, folder, starter: Number(starter), become: port.becomeUser });
    return port.exit();
  }
  if (!first.startsWith('--broker=') && first !== 'run') return { args: port.args };
  const { holdsKeys, readTaken, takeKeys } = await import('./broker/take-keys.ts');
  const keys = { args: port.args, env: port.env, become: port.becomeProgram };
  if (holdsKeys(keys)) await takeKeys(keys);
  return readTaken(port.args);
}
