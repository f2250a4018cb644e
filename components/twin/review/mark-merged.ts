import type { Twin } from '../ports.ts';
import type { User } from '../world/people.ts';
import type { MergeRequest } from '../world/review.ts';
import { timeOf } from '../world/world.ts';

/** @param commitSha - the merge commit, where one was made */
export function markMerged(
  { world }: Twin,
  mergeRequest: MergeRequest,
  user: User,
  commitSha: string | undefined,
): void {
  mergeRequest.state = 'merged';
  mergeRequest.mergedById = user.id;
  mergeRequest.mergedAt = timeOf(world);
  mergeRequest.updatedAt = mergeRequest.mergedAt;
  mergeRequest.mergeCommitSha = commitSha;
}
