import { canSee, isAtLeastRole, mayReadCode, mayWriteBranch } from '../world/access.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { Issuable, Issue, MergeRequest, Note } from '../world/review.ts';

/** Who may do what with what people review. Source: docs.gitlab.com/user/permissions, "Project permissions". */

export function mayRead(user: User | undefined, project: Project, issuable: Issuable): boolean {
  if (isMergeRequest(issuable)) return mayReadCode(user, project);
  if (!canSee(user, project)) return false;
  return !isConfidential(issuable) || mayReadConfidential(user, project, issuable);
}

export function mayReadInternalNotes(user: User | undefined, project: Project): boolean {
  return isAtLeastRole(user, project, 'planner');
}

export function mayReadNote(user: User | undefined, project: Project, note: Note): boolean {
  return !note.internal || mayReadInternalNotes(user, project);
}

/** A locked discussion is its project's members' own. */
export function mayWriteNote(user: User, project: Project, issuable: Issuable): boolean {
  if (!mayRead(user, project, issuable)) return false;
  return !issuable.discussionLocked || isAtLeastRole(user, project, 'guest');
}

/** Its author and maintainers change a note; what GitLab itself wrote nobody does. */
export function mayEditNote(user: User, project: Project, note: Note): boolean {
  if (note.system || !mayReadNote(user, project, note)) return false;
  return note.authorId === user.id || isAtLeastRole(user, project, 'maintainer');
}

export function mayResolve(user: User, project: Project, issuable: Issuable, note: Note): boolean {
  const isOwn = note.authorId === user.id || issuable.authorId === user.id;
  return isOwn || isAtLeastRole(user, project, 'developer');
}

/** Title, description, state: authors of their own, developers (of issues: planners) of all. */
export function mayUpdate(user: User, project: Project, issuable: Issuable): boolean {
  if (!mayRead(user, project, issuable)) return false;
  const role = isMergeRequest(issuable) ? 'developer' : 'planner';
  return issuable.authorId === user.id || isAtLeastRole(user, project, role);
}

/** Labels, assignees, reviewers, lock. */
export function maySetMetadata(user: User, project: Project, kind: Issuable['kind']): boolean {
  return isAtLeastRole(user, project, kind === 'merge_request' ? 'developer' : 'planner');
}

export function mayMerge(user: User, project: Project, mergeRequest: MergeRequest): boolean {
  return mayWriteBranch(user, project, mergeRequest.targetBranch, 'merge');
}

export function mayApprove(user: User, project: Project, mergeRequest: MergeRequest): boolean {
  return mergeRequest.state !== 'merged' && isAtLeastRole(user, project, 'developer');
}

export function isMergeRequest(issuable: Issuable): issuable is MergeRequest {
  return issuable.kind === 'merge_request';
}

export function isIssue(issuable: Issuable): issuable is Issue {
  return issuable.kind === 'issue';
}

function isConfidential(issuable: Issuable): boolean {
  return isIssue(issuable) && issuable.confidential;
}

function mayReadConfidential(user: User | undefined, project: Project, issuable: Issuable): boolean {
  if (user === undefined) return false;
  const isInvolved = issuable.authorId === user.id || issuable.assigneeIds.includes(user.id);
  return isInvolved || isAtLeastRole(user, project, 'planner');
}
