import { getApprovals } from '../gitlab/endpoints/approvals.ts';
import { getBranch } from '../gitlab/endpoints/branches.ts';
import { unlessMissing } from '../gitlab/endpoints/define.ts';
import { listVersions } from '../gitlab/endpoints/diffs.ts';
import { firstOf } from '../gitlab/endpoints/first-of.ts';
import { getMember } from '../gitlab/endpoints/members.ts';
import type { MergeRequest } from '../gitlab/endpoints/merge-request.ts';
import { getMergeRequest, listMergeRequestPipelines } from '../gitlab/endpoints/merge-requests.ts';
import { getPipeline } from '../gitlab/endpoints/pipelines.ts';
import { getProject, type Project } from '../gitlab/endpoints/projects.ts';
import type { User } from '../gitlab/endpoints/user.ts';
import type { GitLab } from '../gitlab/types.ts';
import { bindPipeline } from './pipeline-commit.ts';

/** A merge request's pipeline by its numbers: all that a hand-off can say. */
export interface Asked {
  readonly project: number;
  readonly mergeRequest: number;
  readonly pipeline: number;
}

/** What the deciding side fetched itself. */
export interface TargetFacts {
  readonly project: Project;
  readonly mergeRequest: MergeRequest;
  /** Last commit of the source branch, which everything is bound to. */
  readonly head: string;
  /** Tip of the target branch: manifests and policies are of this commit. */
  readonly targetCommit: string;
  /** Of a pipeline of merged results the commit of the target branch that it merged the head with. */
  readonly targetHead: string | undefined;
  /** Its commit is the head, or the merge of both. */
  readonly pipeline: { readonly id: number; readonly projectId: number; readonly sha: string };
  readonly starter: User & { readonly accessLevel: number };
  readonly fork: boolean;
  /** Names of the others than author and starter who approved the present head. */
  readonly approvers: readonly string[];
}

export type ReadTarget =
  | { readonly ok: true; readonly target: TargetFacts }
  | { readonly ok: false; readonly reason: string };

/**
 * Fetches the facts of a merge request's pipeline. That the pipeline is one of the merge request is asked of GitLab, which
 * also tells the project it ran in: for a fork that is the fork.
 *
 * @param serves - projects by full path that alone are decided about; empty: whichever the token sees
 */
export async function readTarget(
  gitlab: GitLab,
  asked: Asked,
  serves: readonly string[] = [],
): Promise<ReadTarget> {
  const of = { project: asked.project, mergeRequest: asked.mergeRequest };
  const project = await unlessMissing(getProject(gitlab, of));
  if (project === undefined) return refused(`the token sees no project ${asked.project}`);
  if (serves.length > 0 && !serves.includes(project.pathWithNamespace))
    return refused(`${project.pathWithNamespace} is none of the projects that are served here`);
  const mergeRequest = await unlessMissing(getMergeRequest(gitlab, of));
  if (mergeRequest === undefined)
    return refused(`${project.pathWithNamespace} has no merge request ${asked.mergeRequest}`);
  const state = whyNotNow(mergeRequest);
  if (state !== undefined) return refused(state);
  const listed = await firstOf(listMergeRequestPipelines(gitlab, of), ({ id }) => id === asked.pipeline);
  if (listed === undefined)
    return refused(
      `pipeline ${asked.pipeline} is none of this merge request, or the token cannot see its project`,
    );
  const { iid, sha: head } = mergeRequest;
  if (head === undefined) return refused('GitLab does not tell its head yet');
  const bound = await bindPipeline(gitlab, listed, { iid, head });
  if (!bound.ok) return refused(bound.reason);
  const pipeline = await getPipeline(gitlab, { project: listed.projectId, pipeline: listed.id });
  if (pipeline.user === undefined) return refused('GitLab does not tell who started the pipeline');
  const branch = await unlessMissing(
    getBranch(gitlab, { project: project.id, branch: mergeRequest.targetBranch }),
  );
  if (branch === undefined) return refused('its target branch is gone');
  return {
    ok: true,
    target: {
      ...{ project, mergeRequest, head, targetCommit: branch.commit.id, targetHead: bound.targetHead },
      pipeline: { id: listed.id, projectId: listed.projectId, sha: listed.sha },
      starter: { ...pipeline.user, accessLevel: await accessLevelOf(gitlab, project, pipeline.user) },
      fork: mergeRequest.sourceProjectId !== mergeRequest.targetProjectId,
      approvers: await findApprovers(gitlab, of, [mergeRequest.author.id, pipeline.user.id]),
    },
  };
}

function refused(reason: string): ReadTarget {
  return { ok: false, reason };
}

/** Why a merge request cannot be acted on; undefined where it can. */
export function whyNotNow({ state }: Pick<MergeRequest, 'state'>): string | undefined {
  return state === 'opened' ? undefined : `the merge request is ${state}`;
}

/** Roles as GitLab numbers them. Whoever is signed in may do what guests do in a project they can see without being a member. */
const guest = 10;

async function accessLevelOf(gitlab: GitLab, project: Project, user: User): Promise<number> {
  const member = await getMember(gitlab, { project: project.id, user: user.id });
  // A blocked user has no rights at all, in a public project neither.
  if (member !== undefined) return member.state === 'active' ? member.accessLevel : 0;
  return project.visibility === 'public' ? guest : 0;
}

/**
 * Others than these users who have approved the present head, by name. On Free an approval outlives a push, so one from before
 * the latest push does not count, and neither does one whose time GitLab does not tell.
 */
export async function findApprovers(
  gitlab: GitLab,
  of: { readonly project: number; readonly mergeRequest: number },
  without: readonly number[],
): Promise<readonly string[]> {
  const { approvedBy } = await getApprovals(gitlab, of);
  const others = approvedBy.filter(({ user }) => !without.includes(user.id));
  if (others.length === 0) return [];
  const latest = await firstOf(listVersions(gitlab, of), () => true);
  const pushed = latest === undefined ? Number.NaN : Date.parse(latest.createdAt);
  const valid = others.filter(
    ({ approvedAt }) => approvedAt !== undefined && Date.parse(approvedAt) >= pushed,
  );
  return [...new Set(valid.map(({ user }) => user.username))];
}
