import type { Twin } from '../ports.ts';
import { canSee } from '../world/access.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import { findProject, findUser } from '../world/world.ts';
import type { Changes } from './changes.ts';
import { openFrom } from './follow-push.ts';
import { openMergeRequest } from './open-merge-request.ts';
import type { MergeRequestOptions } from './push-options.ts';
import { updateMergeRequest } from './update-merge-request.ts';

export interface PushedBranch {
  readonly source: Project;
  readonly branch: string;
  readonly sha: string;
  readonly user: User;
}

export interface Asked {
  /** One that was opened. */
  readonly opened?: MergeRequest;
  /** GitLab prints these after the push, which itself went through. */
  readonly errors: readonly string[];
}

/** Opens or changes the merge request that push options ask for. */
export async function applyMergeRequestOptions(
  twin: Twin,
  pushed: PushedBranch,
  options: MergeRequestOptions,
): Promise<Asked> {
  const target = targetOf(twin, pushed, options);
  if (target === undefined) return { errors: [`User access was denied`] };
  const { branch, source, user } = pushed;
  if (source.id === target.id && branch === target.defaultBranch) return { errors: [] };
  if (options.target !== undefined && !(await hasBranch(twin, target, options.target)))
    return { errors: [`Target branch ${target.path}:${options.target} does not exist`] };
  const open = openFrom(twin, source, branch).find(({ projectId }) => projectId === target.id);
  if (open !== undefined) {
    const failed = await updateMergeRequest(twin, target, open, user, changesOf(twin, options, open));
    return { errors: failed === undefined ? [] : [failed.message] };
  }
  if (options.create) return create(twin, pushed, target, options);
  const required = `A merge_request.create push option is required to create a merge request for branch ${branch}`;
  return { errors: [required] };
}

async function create(
  twin: Twin,
  { source, branch, sha, user }: PushedBranch,
  target: Project,
  options: MergeRequestOptions,
): Promise<Asked> {
  const commit = await twin.repositories.commit(source, sha);
  const title = options.title ?? commit?.title ?? branch;
  const changes = changesOf(twin, options, undefined);
  const result = await openMergeRequest(twin, user, {
    ...{ source, target, sourceBranch: branch, title },
    targetBranch: options.target ?? target.defaultBranch ?? 'main',
    description: options.description ?? '',
    changes: {
      ...changes,
      assigneeIds: changes.assigneeIds ?? [user.id],
      removeSourceBranch: options.removeSourceBranch || source.settings.remove_source_branch_after_merge,
    },
  });
  return result.ok ? { opened: result.mergeRequest, errors: [] } : { errors: [result.message] };
}

/** A fork's merge requests go to what it was forked from, where nothing else is said. */
export function defaultTarget({ world }: Twin, source: Project, user: User): Project {
  const parent = world.projects.get(source.forkedFromId ?? 0);
  return parent !== undefined && canSee(user, parent) ? parent : source;
}

function targetOf(
  twin: Twin,
  { source, user }: PushedBranch,
  options: MergeRequestOptions,
): Project | undefined {
  if (options.targetProject === undefined) return defaultTarget(twin, source, user);
  const named = findProject(twin.world, options.targetProject);
  return named !== undefined && canSee(user, named) ? named : undefined;
}

async function hasBranch({ repositories }: Twin, project: Project, branch: string): Promise<boolean> {
  return (await repositories.resolve(project, `refs/heads/${branch}`)) !== undefined;
}

function changesOf({ world }: Twin, options: MergeRequestOptions, open: MergeRequest | undefined): Changes {
  const people = (names: readonly string[]) =>
    names.flatMap((name) => findUser(world, name.replace(/^@/, ''))?.id ?? []);
  const dropped = new Set(people(options.unassign));
  const named = options.assign.length > 0 || options.unassign.length > 0;
  const assignees = [...people(options.assign), ...(open?.assigneeIds ?? [])].filter(
    (id) => !dropped.has(id),
  );
  return {
    addLabels: options.labels,
    removeLabels: options.unlabels,
    ...(named && { assigneeIds: assignees }),
    ...(options.draft && { draft: true }),
    ...(options.squash && { squash: true }),
    ...(options.removeSourceBranch && { removeSourceBranch: true }),
    ...(open !== undefined && options.title !== undefined && { title: options.title }),
    ...(open !== undefined && options.description !== undefined && { description: options.description }),
    ...(open !== undefined && options.target !== undefined && { targetBranch: options.target }),
  };
}
