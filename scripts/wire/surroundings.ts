import type { Surroundings } from '../../components/decide/requests.ts';
import { readCiContext, runsInGitLab } from '../../components/gitlab/ci-context.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import type { Context } from '../../components/kernel/context.ts';

/** What this job tells of what is judged in it: the merge request it is of, or the branch. */
export function surroundingsOf(context: Context): Surroundings {
  const isMergeRequest = readCiContext(context.env).mergeRequest !== undefined;
  return isMergeRequest ? inMergeRequest(context) : onBranch(context);
}

function inMergeRequest(context: Context): Surroundings {
  const { mergeRequest } = requireCi(context, 'mergeRequest');
  const { target, fork, iid } = mergeRequest;
  return {
    ...{ place: 'merge-request', project: target.projectPath, fork, approvals: undefined },
    ...{ mergeRequest: { iid, targetBranch: target.branch } },
    ...{ changesPolicies: undefined, now: context.clock.now() },
  };
}

/** At a terminal it is as in a merge request: what differs from the default branch is looked at. */
function onBranch(context: Context): Surroundings {
  const unknown = {
    ...{ fork: false, approvals: undefined, mergeRequest: undefined, changesPolicies: undefined },
    now: context.clock.now(),
  };
  if (!runsInGitLab(context.env)) return { place: 'merge-request', project: 'local', ...unknown };
  const { project } = requireCi(context, 'project');
  return { place: 'branch', project: project.path, ...unknown };
}
