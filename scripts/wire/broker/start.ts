import { chmod, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverCertificates } from '../../../components/gitlab/ci-context.ts';
import type { Context } from '../../../components/kernel/context.ts';
import { nodeProgram } from '../node.ts';
import { ownNumber } from '../own-number.ts';
import { brokerFlag } from './taken.ts';

/** What the broker's process is started with: no key is among it, which it is given by its standard input. */
export interface BrokerStart {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

const proxyNames = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/** The kernel takes 107 bytes for the name of a socket (unix(7)). */
const longestFolder = 107 - '/pipewright-broker-XXXXXX/control.sock'.length;

/** Makes the folder of a broker, which it takes away itself. */
export async function planBroker(env: Context['env']): Promise<BrokerStart> {
  const wanted = env.TMPDIR ?? '/tmp';
  const temporary = Buffer.byteLength(wanted) > longestFolder ? '/tmp' : wanted;
  const folder = await mkdtemp(join(temporary, 'pipewright-broker-'));
  await chmod(folder, 0o700);
  const { variable, file = '' } = serverCertificates(env);
  const names = [...proxyNames, 'NODE_EXTRA_CA_CERTS', ...(file === '' ? [] : [variable])];
  const kept = names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  const args = [mainFile(import.meta.url), brokerFlag, folder, String(ownNumber)];
  return { program: nodeProgram, args, env: Object.fromEntries(kept), folder };
}

/** Beside this folder in a checkout; in the bundle a chunk below main.js. */
function mainFile(here: string): string {
  return fileURLToPath(new URL(here.endsWith('.ts') ? '../../main.ts' : '../main.js', here));
}
