import { findUser, type World } from '../world/world.ts';

/** Numbers of users that exist; Free gives a merge request or an issue one assignee and one reviewer. */
export function keepPeople(world: World, ids: readonly number[]): number[] {
  const known = [...new Set(ids)].filter((id) => world.users.has(id));
  return world.tier === 'free' ? known.slice(0, 1) : known;
}

/** `@ada and @bo`, `me`. */
export function findPeople(world: World, text: string, self: number): number[] {
  const names = text.split(/[\s,]+/).filter((name) => !['', 'and'].includes(name));
  return names.flatMap((name) => {
    if (name === 'me') return [self];
    const user = findUser(world, name.replace(/^@/, ''));
    return user === undefined ? [] : [user.id];
  });
}

/** `@ada`, `@ada and @bo`, `@ada, @bo, and @cy`. */
export function sentenceOf(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined || names.length === 1) return last ?? '';
  const rest = names.slice(0, -1).join(', ');
  return `${rest}${names.length > 2 ? ',' : ''} and ${last}`;
}

export function mentions(world: World, ids: readonly number[]): string[] {
  return ids.map((id) => `@${world.users.get(id)?.username ?? 'ghost'}`);
}
