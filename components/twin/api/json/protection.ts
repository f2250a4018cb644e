import type { AccessLevel } from '../../world/people.ts';
import type { ProtectedRef } from '../../world/project.ts';

type Json = Readonly<Record<string, unknown>>;

const descriptions: Readonly<Record<number, string>> = {
  0: 'No one',
  30: 'Developers + Maintainers',
  40: 'Maintainers',
  50: 'Owners',
};

/** Source: docs.gitlab.com/api/protected_branches */
export function protectedBranchJson(rule: ProtectedRef): Json {
  return {
    id: rule.id,
    name: rule.name,
    push_access_levels: [levelJson(rule, rule.pushLevel)],
    merge_access_levels: [levelJson(rule, rule.mergeLevel)],
    allow_force_push: rule.allowForcePush,
    code_owner_approval_required: rule.codeOwnerApproval ?? false,
  };
}

/** Source: docs.gitlab.com/api/protected_tags */
export function protectedTagJson(rule: ProtectedRef): Json {
  return { name: rule.name, create_access_levels: [levelJson(rule, rule.pushLevel)] };
}

function levelJson({ id }: ProtectedRef, level: AccessLevel): Json {
  return {
    id,
    access_level: level,
    access_level_description: descriptions[level] ?? String(level),
    deploy_key_id: null,
    user_id: null,
    group_id: null,
  };
}
