import { isAtLeastRole, levelOf, mayWriteBranch, protectionOf } from '../world/access.ts';
import { accessLevels, type User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import { isRefName, isZeros } from './names.ts';
import { isHiddenRef } from './receive-settings.ts';

/** What a client wants of one reference; zeros stand for "there is none". */
export interface RefChange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Why GitLab's pre-receive hook declines a change, in its words; undefined where it does not. Whether a push is forced is
 * known only when its commits are there: {@link isForceRefused}. References of git's own, such as those of `refs/replace`,
 * would change what others read, and are refused too; hidden ones git refuses itself.
 */
export function refusalOf(user: User, project: Project, change: RefChange): string | undefined {
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/s.exec(change.ref) ?? [];
  if (name === undefined)
    return isHiddenRef(change.ref) ? undefined : 'You can only create or update branches and tags.';
  // What has such a name can still be taken away.
  if (!isRefName(name) && !isZeros(change.after))
    return `You cannot create a ${kind === 'heads' ? 'branch' : 'tag'} with an invalid name.`;
  return kind === 'heads'
    ? refusalOfBranch(user, project, name, change)
    : refusalOfTag(user, project, name, change);
}

function refusalOfBranch(user: User, project: Project, name: string, change: RefChange): string | undefined {
  const isProtected = protectionOf(project.protectedBranches, name) !== undefined;
  if (isZeros(change.after)) {
    if (name === project.defaultBranch) return 'The default branch of a project cannot be deleted.';
    if (!isProtected) return undefined;
    return isAtLeastRole(user, project, 'maintainer')
      ? 'You can only delete protected branches using the web interface.'
      : 'You are not allowed to delete protected branches from this project. Only a project maintainer or owner can delete a protected branch.';
  }
  if (!isProtected || mayWriteBranch(user, project, name, 'push')) return undefined;
  return isZeros(change.before)
    ? 'You are not allowed to create protected branches on this project.'
    : 'You are not allowed to push code to protected branches on this project.';
}

function refusalOfTag(user: User, project: Project, name: string, change: RefChange): string | undefined {
  const rule = protectionOf(project.protectedTags, name);
  if (rule === undefined) return undefined;
  if (isZeros(change.after)) return 'You can only delete protected tags using the web interface.';
  if (!isZeros(change.before)) return 'Protected tags cannot be updated.';
  const may = rule.pushLevel !== accessLevels.none && levelOf(user, project) >= rule.pushLevel;
  return may ? undefined : 'You are not allowed to create this tag as it is protected.';
}

export const forceRefused = 'You are not allowed to force push code to a protected branch on this project.';

/** Whether a change may only add commits to what is there. */
export function isForceRefused(project: Project, { ref, before, after }: RefChange): boolean {
  if (!ref.startsWith('refs/heads/') || isZeros(before) || isZeros(after)) return false;
  return protectionOf(project.protectedBranches, ref.slice('refs/heads/'.length))?.allowForcePush === false;
}
