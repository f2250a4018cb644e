import type { CommitFiles } from '../../components/decide/commit-files.ts';
import type { Target } from '../../components/decide/judging.ts';
import type { Surroundings } from '../../components/decide/requests.ts';
import { openFolders } from '../../components/git/folder-files.ts';
import { readCiContext, runsInGitLab } from '../../components/gitlab/ci-context.ts';
import type { Context } from '../../components/kernel/context.ts';
import { findCommits } from './found-commits.ts';
import { surroundingsOf } from './surroundings.ts';

/** What the gate looks at: two commits of this checkout, and the merge request they are of. */
export interface GatePlace {
  readonly base: CommitFiles;
  readonly head: CommitFiles;
  readonly commit: string;
  readonly target: Target | undefined;
  readonly around: Surroundings;
}

/**
 * Opens the commits of a merge request, or HEAD alone: on a branch the policies of that branch count. Content is read as
 * git objects. @throws SESSION_BASE_UNKNOWN, GIT_…
 */
export async function openGatePlace(context: Context, folders: readonly string[]): Promise<GatePlace> {
  const { top, gitFolder, target: commits, targetHead } = await findCommits(context);
  const { mergeRequest, head } = commits;
  const isMergeRequest = readCiContext(context.env).mergeRequest !== undefined;
  const base = isMergeRequest || !runsInGitLab(context.env) ? commits.base : head;
  const [before, after] = await openFolders(context, top, [base, head], folders, gitFolder);
  const around = surroundingsOf(context);
  return {
    ...{ base: before, head: after, commit: base, around },
    target:
      mergeRequest === undefined
        ? undefined
        : {
            project: mergeRequest.project,
            mergeRequest: mergeRequest.iid,
            head,
            ...(targetHead && { targetHead }),
          },
  };
}
