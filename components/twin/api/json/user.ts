import { findUser, type World } from '../../world/world.ts';

/**
 * A user as GitLab shows it inside of other things. Source: docs.gitlab.com/api/users, "basic" form; bots carry `bot`.
 * A user who is gone is GitLab's ghost user.
 */
export function userJson(world: World, userId: number): Readonly<Record<string, unknown>> {
  const user = findUser(world, userId);
  const username = user?.username ?? 'ghost';
  return {
    id: userId,
    username,
    name: user?.name ?? 'Ghost User',
    state: user?.state ?? 'active',
    locked: false,
    avatar_url: null,
    web_url: `${world.url}/${username}`,
    ...(user !== undefined && user.kind !== 'human' && { bot: true }),
  };
}
