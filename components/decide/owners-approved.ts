import { type CodeOwners, ownersOf, readCodeOwners } from '../gitlab/code-owners.ts';
import { listDiffs } from '../gitlab/endpoints/diffs.ts';
import { findUser } from '../gitlab/endpoints/users.ts';
import type { GitLab } from '../gitlab/types.ts';
import type { TargetFacts } from './target.ts';

/** Changed files, above which GitLab may leave some out of its list. Source: docs.gitlab.com/administration/instance_limits */
const mostFiles = 1_000;

/** Owners that are looked up. */
const mostNames = 50;

/**
 * Whether owners of all changed files, by the target branch's CODEOWNERS, have approved the present head. True where none of
 * them has an owner; undefined where it cannot be known, since it depends on a group, a role or an address, or since the list
 * of files may be cut.
 */
export async function haveOwnersApproved(
  gitlab: GitLab,
  { project, mergeRequest, targetCommit, approvers }: TargetFacts,
): Promise<boolean | undefined> {
  const owners = await readCodeOwners(gitlab, { project: project.id, ref: targetCommit });
  if (owners === undefined) return true;
  const paths = new Set<string>();
  for await (const { oldPath, newPath } of listDiffs(gitlab, {
    project: project.id,
    mergeRequest: mergeRequest.iid,
  })) {
    if (paths.size >= mostFiles) return undefined;
    paths.add(oldPath).add(newPath);
  }
  return areApproved(owners, [...paths], approvers, await usersAmong(gitlab, namesIn(owners)));
}

/** Names without a slash, which are those of users or of groups. */
function namesIn({ sections }: CodeOwners): readonly string[] {
  const all = sections.flatMap(({ entries }) => entries.flatMap((entry) => entry.owners));
  return [...new Set(all.filter((name) => /^@[^@/]+$/.test(name)).map((name) => name.toLowerCase()))];
}

/** Of the first names those that are a user's; of the others nobody knows. */
async function usersAmong(gitlab: GitLab, names: readonly string[]): Promise<readonly string[]> {
  const users: string[] = [];
  for (const name of names.slice(0, mostNames))
    if ((await findUser(gitlab, { username: name.slice(1) })) !== undefined) users.push(name);
  return users;
}

/**
 * @param approvers - names of users; GitLab does not tell their cases apart
 * @param users - owners that are known to be users, as they are written, in lower case
 */
export function areApproved(
  owners: Pick<CodeOwners, 'sections'>,
  paths: readonly string[],
  approvers: readonly string[],
  users: readonly string[],
): boolean | undefined {
  const approved = new Set(approvers.map((name) => `@${name.toLowerCase()}`));
  let isUnknown = false;
  for (const owned of paths.flatMap((path) => ownersOf(owners, path))) {
    const names = [...new Set(owned.owners.map((name) => name.toLowerCase()))];
    const count = names.filter((name) => approved.has(name)).length;
    if (count >= owned.approvals) continue;
    // Groups, roles and addresses may be of somebody who has approved; where nobody has, they are not.
    const others = names.filter((name) => !approved.has(name) && !users.includes(name));
    if (approved.size === 0 || others.length === 0) return false;
    isUnknown = true;
  }
  return isUnknown ? undefined : true;
}
