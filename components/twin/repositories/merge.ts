import type { Person } from '../ports.ts';
import type { Git } from './git.ts';
import { resolveCommit } from './read.ts';
import { moveRef, refused, type Written, writeCommitObject } from './write.ts';

export interface MergeOptions {
  /** Commit; its objects are here. */
  readonly source: string;
  readonly branch: string;
  readonly message: string;
  readonly author: Person;
  readonly method: 'merge' | 'ff' | 'squash';
  /** Unix time in seconds. */
  readonly now: number;
}

/** Merges a commit into a branch without a working tree. */
export async function mergeInto(git: Git, options: MergeOptions): Promise<Written> {
  const ref = `refs/heads/${options.branch}`;
  const tip = await resolveCommit(git, ref);
  if (tip === undefined) return refused('Target branch does not exist');
  const result = options.method === 'ff' ? await forward(git, tip, options) : await join(git, tip, options);
  if (typeof result !== 'string') return result;
  const moved = await moveRef(git, ref, result, tip);
  return moved
    ? { ok: true, sha: result, before: tip }
    : refused(`Could not update ${ref}. Please refresh and try again.`);
}

/** Merges a commit into a branch's tip under a reference of its own, as pipelines of merged results have it. */
export async function mergeToRef(
  git: Git,
  { ref, source, branch, ...options }: Omit<MergeOptions, 'method' | 'message'> & { readonly ref: string },
): Promise<Written> {
  const tip = await resolveCommit(git, `refs/heads/${branch}`);
  if (tip === undefined) return refused('Target branch does not exist');
  const message = `Merge ${source} into ${tip}`;
  const sha = await join(git, tip, { ...options, source, branch, message, method: 'merge' });
  if (typeof sha !== 'string') return sha;
  await git.run(['update-ref', '--no-deref', ref, sha]);
  return { ok: true, sha, before: tip };
}

async function forward(git: Git, tip: string, { source }: MergeOptions) {
  const { exitCode } = await git.try(['merge-base', '--is-ancestor', tip, source]);
  return exitCode === 0
    ? source
    : refused('Fast-forward merge is not possible. Rebase the source branch first.');
}

async function join(git: Git, tip: string, options: MergeOptions) {
  const { source, message, author, method, now } = options;
  const merged = await git.try(['merge-tree', '--write-tree', '--no-messages', tip, source]);
  // 0: clean, 1: conflicts; others: it could not be tried, as where the histories are unrelated.
  if (merged.exitCode !== 0) return refused('Merge conflict: the branches cannot be merged');
  const tree = merged.stdout.trim().split('\n')[0] ?? '';
  const parents = method === 'squash' ? [tip] : [tip, source];
  return writeCommitObject(git, { tree, parents, message, author, committer: author, now });
}
