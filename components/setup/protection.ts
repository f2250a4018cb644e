import type { ProtectedBranch } from '../gitlab/endpoints/branches.ts';
import type { Member } from '../gitlab/endpoints/members.ts';

/** Roles as GitLab numbers them. Source: docs.gitlab.com/api/access_requests, "Valid access levels" */
export const levels = { nobody: 0, reporter: 20, developer: 30, maintainer: 40 } as const;

const roleNames: Readonly<Record<number, string>> = {
  ...{ 0: 'no member', 10: 'a guest', 15: 'a planner', 20: 'a reporter', 30: 'a developer' },
  ...{ 40: 'a maintainer', 50: 'an owner' },
};

export function roleName(level: number): string {
  return roleNames[level] ?? `a role with the access level ${level}`;
}

/** The rules that hold for a branch: of several the most permissive counts. Source: docs.gitlab.com/user/project/repository/branches/protected */
export function rulesOf(rules: readonly ProtectedBranch[], branch: string): readonly ProtectedBranch[] {
  return rules.filter(({ name }) => matches(name, branch));
}

type Way = 'push' | 'merge';

/** Whether rules let every developer push or merge; where there are none, that is left to whoever asks. */
export function letDevelopers(rules: readonly ProtectedBranch[], way: Way): boolean {
  return levelsOf(rules, way).some(
    ({ accessLevel }) =>
      accessLevel !== undefined && accessLevel > levels.nobody && accessLevel <= levels.developer,
  );
}

/** Whether a member may run pipelines of a branch under these rules: who may push or merge may, without any every developer. */
export function mayRun(
  rules: readonly ProtectedBranch[],
  { id, accessLevel: role }: Pick<Member, 'id' | 'accessLevel'>,
): 'yes' | 'no' | 'unknown' {
  if (role < levels.developer) return 'no';
  if (rules.length === 0) return 'yes';
  const given = [...levelsOf(rules, 'push'), ...levelsOf(rules, 'merge')];
  const lets = given.some(({ accessLevel, userId }) =>
    accessLevel === undefined ? userId === id : accessLevel > levels.nobody && role >= accessLevel,
  );
  if (lets) return 'yes';
  // It names a group, whose members are not asked for, or a key.
  return given.some(({ accessLevel, userId }) => accessLevel === undefined && userId === undefined)
    ? 'unknown'
    : 'no';
}

function levelsOf(rules: readonly ProtectedBranch[], way: Way): ProtectedBranch['pushAccessLevels'] {
  return rules.flatMap(({ pushAccessLevels, mergeAccessLevels }) =>
    way === 'push' ? pushAccessLevels : mergeAccessLevels,
  );
}

/** GitLab's wildcards: `*` stands for any characters, slashes included. Each piece is looked for once. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...pieces] = pattern.split('*');
  const last = pieces.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of pieces) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
