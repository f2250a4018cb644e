import { approve, unapprove } from './approvals.ts';
import { isDraft } from './draft.ts';
import type { Command } from './quick-action-commands.ts';
import { isMergeRequest, mayApprove, mayMerge, mayUpdate } from './rights.ts';
import type { Scene } from './scene.ts';

const canUpdate = ({ target, user, project }: Scene) =>
  target === undefined || mayUpdate(user, project, target);

/** Quick actions of merge requests alone. Approvals take effect at once, the rest with the other changes. */
export const mergeRequestCommands: readonly Command[] = [
  {
    names: ['merge'],
    kind: 'merge_request',
    can: ({ merging, user, project }) =>
      merging !== undefined &&
      mayMerge(user, project, merging.mergeRequest) &&
      merging.mergeability.status === 'mergeable',
    run: ({ merging }, _, changes) => {
      const seen = merging?.seenSha;
      if (seen === undefined) return 'The `/merge` quick action requires the SHA of the head of the branch.';
      if (seen !== merging?.headSha) return 'Branch has been updated since the merge was requested.';
      changes.mergeSha = seen;
      return 'Merged this merge request.';
    },
  },
  {
    names: ['draft'],
    kind: 'merge_request',
    can: canUpdate,
    run: ({ target }, _, changes) => {
      if (target !== undefined && isDraft(target)) return "No change to this merge request's draft status.";
      changes.draft = true;
      return 'Marked this merge request as a draft.';
    },
  },
  {
    names: ['ready'],
    kind: 'merge_request',
    can: canUpdate,
    run: ({ target }, _, changes) => {
      if (target === undefined || !isDraft(target)) return "No change to this merge request's draft status.";
      changes.draft = false;
      return 'Marked this merge request as ready.';
    },
  },
  {
    names: ['target_branch'],
    kind: 'merge_request',
    can: canUpdate,
    run: ({ branches }, arg, changes) => {
      if (branches.has(arg)) changes.targetBranch = arg;
      return `Set target branch to ${arg}.`;
    },
  },
  {
    names: ['approve'],
    kind: 'merge_request',
    can: ({ target, user, project }) =>
      target !== undefined &&
      isMergeRequest(target) &&
      mayApprove(user, project, target) &&
      !target.approvals.has(user.id),
    run: ({ world, target, user }) => {
      if (target === undefined || !isMergeRequest(target)) return undefined;
      return approve(world, target, user) ? 'Approved the current merge request.' : undefined;
    },
  },
  {
    names: ['unapprove'],
    kind: 'merge_request',
    can: ({ target, user }) =>
      target !== undefined && isMergeRequest(target) && target.approvals.has(user.id),
    run: ({ world, target, user }) => {
      if (target === undefined || !isMergeRequest(target)) return undefined;
      return unapprove(world, target, user) ? 'Unapproved the current merge request.' : undefined;
    },
  },
];
