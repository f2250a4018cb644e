import { dirname, join } from 'node:path';
import type { Context } from '../kernel/context.ts';
import { createBlobReader } from './blob-stream.ts';
import { errors } from './errors.ts';
import { reasonOf } from './fetch-commits.ts';
import { openObjects } from './objects.ts';
import { isRegular, isTreePath, listTree, type TreeEntry } from './tree.ts';

const mostFiles = 100_000;
const mostBytes = 512 * 1024 * 1024;

export interface Materialised {
  readonly files: number;
  /** Links, submodules and names that no file may have: they are left out. */
  readonly skipped: number;
}

/**
 * Writes the regular files of a commit into an empty folder, byte for byte: no filter, no line ending, no link, no
 * submodule, no `.git`.
 *
 * @param folder - a checkout, or the folder of a bare repository
 * @throws GIT_COMMIT_MISSING, GIT_UNREADABLE, GIT_TREE_TOO_LARGE, GIT_TREE_UNWRITABLE
 */
export async function materialise(
  context: Context,
  folder: string,
  commit: string,
  into: string,
): Promise<Materialised> {
  const objects = await openObjects(context, folder, [commit]);
  const all = await listTree(objects, commit);
  const entries = all.filter((entry) => isRegular(entry) && isTreePath(entry.path));
  assertSize(commit, entries);
  const missing = entries.find(({ size }) => size === undefined);
  if (missing !== undefined) throw errors.UNREADABLE({ what: missing.path, reason: 'its object is missing' });
  const made = new Set<string>();
  const reader = createBlobReader(entries, (entry, bytes) => writeEntry(context, into, entry, bytes, made));
  const read = await objects(['cat-file', '--batch'], {
    input: entries.map(({ object }) => `${object}\n`).join(''),
    onBytes: reader.take,
    timeout: 300_000,
  });
  if (read.exitCode !== 0)
    throw errors.UNREADABLE({ what: `the files of ${commit}`, reason: reasonOf(read) });
  if (reader.done() !== entries.length)
    throw errors.UNREADABLE({ what: `the files of ${commit}`, reason: 'an object has changed meanwhile' });
  return { files: entries.length, skipped: all.length - entries.length };
}

function assertSize(commit: string, entries: readonly TreeEntry[]): void {
  if (entries.length > mostFiles)
    throw errors.TREE_TOO_LARGE({ commit, what: `${entries.length} files`, limit: String(mostFiles) });
  const bytes = entries.reduce((sum, { size = 0 }) => sum + size, 0);
  if (bytes > mostBytes)
    throw errors.TREE_TOO_LARGE({ commit, what: `${bytes} bytes`, limit: `${mostBytes} bytes` });
}

async function writeEntry(
  context: Context,
  into: string,
  { path, mode }: TreeEntry,
  bytes: Uint8Array,
  made: Set<string>,
): Promise<void> {
  const parent = dirname(path);
  try {
    if (!made.has(parent)) await context.fs.mkdir(join(into, parent), { recursive: true });
    made.add(parent);
    await context.fs.writeFile(join(into, path), bytes, {
      flag: 'wx',
      mode: mode === '100755' ? 0o755 : 0o644,
    });
  } catch (error) {
    throw errors.TREE_UNWRITABLE(
      { path, reason: (error as Error).message.replace(/, \w+( '.*')?$/, '') },
      error,
    );
  }
}
