import type { User } from '../world/people.ts';
import type { MergeRequest } from '../world/review.ts';
import type { World } from '../world/world.ts';
import { addSystemNote } from './notes.ts';

const approved = 'approved this merge request';

/** False where the user already has. */
export function approve(world: World, mergeRequest: MergeRequest, user: User): boolean {
  if (mergeRequest.approvals.has(user.id)) return false;
  mergeRequest.approvals.add(user.id);
  addSystemNote(world, mergeRequest, user, approved);
  return true;
}

/** False where the user has not approved. */
export function unapprove(world: World, mergeRequest: MergeRequest, user: User): boolean {
  if (!mergeRequest.approvals.delete(user.id)) return false;
  addSystemNote(world, mergeRequest, user, 'unapproved this merge request');
  return true;
}

/** When somebody approved: GitLab wrote a note then. */
export function approvedAt({ notes }: MergeRequest, userId: number): string | undefined {
  const note = notes.findLast(
    ({ system, body, authorId }) => system && body === approved && authorId === userId,
  );
  return note?.createdAt;
}
