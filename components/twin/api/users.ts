import { notFound } from '../server/reply.ts';
import type { Access, Call, OwnSchema, Route } from '../server/types.ts';
import type { User } from '../world/people.ts';
import { recordOf, userOf } from './find-in-call.ts';
import { textOf } from './given.ts';
import { userJson } from './json/user.ts';

const access: Access = { role: 'user', scope: 'read_user' };
const source = 'docs.gitlab.com/api/users';
const list: OwnSchema = {
  source,
  query: { username: { type: 'string' }, search: { type: 'string' } },
};

export const usersRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/user',
    access,
    schema: { source },
    handle: (call) => ({ json: ownJson(call, userOf(call)) }),
  },
  {
    method: 'GET',
    path: '/users',
    access,
    schema: list,
    handle: ({ twin, query }) => {
      const { username, search } = query;
      const wanted = textOf(username)?.toLowerCase();
      const part = textOf(search)?.toLowerCase() ?? '';
      const found = [...twin.world.users.values()].filter(
        (user) =>
          (wanted === undefined || user.username.toLowerCase() === wanted) &&
          [user.username, user.name].some((name) => name.toLowerCase().includes(part)),
      );
      return { list: found.reverse().map(({ id }) => userJson(twin.world, id)) };
    },
  },
  {
    method: 'GET',
    path: '/users/:id',
    access,
    schema: { source },
    handle: (call) => {
      const user = recordOf(call, call.twin.world.users, 'id', 'User');
      return { json: { ...userJson(call.twin.world, user.id), created_at: user.createdAt } };
    },
  },
];

/** What one may know of oneself: the address of e-mail too. */
function ownJson({ twin }: Call, user: User): Readonly<Record<string, unknown>> {
  const { id, email, createdAt, admin, state } = user;
  if (state !== 'active') throw notFound('User');
  return {
    ...userJson(twin.world, id),
    ...{ created_at: createdAt, email, commit_email: email, public_email: null },
    ...{ confirmed_at: createdAt, two_factor_enabled: false, external: false },
    ...(admin && { is_admin: true }),
  };
}
