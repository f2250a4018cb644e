import { json } from '../read-body.ts';
import { defineEndpoint } from './define.ts';
import { floor } from './facts.ts';
import { list } from './shape.ts';
import { type User, userShape } from './user.ts';

const common = {
  method: 'GET',
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'user',
  scope: 'read_user',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/users',
} as const;

/** Whose token it is: the author of what we write. */
export const currentUser = defineEndpoint(
  { ...common, about: 'Get the user of the token', path: '/user' },
  (call): Promise<User> => call.send({}, json(userShape)),
);

export const findUser = defineEndpoint(
  { ...common, about: 'Find a user by name', path: '/users' },
  async (call, { username }: { readonly username: string }): Promise<User | undefined> =>
    (await call.send({}, json(list(userShape)), { query: { username } }))[0],
);
