import { type AccessLevel, accessLevels, type Role, type User } from './people.ts';
import type { Project, ProtectedRef } from './project.ts';

/** What a user may do in a project; of a public or internal project everybody is at least a guest who can read. */
export function levelOf(user: User | undefined, project: Project): AccessLevel {
  if (user?.admin === true) return accessLevels.owner;
  const member = user === undefined ? accessLevels.none : (project.members.get(user.id) ?? accessLevels.none);
  return user?.state === 'blocked' ? accessLevels.none : member;
}

export function isAtLeastRole(user: User | undefined, project: Project, role: Role): boolean {
  return levelOf(user, project) >= accessLevels[role];
}

/** Whether somebody can know of the project at all; to others it answers 404. */
export function canSee(user: User | undefined, project: Project): boolean {
  if (project.visibility === 'public') return true;
  if (project.visibility === 'internal' && user !== undefined) return true;
  return levelOf(user, project) > accessLevels.none;
}

/** Code, merge requests and packages of a private project are hidden from its guests. */
export function mayReadCode(user: User | undefined, project: Project): boolean {
  if (project.visibility === 'private') return isAtLeastRole(user, project, 'reporter');
  return canSee(user, project);
}

/** GitLab's wildcards: `*` stands for any characters, slashes included. */
export function matchesWildcard(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}

export function protectionOf(refs: readonly ProtectedRef[], name: string): ProtectedRef | undefined {
  return refs.find((ref) => ref.name === name) ?? refs.find((ref) => matchesWildcard(ref.name, name));
}

/** Whether a user may push to a branch (`push`) or merge into it (`merge`). */
export function mayWriteBranch(user: User, project: Project, branch: string, how: 'push' | 'merge'): boolean {
  const level = levelOf(user, project);
  const rule = protectionOf(project.protectedBranches, branch);
  if (rule === undefined) return level >= accessLevels.developer;
  const needed = how === 'push' ? rule.pushLevel : rule.mergeLevel;
  // Level 0 of a rule is "no one".
  return needed !== accessLevels.none && level >= needed;
}
