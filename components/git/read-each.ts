import { createBlobReader } from './blob-stream.ts';
import { errors } from './errors.ts';
import { reasonOf } from './fetch-commits.ts';
import type { GitObjects } from './git-objects.ts';
import { decodeText, mostFileBytes } from './text.ts';
import type { TreeEntry } from './tree.ts';

type Take = (path: string, text: string | undefined) => boolean | Promise<boolean>;

/**
 * Hands on the texts of files, by one `git cat-file --batch` for all of them. What is too large for a text is never asked for.
 * @param listed - files of a tree, of which the others are
 * @throws GIT_UNREADABLE
 */
export async function readEach(
  objects: GitObjects,
  listed: readonly TreeEntry[],
  paths: readonly string[],
  take: Take,
): Promise<void> {
  const wanted = new Set(paths);
  const entries = listed.filter(({ path }) => wanted.has(path));
  const missing = entries.find(({ size }) => size === undefined);
  if (missing !== undefined) throw errors.UNREADABLE({ what: missing.path, reason: 'its object is missing' });
  const readable = entries.filter(({ size = 0 }) => size <= mostFileBytes);
  for (const { path } of entries.filter(({ size = 0 }) => size > mostFileBytes))
    if (!(await take(path, undefined))) return;
  if (readable.length === 0) return;
  const enough = new AbortController();
  const reader = createBlobReader(readable, async ({ path }, bytes) => {
    if (enough.signal.aborted) return;
    if (!(await take(path, decodeText(bytes)))) enough.abort(new Error('enough'));
  });
  const read = await objects(['cat-file', '--batch'], {
    input: readable.map(({ object }) => `${object}\n`).join(''),
    onBytes: reader.take,
    cancel: enough.signal,
  });
  if (enough.signal.aborted) return;
  const what = 'the files of the commit';
  if (read.exitCode !== 0) throw errors.UNREADABLE({ what, reason: reasonOf(read) });
  if (reader.done() !== readable.length)
    throw errors.UNREADABLE({ what, reason: 'an object has changed meanwhile' });
}
