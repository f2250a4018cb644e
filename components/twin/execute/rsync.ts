// Runs as a program of its own (tools.ts writes its launcher): imports nothing heavy and is handed what it touches.
import type { Stats } from 'node:fs';
import type * as NodeFs from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { parseRsyncCall, type RsyncCall } from './rsync-arguments.ts';
import { type Excluded, parseExcludes } from './rsync-patterns.ts';

/** Address of the module that exports {@link rsync}: this one, or the chunk a bundler put it in. */
export const rsyncModule: string = import.meta.url;

export interface RsyncPort {
  readonly fs: Pick<
    typeof NodeFs,
    | 'chmod'
    | 'copyFile'
    | 'lstat'
    | 'lutimes'
    | 'mkdir'
    | 'readFile'
    | 'readdir'
    | 'readlink'
    | 'rm'
    | 'symlink'
    | 'utimes'
  >;
  readonly cwd: string;
  readonly tell: (text: string) => void;
}

/** Path below the target, to what stands there. */
type Transfer = Map<string, { readonly from: string; readonly stats: Stats }>;

/**
 * Stands in for rsync where there is none, for the calls gitlab-ci-local 4.75.1 makes: copies files, directories and
 * symbolic links with modes and times. Gives rsync's exit codes: 0, 1 for a call it does not know, 23 when a source
 * is missing. Owners are not kept: everything belongs to whoever runs the pipeline.
 */
export async function rsync(args: readonly string[], port: RsyncPort): Promise<number> {
  const parsed = parseRsyncCall(args);
  if (!parsed.ok) return refuse(port, parsed.message);
  const { call } = parsed;
  const patterns = [...call.excludes];
  for (const file of call.excludeFiles) {
    const lines = await readLines(port, file);
    patterns.push(...lines.filter((line) => !/^[;#]/.test(line)));
  }
  const excludes = parseExcludes(patterns);
  if (!excludes.ok) return refuse(port, excludes.message);
  const transfer: Transfer = new Map();
  const complete = await collect(call, excludes.excluded, transfer, port);
  const root = absolute(port, call.target);
  if (call.deletes) await removeOthers(root, '', transfer, port);
  await apply(root, transfer, port);
  return complete ? 0 : 23;
}

function refuse(port: RsyncPort, message: string): number {
  port.tell(`rsync: ${message}\n`);
  return 1;
}

async function readLines(port: RsyncPort, file: string): Promise<string[]> {
  return (await port.fs.readFile(absolute(port, file), 'utf8')).split(/\r?\n/).filter((line) => line !== '');
}

function absolute(port: RsyncPort, path: string): string {
  return path.startsWith('/') ? normalize(path) : join(port.cwd, path);
}

/** Lists what is to be copied; false when a source is missing. */
async function collect(
  call: RsyncCall,
  excluded: Excluded,
  transfer: Transfer,
  port: RsyncPort,
): Promise<boolean> {
  let complete = true;
  const base = absolute(port, call.filesFrom === undefined ? '.' : (call.sources[0] ?? '.'));
  const names = call.filesFrom === undefined ? call.sources : await readLines(port, call.filesFrom);
  for (const name of names) {
    const from = name.startsWith('/') && !call.relative ? normalize(name) : join(base, name);
    // rsync takes no relative name that climbs out of its base either.
    const climbs = call.relative && normalize(name).startsWith('..');
    const stats = climbs ? undefined : await port.fs.lstat(trimmed(from)).catch(() => undefined);
    if (stats === undefined) {
      port.tell(`rsync: link_stat ${JSON.stringify(from)} failed: No such file or directory (2)\n`);
      complete = false;
      continue;
    }
    const to = targetOf(name, call.relative);
    // Of `./name` rsync counts the folder itself among those above the source.
    if (call.relative && name.startsWith('./') && !transfer.has('')) {
      transfer.set('', { from: base, stats: await port.fs.lstat(base) });
    }
    const inside = call.relative ? await addParents(base, to, excluded, transfer, port) : true;
    if (inside) await add(trimmed(from), to, stats, call.recursive, excluded, transfer, port);
  }
  return complete;
}

function trimmed(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

/** Where a source goes: with -R under its own path, else its contents (`dir/`) or itself (`dir`). */
function targetOf(name: string, relative: boolean): string {
  const path = trimmed(normalize(name)).replace(/^\/+/, '');
  if (relative) return path === '.' ? '' : path;
  return /(^|\/)\.?\/?$/.test(name) ? '' : path.slice(path.lastIndexOf('/') + 1);
}

/** The folders above a source are copied with it; false when one of them is excluded. */
async function addParents(
  base: string,
  to: string,
  excluded: Excluded,
  transfer: Transfer,
  port: RsyncPort,
): Promise<boolean> {
  const parts = dirname(to)
    .split('/')
    .filter((part) => part !== '.' && part !== '');
  for (const [index] of parts.entries()) {
    const path = parts.slice(0, index + 1).join('/');
    if (excluded(path, true)) return false;
    const from = join(base, path);
    if (!transfer.has(path)) transfer.set(path, { from, stats: await port.fs.lstat(from) });
  }
  return true;
}

async function add(
  from: string,
  to: string,
  stats: Stats,
  recursive: boolean,
  excluded: Excluded,
  transfer: Transfer,
  port: RsyncPort,
): Promise<void> {
  if (to !== '' && excluded(to, stats.isDirectory())) return;
  transfer.set(to, { from, stats });
  if (!stats.isDirectory() || !recursive) return;
  for (const name of await port.fs.readdir(from)) {
    const below = join(from, name);
    const path = to === '' ? name : `${to}/${name}`;
    await add(below, path, await port.fs.lstat(below), recursive, excluded, transfer, port);
  }
}

/** Deletes what is in the target and not in the transfer, excluded files too. */
async function removeOthers(root: string, path: string, transfer: Transfer, port: RsyncPort): Promise<void> {
  const names = await port.fs.readdir(join(root, path), { withFileTypes: true }).catch(() => []);
  for (const entry of names) {
    const below = path === '' ? entry.name : `${path}/${entry.name}`;
    if (!transfer.has(below)) await port.fs.rm(join(root, below), { recursive: true, force: true });
    else if (entry.isDirectory()) await removeOthers(root, below, transfer, port);
  }
}

async function apply(root: string, transfer: Transfer, port: RsyncPort): Promise<void> {
  const directories: (readonly [string, Stats])[] = [];
  await port.fs.mkdir(root, { recursive: true });
  for (const [path, { from, stats }] of transfer) {
    const to = join(root, path);
    const there = await port.fs.lstat(to).catch(() => undefined);
    if (stats.isDirectory()) {
      if (there !== undefined && !there.isDirectory()) await port.fs.rm(to);
      if (there === undefined || !there.isDirectory()) await port.fs.mkdir(to);
      else await port.fs.chmod(to, (stats.mode & 0o7777) | 0o700);
      directories.push([to, stats]);
      continue;
    }
    if (there !== undefined) await port.fs.rm(to, { recursive: true, force: true });
    if (stats.isSymbolicLink()) {
      await port.fs.symlink(await port.fs.readlink(from), to);
      await port.fs.lutimes(to, stats.atime, stats.mtime);
    } else if (stats.isFile()) {
      await port.fs.copyFile(from, to);
      await port.fs.chmod(to, stats.mode & 0o7777);
      await port.fs.utimes(to, stats.atime, stats.mtime);
    } else port.tell(`rsync: ${JSON.stringify(from)} is no file, directory or symbolic link: left out\n`);
  }
  // Deepest first: writing into a directory changes its time, and a read-only one could not be written into.
  for (const [to, stats] of directories.reverse()) {
    await port.fs.chmod(to, stats.mode & 0o7777);
    await port.fs.utimes(to, stats.atime, stats.mtime);
  }
}
