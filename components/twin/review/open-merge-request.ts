import type { Twin } from '../ports.ts';
import { isAtLeastRole, mayReadCode } from '../world/access.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import { nextIid, timeOf } from '../world/world.ts';
import { applyChanges, type Changes, titleOf } from './changes.ts';
import { interpretText } from './quick-actions.ts';
import { addVersion } from './versions.ts';

export interface NewMergeRequest {
  readonly source: Project;
  readonly target: Project;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  readonly title: string;
  readonly description: string;
  /** Labels, people and the rest. */
  readonly changes?: Changes;
}

/** Why GitLab opens none: somebody lacks a right, a branch is wrong, or one is open already. */
export interface NotOpened {
  readonly ok: false;
  readonly why: 'forbidden' | 'invalid' | 'exists';
  readonly message: string;
}

export type Opened = { readonly ok: true; readonly mergeRequest: MergeRequest } | NotOpened;

/** Opens a merge request; quick actions of its description act. Its pipeline is made by the caller. */
export async function openMergeRequest(twin: Twin, user: User, wanted: NewMergeRequest): Promise<Opened> {
  const mistake = (await checkBranches(twin, user, wanted)) ?? findOpen(wanted);
  if (mistake !== undefined) return mistake;
  const { source, target, sourceBranch } = wanted;
  const about = { project: target, user, kind: 'merge_request', target: undefined } as const;
  const { text, changes } = await interpretText(twin, wanted.description, about);
  const mergeRequest = build(twin, user, { ...wanted, description: text });
  const all: Changes = { ...wanted.changes, ...changes };
  mergeRequest.targetBranch = changes.targetBranch ?? mergeRequest.targetBranch;
  mergeRequest.title = titleOf(mergeRequest.title, all);
  const version = await addVersion(twin, source, target, mergeRequest);
  if (version === undefined) return invalid(`Source branch "${sourceBranch}" does not exist`);
  target.mergeRequests.set(mergeRequest.iid, mergeRequest);
  const { title: _, draft: __, ...rest } = all;
  applyChanges(twin.world, target, mergeRequest, user, rest);
  return { ok: true, mergeRequest };
}

/** The open merge request of these branches, other than one that is changed itself. */
export function findOpen(
  { source, target, sourceBranch, targetBranch }: Omit<NewMergeRequest, 'title' | 'description'>,
  self?: MergeRequest,
): NotOpened | undefined {
  const other = [...target.mergeRequests.values()].find(
    (known) =>
      known !== self &&
      known.state === 'opened' &&
      known.sourceProjectId === source.id &&
      known.sourceBranch === sourceBranch &&
      known.targetBranch === targetBranch,
  );
  if (other === undefined) return undefined;
  const message = `Another open merge request already exists for this source branch: !${other.iid}`;
  return { ok: false, why: 'exists', message };
}

/** Pushing to the source project is what it takes to ask for a merge, and seeing the target's code. */
async function checkBranches(
  { repositories }: Twin,
  user: User,
  { source, target, sourceBranch, targetBranch }: NewMergeRequest,
): Promise<NotOpened | undefined> {
  if (!isAtLeastRole(user, source, 'developer') || !mayReadCode(user, target))
    return { ok: false, why: 'forbidden', message: '403 Forbidden' };
  if (source.id !== target.id && !areRelated(source, target))
    return invalid('Source project is not a fork of the target project');
  if (source.id === target.id && sourceBranch === targetBranch)
    return invalid("You can't use same project/branch for source and target");
  for (const [project, branch, side] of [
    [source, sourceBranch, 'Source'],
    [target, targetBranch, 'Target'],
  ] as const) {
    if ((await repositories.resolve(project, `refs/heads/${branch}`)) === undefined)
      return invalid(`${side} branch "${branch}" does not exist`);
  }
  return undefined;
}

function areRelated(source: Project, target: Project): boolean {
  const shared = source.forkedFromId !== undefined && source.forkedFromId === target.forkedFromId;
  return shared || source.forkedFromId === target.id || target.forkedFromId === source.id;
}

function invalid(message: string): NotOpened {
  return { ok: false, why: 'invalid', message };
}

function build({ world }: Twin, user: User, wanted: NewMergeRequest): MergeRequest {
  const { source, target, sourceBranch, targetBranch, title, description } = wanted;
  const now = timeOf(world);
  return {
    ...{ kind: 'merge_request', id: world.nextId('merge_request'), iid: nextIid(target, 'merge_request') },
    ...{ projectId: target.id, sourceProjectId: source.id, sourceBranch, targetBranch, title, description },
    ...{ state: 'opened', authorId: user.id, assigneeIds: [], reviewerIds: [], labels: [] },
    ...{ approvals: new Set(), notes: [], versions: [], subscriptions: new Map(), todos: new Set() },
    ...{ discussionLocked: false, timeEstimate: 0, timeSpent: 0 },
    squash: ['always', 'default_on'].includes(target.settings.squash_option),
    removeSourceBranch: false,
    ...{ mergedById: undefined, mergeCommitSha: undefined, squashCommitSha: undefined, mergedAt: undefined },
    ...{ closedById: undefined, closedAt: undefined, createdAt: now, updatedAt: now },
  };
}
