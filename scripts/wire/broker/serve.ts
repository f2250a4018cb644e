import { chmod, chown, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import type { Context } from '../../../components/kernel/context.ts';
import { readAuthorities } from '../certificates.ts';
import { createRoutes } from './routes.ts';
import { createState } from './state.ts';

/** What of its process the broker needs. */
export interface BrokerPort {
  /** Folder that was made for it; it takes it away again. */
  readonly folder: string;
  /** Number of the process that started it. */
  readonly starter: number;
  /** Keys by the names of their variables, as JSON. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Proxies and certificates. */
  readonly env: Context['env'];
  /** Number of the process that it belongs to now: another one adopts it where its starter is gone. */
  readonly parent: () => number;
  /** Becomes that user for good. Throws where it may not. */
  readonly become: (user: number) => void;
  readonly isRoot: boolean;
  /** Calls back when a signal asks it to end. */
  readonly onSignal: (end: () => void) => void;
}

export const sockets = { control: 'control.sock', egress: 'egress.sock' } as const;

/** A user that nothing else runs as: neither root nor `nobody`, whose processes may look at each other's memory. */
const brokerUser = 65533;

/** Milliseconds between two looks whether who started it still runs. */
const interval = 200;

/**
 * The process that holds the keys: it takes them from its standard input, so that neither its arguments nor its environment
 * show them, listens on two sockets and ends with who started it. As root it becomes a user of its own before it has read a
 * key; then a root without CAP_SYS_PTRACE, as in a container, cannot look into it either.
 */
export async function runBroker(port: BrokerPort): Promise<void> {
  const over = Promise.withResolvers<void>();
  port.onSignal(() => over.resolve());
  const watch = setInterval(() => port.parent() !== port.starter && over.resolve(), interval);
  const servers: Server[] = [];
  try {
    // Files of certificates may be root's.
    const authorities = attempt(() => readAuthorities(port.env));
    const routes = createRoutes({ env: port.env, authorities, end: () => over.resolve() });
    for (const name of ['control', 'egress'] as const)
      servers.push(await listenAt(join(port.folder, sockets[name]), routes[name]));
    await leaveRoot(port);
    routes.begin(createState(await readKeys(port.stdin)));
    await over.promise;
  } finally {
    clearInterval(watch);
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    await rm(port.folder, { recursive: true, force: true });
  }
}

/** Does it now, and gives what came of it, or throws it, whenever it is asked. */
function attempt<T>(work: () => T): () => T {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

async function readKeys(stdin: AsyncIterable<Uint8Array>): Promise<Record<string, string>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stdin) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString());
}

async function listenAt(path: string, handler: RequestListener): Promise<Server> {
  // A model may think for longer than Node lets a request take.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
  await chmod(path, 0o600);
  return server;
}

/** Its sockets stay the starter's. The folder becomes its own, or it could not take it away. */
async function leaveRoot({ isRoot, folder, become }: BrokerPort): Promise<void> {
  if (!isRoot) return;
  try {
    await chown(folder, brokerUser, brokerUser);
    await chmod(folder, 0o711);
    become(brokerUser);
  } catch {
    // A root that may not become another has no more rights than others.
    await chown(folder, 0, 0).catch(() => undefined);
  }
}
