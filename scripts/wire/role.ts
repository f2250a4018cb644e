import type { Context } from '../../components/kernel/context.ts';
import type { BrokerPort } from './broker/serve.ts';
import { brokerFlag, holdsKeys, readTaken } from './broker/taken.ts';

/** What this process is to be: a command, or the broker of one. */
export interface RolePort extends Omit<BrokerPort, 'folder' | 'starter' | 'become' | 'stdin'> {
  /** Asked for by the broker only: to look at it changes a pipe that others read from as well, such as the job's shell. */
  readonly stdin: () => BrokerPort['stdin'];
  readonly args: readonly string[];
  readonly becomeUser: BrokerPort['become'];
  /** Becomes another Node with that environment, in the same process; undefined where a system has no such call. */
  readonly becomeProgram: ((args: readonly string[], env: Record<string, string>) => void) | undefined;
  readonly exit: () => never;
}

export interface Role {
  /** Of the command. */
  readonly args: readonly string[];
  /** The broker that has this process's keys. */
  readonly broker?: Context['broker'];
}

/** Gives the arguments of a command; a process that is the broker ends in here, and one that holds keys begins anew. */
export async function role(port: RolePort): Promise<Role> {
  const [first = '', folder = '', starter = ''] = port.args;
  if (first === brokerFlag) {
    const { runBroker } = await import('./broker/serve.ts');
    await runBroker({
      ...port,
      folder,
      starter: Number(starter),
      stdin: port.stdin(),
      become: port.becomeUser,
    });
    return port.exit();
  }
  const keys = { args: port.args, env: port.env, become: port.becomeProgram };
  if (holdsKeys(keys)) await (await import('./broker/take-keys.ts')).takeKeys(keys);
  return readTaken(port.args);
}
