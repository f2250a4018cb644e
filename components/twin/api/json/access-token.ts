import type { PersonalToken } from '../../world/people.ts';
import type { Project } from '../../world/project.ts';
import { timeOf, type World } from '../../world/world.ts';

type Json = Readonly<Record<string, unknown>>;

/** Without its value. Source: docs.gitlab.com/api/personal_access_tokens */
export function tokenJson(world: World, token: PersonalToken): Json {
  const { id, name, revoked, createdAt, scopes, userId, expiresAt } = token;
  return {
    ...{ id, name, revoked, created_at: createdAt, description: null, scopes, user_id: userId },
    ...{ last_used_at: null, active: isActive(world, token), expires_at: expiresAt ?? null },
  };
}

export function isActive(world: World, { revoked, expiresAt }: PersonalToken): boolean {
  return !revoked && (expiresAt === undefined || expiresAt > timeOf(world).slice(0, 10));
}

/** Source: docs.gitlab.com/api/project_access_tokens */
export function projectTokenJson(world: World, project: Project, token: PersonalToken): Json {
  return {
    ...tokenJson(world, token),
    access_level: project.members.get(token.userId) ?? null,
    resource_type: 'project',
    resource_id: project.id,
  };
}
