import { randomBytes } from 'node:crypto';
import { onProject } from '../server/on-project.ts';
import { invalidRecord } from '../server/reply.ts';
import type { Access, ProjectCall, Route } from '../server/types.ts';
import type { PersonalToken, User } from '../world/people.ts';
import { addPersonalToken, addUser } from '../world/seed.ts';
import type { World } from '../world/world.ts';
import { recordOf } from './find-in-call.ts';
import { sortedBy, textOf } from './given.ts';
import { isActive, tokenJson } from './json/access-token.ts';
import { expiryIn, rotateToken, scopesIn, tokensOf } from './token-changes.ts';

const access: Access = { role: 'maintainer', anonymous: false };
const all = '/projects/:id/service_accounts';
const one = `${all}/:user_id`;
const tokens = `${one}/personal_access_tokens`;

/** Accounts a project made. Source: docs.gitlab.com/api/service_accounts */
export const serviceAccountsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: all,
    access,
    handle: onProject((call) => {
      const key = ({ id, username }: User) => (call.query.order_by === 'username' ? username : id);
      const found = sortedBy([...accountsOf(call).values()], key, call.query.sort === 'asc' ? 'asc' : 'desc');
      return { list: found.map(accountJson) };
    }),
  },
  {
    method: 'POST',
    path: all,
    access,
    handle: onProject((call) => ({ json: accountJson(createAccount(call)), status: 201 })),
  },
  {
    method: 'PATCH',
    path: one,
    access,
    handle: onProject((call) => {
      const { name, username, email } = call.body;
      const before = accountOf(call);
      const changed: User = {
        ...before,
        name: textOf(name) ?? before.name,
        username: textOf(username) ?? before.username,
        email: textOf(email) ?? before.email,
      };
      assertFree(call.twin.world, changed.username, before.id);
      call.twin.world.users.set(before.id, changed);
      return { json: accountJson(changed) };
    }),
  },
  {
    method: 'DELETE',
    path: one,
    access,
    handle: onProject((call) => {
      const { world } = call.twin;
      const { id } = accountOf(call);
      for (const token of tokensIn(call).values()) token.revoked = true;
      for (const project of world.projects.values()) project.members.delete(id);
      world.users.delete(id);
      return { status: 204 };
    }),
  },
  {
    method: 'GET',
    path: tokens,
    access,
    handle: onProject((call) => {
      const { world } = call.twin;
      const { state } = call.query;
      const found = [...tokensIn(call).values()].filter(
        (token) => state === undefined || isActive(world, token) === (state === 'active'),
      );
      return { list: found.map((token) => tokenJson(world, token)) };
    }),
  },
  {
    method: 'POST',
    path: tokens,
    access,
    handle: onProject((call) => {
      const { world } = call.twin;
      const sent = call.body;
      const { id: userId } = accountOf(call);
      // Only service accounts may have tokens that never end.
      const expiresAt = sent.expires_at === undefined ? undefined : expiryIn(world, sent);
      const scopes = scopesIn(sent);
      const token = addPersonalToken(world, { userId, name: textOf(sent.name) ?? '', scopes, expiresAt });
      return { json: { ...tokenJson(world, token), token: token.value }, status: 201 };
    }),
  },
  {
    method: 'DELETE',
    path: `${tokens}/:token_id`,
    access,
    handle: onProject((call) => {
      tokenOf(call).revoked = true;
      return { status: 204 };
    }),
  },
  {
    method: 'POST',
    path: `${tokens}/:token_id/rotate`,
    access,
    handle: onProject((call) => {
      const { world } = call.twin;
      const token = tokenOf(call);
      if (token.revoked) throw invalidRecord('400 Bad request - token already revoked');
      const rotated = rotateToken(world, token, call.body);
      return { json: { ...tokenJson(world, rotated), token: rotated.value }, status: 201 };
    }),
  },
];

function accountsOf({ twin, project }: ProjectCall): Map<number, User> {
  const found = [...twin.world.users.values()].filter(
    ({ provisionedById }) => provisionedById === project.id,
  );
  return new Map(found.map((user) => [user.id, user]));
}

function accountOf(call: ProjectCall): User {
  return recordOf(call, accountsOf(call), 'user_id', 'User');
}

function tokensIn(call: ProjectCall): Map<number, PersonalToken> {
  const { id } = accountOf(call);
  return tokensOf(call.twin.world, ({ userId }) => userId === id);
}

function tokenOf(call: ProjectCall): PersonalToken {
  return recordOf(call, tokensIn(call), 'token_id', 'Personal Access Token');
}

function createAccount(call: ProjectCall): User {
  const { twin, project } = call;
  const { name, username, email } = call.body;
  const chosen =
    textOf(username) ?? `service_account_project_${project.id}_${randomBytes(16).toString('hex')}`;
  assertFree(twin.world, chosen, 0);
  const shown = textOf(name) ?? 'Service account user';
  const made = addUser(twin.world, { username: chosen, name: shown, kind: 'service_account' });
  const account: User = { ...made, email: textOf(email) ?? made.email, provisionedById: project.id };
  twin.world.users.set(made.id, account);
  return account;
}

function assertFree(world: World, username: string, self: number): void {
  if (!/^[\w.-]{1,255}$/.test(username)) throw invalidRecord({ username: ['is invalid'] });
  const other = [...world.users.values()].some(
    ({ id, username: taken }) => id !== self && taken.toLowerCase() === username.toLowerCase(),
  );
  if (other) throw invalidRecord('400 Bad request - Username has already been taken');
}

function accountJson({ id, username, name, email }: User): Readonly<Record<string, unknown>> {
  return { id, username, name, public_email: null, email };
}
