import type { GitLab } from '../types.ts';
import { getBranch } from './branches.ts';
import { type Commit, createCommit, type FileAction, listCommits } from './commits.ts';
import { type OfProject, unlessMissing } from './define.ts';

export interface LeasedCommit extends OfProject {
  readonly branch: string;
  /** The commit the changes were made for, and which becomes the parent. */
  readonly expected: string;
  /** Whether the branch is made anew at `expected`, or is there and must still stand on it. */
  readonly start: 'new branch' | 'tip';
  /** Ends with a line only this very commit has, such as a trailer with an id: it is known by it when an answer is lost. */
  readonly message: string;
  readonly actions: readonly FileAction[];
}

/**
 * `stale`: the branch is elsewhere (`tip`), or there already where it should be new; nothing was written. `raced`: somebody
 * pushed between our look and our commit, which stands on theirs (`tip`): what it was checked against is no longer true.
 */
export type CommitOutcome =
  | { readonly kind: 'committed'; readonly commit: Commit }
  | { readonly kind: 'stale'; readonly tip: string | undefined }
  | { readonly kind: 'raced'; readonly commit: Commit; readonly tip: string | undefined };

/**
 * Commits onto an expected commit. GitLab's commits API has no compare-and-swap of a branch, so there are two guarantees.
 *
 * A new branch from `start_sha`: GitLab refuses it where the branch exists, so the commit stands on `expected` or there is
 * none. Merge it with `mergeMergeRequest`, which has a lease on the head.
 *
 * The tip of a branch: the tip is read first, and another is `stale`. A push between the look and the commit is not kept
 * out; it is found afterwards by the commit's parent, and `raced`. Files changed meanwhile are kept out where the actions
 * give their `lastCommitId`, which GitLab checks: then it refuses (GITLAB_REFUSED).
 *
 * Source: docs.gitlab.com/api/commits.
 */
export async function commitOnto(gitlab: GitLab, wanted: LeasedCommit): Promise<CommitOutcome> {
  const { project, branch, expected, start, message, actions } = wanted;
  const tip = (await unlessMissing(getBranch(gitlab, { project, branch })))?.commit.id;
  if (tip !== (start === 'tip' ? expected : undefined)) return { kind: 'stale', tip };
  const found = () => findCommit(gitlab, wanted);
  const commit = await createCommit(gitlab, {
    ...{ project, branch, message, actions, found },
    ...(start === 'new branch' && { startSha: expected }),
  });
  const [parent] = commit.parentIds;
  return parent === expected ? { kind: 'committed', commit } : { kind: 'raced', commit, tip: parent };
}

/** Ours among what the branch got since, by its whole message. */
async function findCommit(gitlab: GitLab, wanted: LeasedCommit): Promise<Commit | undefined> {
  const { project, branch, expected, message } = wanted;
  if ((await unlessMissing(getBranch(gitlab, { project, branch }))) === undefined) return undefined;
  for await (const commit of listCommits(gitlab, { project, ref: branch })) {
    if (commit.id === expected) return undefined;
    if (commit.message.trim() === message.trim()) return commit;
  }
  return undefined;
}
