import type { Context } from '../kernel/context.ts';
import type { RepositoryReader } from '../tools/types.ts';
import { readDiff } from './diff.ts';
import { errors } from './errors.ts';
import { fetchCommits, reasonOf } from './fetch-commits.ts';
import { git } from './git.ts';
import { type GitObjects, runOn } from './git-objects.ts';
import { readBlame, readLog } from './history.ts';
import { readEach } from './read-each.ts';
import { decodeText, mostFileBytes } from './text.ts';
import { isRegular, isTreePath, listTree, type TreeEntry } from './tree.ts';
import { whyNoText } from './why-no-text.ts';

/** Between which commits a repository is read; both are object names. */
export interface Range {
  readonly base: string;
  readonly head: string;
}

/**
 * Opens the content of two commits as git objects. Nothing of the working tree is looked at, and what it says about
 * itself (attributes, links, submodules) is not followed. A commit that a shallow clone lacks is fetched, alone.
 *
 * @param folder - a checkout, or the folder of a bare repository
 * @throws GIT_NO_REPOSITORY, GIT_COMMIT_MISSING
 */
export async function openRepository(
  context: Context,
  folder: string,
  { base, head }: Range,
): Promise<RepositoryReader> {
  const objects = await openObjects(context, folder, [base, head]);
  let listing: Promise<readonly TreeEntry[]> | undefined;
  const list = () => {
    listing ??= listRegular(objects, head);
    return listing;
  };
  return {
    base,
    head,
    readFile: (path) => readBlob(objects, head, path),
    whyNot: (path) => whyNoText(objects, head, path),
    readDiff: async (path) => {
      if (path !== undefined && !isTreePath(path)) return '';
      return readDiff(objects, base, head, path);
    },
    listFiles: async () => (await list()).map(({ path }) => path),
    readEach: async (paths, take) => readEach(objects, await list(), paths, take),
    readLog: (path, most) => readLog(objects, head, path, most),
    readBlame: (path, from, to) => readBlame(objects, head, path, { from, to }),
  };
}

/** @throws GIT_NO_REPOSITORY, GIT_COMMIT_MISSING */
export async function openObjects(
  context: Context,
  folder: string,
  commits: readonly string[],
): Promise<GitObjects> {
  for (const commit of commits) assertObjectName(commit);
  const found = await git(context, folder, ['rev-parse', '--absolute-git-dir']);
  // A bare repository is only taken where it is named.
  const bare =
    found.exitCode === 0
      ? undefined
      : await git(context, folder, ['--git-dir=.', 'rev-parse', '--absolute-git-dir']);
  const answer = bare?.exitCode === 0 ? bare : found;
  if (answer.exitCode !== 0) throw errors.NO_REPOSITORY({ folder, reason: reasonOf(found) });
  const objects = runOn(context, answer.stdout.replace(/\n$/, ''));
  const missing = await missingOf(objects, commits);
  if (missing.length === 0) return objects;
  const reason = await fetchCommits(context, folder, missing);
  const [commit] = reason === undefined ? await missingOf(objects, missing) : missing;
  if (commit !== undefined) throw errors.COMMIT_MISSING({ commit, reason: reason ?? '' });
  return objects;
}

/** What becomes an argument of git is the name of an object, never of a ref that could move or be an option. */
function assertObjectName(commit: string): void {
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit))
    throw new TypeError('a commit is given by its object name');
}

async function missingOf(objects: GitObjects, commits: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(commits)];
  const input = wanted.map((commit) => `${commit}\n`).join('');
  const { stdout } = await objects(['cat-file', '--batch-check'], { input });
  const there = new Set(stdout.split('\n').flatMap((line) => /^([0-9a-f]+) commit /.exec(line)?.[1] ?? []));
  return wanted.filter((commit) => !there.has(commit));
}

async function readBlob(objects: GitObjects, commit: string, path: string): Promise<string | undefined> {
  if (!isTreePath(path)) return undefined;
  const entries = await listTree(objects, commit, path);
  const entry = entries.find((each) => each.path === path && isRegular(each));
  return entry === undefined ? undefined : readEntry(objects, entry);
}

/** Text of a file; undefined where it is none, or too large. @throws GIT_UNREADABLE */
export async function readEntry(
  objects: GitObjects,
  { path, object, size }: TreeEntry,
): Promise<string | undefined> {
  if (size === undefined) throw errors.UNREADABLE({ what: path, reason: 'its object is missing' });
  if (size > mostFileBytes) return undefined;
  const pieces: Uint8Array[] = [];
  const read = await objects(['cat-file', 'blob', object], {
    onBytes: (bytes) => {
      pieces.push(bytes);
    },
  });
  if (read.exitCode !== 0) throw errors.UNREADABLE({ what: path, reason: reasonOf(read) });
  return decodeText(Buffer.concat(pieces));
}

async function listRegular(objects: GitObjects, commit: string): Promise<readonly TreeEntry[]> {
  const entries = await listTree(objects, commit);
  return entries
    .filter((entry) => isRegular(entry) && isTreePath(entry.path))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}
