import type { Twin } from '../ports.ts';
import { receivePush } from '../pushes.ts';
import { zerosLike } from '../repositories/names.ts';
import { mayWriteBranch, protectionOf } from '../world/access.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import { markMerged } from './mark-merged.ts';
import { latestVersion } from './versions.ts';

export interface MergeOptions {
  readonly message?: string | undefined;
  readonly squash?: boolean | undefined;
  readonly squashMessage?: string | undefined;
  readonly removeSourceBranch?: boolean | undefined;
}

/**
 * Merges into the target branch, which starts its pipelines, and removes the source branch where that was asked for.
 * False where git cannot merge it; whether it may be merged is looked at before.
 */
export async function mergeMergeRequest(
  twin: Twin,
  project: Project,
  mergeRequest: MergeRequest,
  user: User,
  options: MergeOptions = {},
): Promise<boolean> {
  const source = twin.world.projects.get(mergeRequest.sourceProjectId);
  const head = latestVersion(mergeRequest)?.headSha;
  if (source === undefined || head === undefined) return false;
  const squash = isSquashed(project, mergeRequest, options);
  const method = squash ? 'squash' : project.settings.merge_method === 'ff' ? 'ff' : 'merge';
  const title = squash ? options.squashMessage : options.message;
  const merged = await twin.repositories.merge(project, {
    ...{ source: { project: source, sha: head }, branch: mergeRequest.targetBranch, method },
    message: title ?? (squash ? mergeRequest.title : defaultMessage(project, mergeRequest)),
    author: { name: user.name, email: user.email },
  });
  if (!merged.ok) return false;
  mergeRequest.squashCommitSha = squash ? merged.sha : undefined;
  markMerged(twin, mergeRequest, user, method === 'merge' ? merged.sha : undefined);
  const ref = `refs/heads/${mergeRequest.targetBranch}`;
  await receivePush(twin, project, { ref, before: merged.before, after: merged.sha, options: [] }, user);
  if (options.removeSourceBranch ?? mergeRequest.removeSourceBranch)
    await removeSourceBranch(twin, source, mergeRequest, user, head);
  return true;
}

/** A project may forbid squashing or demand it. */
export function isSquashed(
  { settings }: Project,
  mergeRequest: MergeRequest,
  { squash = mergeRequest.squash }: MergeOptions = {},
): boolean {
  if (settings.squash_option === 'never') return false;
  return settings.squash_option === 'always' || squash;
}

function defaultMessage({ path }: Project, mergeRequest: MergeRequest): string {
  const { sourceBranch, targetBranch, title, iid } = mergeRequest;
  const merge = `Merge branch '${sourceBranch}' into '${targetBranch}'`;
  return `${merge}\n\n${title}\n\nSee merge request ${path}!${iid}`;
}

async function removeSourceBranch(
  twin: Twin,
  source: Project,
  { sourceBranch }: MergeRequest,
  user: User,
  head: string,
): Promise<void> {
  const isKept =
    sourceBranch === source.defaultBranch || protectionOf(source.protectedBranches, sourceBranch);
  if (isKept || !mayWriteBranch(user, source, sourceBranch, 'push')) return;
  const ref = `refs/heads/${sourceBranch}`;
  if (!(await twin.repositories.updateRef(source, ref, undefined, head))) return;
  await receivePush(twin, source, { ref, before: head, after: zerosLike(head), options: [] }, user);
}
