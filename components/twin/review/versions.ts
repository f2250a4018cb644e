import type { Twin } from '../ports.ts';
import type { Project } from '../world/project.ts';
import type { DiffVersion, MergeRequest } from '../world/review.ts';
import { timeOf } from '../world/world.ts';

/** The name of a merge request's head in its target project. */
export function headRef({ iid }: Pick<MergeRequest, 'iid'>): string {
  return `refs/merge-requests/${iid}/head`;
}

/** The name of what it would come to, merged into its target branch as that was then. */
export function mergeRef({ iid }: Pick<MergeRequest, 'iid'>): string {
  return `refs/merge-requests/${iid}/merge`;
}

export function latestVersion({ versions }: MergeRequest): DiffVersion | undefined {
  return versions.at(-1);
}

/**
 * Brings the head of the source branch into the target project and remembers what would be merged; undefined, and
 * nothing done, where one of the branches is not there.
 */
export async function addVersion(
  twin: Twin,
  source: Project,
  target: Project,
  mergeRequest: MergeRequest,
): Promise<DiffVersion | undefined> {
  const { repositories, world } = twin;
  const [headSha, startSha] = await Promise.all([
    repositories.resolve(source, `refs/heads/${mergeRequest.sourceBranch}`),
    repositories.resolve(target, `refs/heads/${mergeRequest.targetBranch}`),
  ]);
  if (headSha === undefined || startSha === undefined) return undefined;
  await repositories.fetchFrom(target, source, headSha, headRef(mergeRequest));
  // Histories without a common commit are compared as they stand.
  const baseSha = (await repositories.mergeBase(target, startSha, headSha)) ?? startSha;
  const id = world.nextId('merge_request_diff');
  const version: DiffVersion = { id, headSha, baseSha, startSha, createdAt: timeOf(world) };
  mergeRequest.versions.push(version);
  return version;
}
