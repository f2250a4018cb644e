import { onProject } from '../server/on-project.ts';
import { conflict, forbidden, invalidParameter, notFound } from '../server/reply.ts';
import type { Access, ProjectCall, Route } from '../server/types.ts';
import { levelOf } from '../world/access.ts';
import { type AccessLevel, accessLevels, type User } from '../world/people.ts';
import { findUser } from '../world/world.ts';
import { userOf } from './find-in-call.ts';
import { numberOf, textOf, textsOf } from './given.ts';
import { userJson } from './json/user.ts';

const source = 'docs.gitlab.com/api/project_members';
const text = { type: 'string' };
const levels = Object.values(accessLevels).filter((level) => level !== accessLevels.none);
const level = { type: 'integer', enum: levels };
const reading: Access = { role: 'anyone' };
const managing: Access = { role: 'maintainer' };
const path = '/projects/:id/members';

const filters = { query: text, user_ids: { type: 'array', items: { type: 'integer' } } };
const creation = {
  required: ['access_level'],
  properties: { user_id: { type: ['integer', 'string'] }, username: text, access_level: level },
};

/** There are no groups, so `all` has no inherited members besides the project's own. */
export const membersRoutes: readonly Route[] = [
  ...[path, `${path}/all`].flatMap((list): readonly Route[] => [
    {
      method: 'GET',
      path: list,
      access: reading,
      schema: { source, query: filters },
      handle: onProject((call) => ({ list: listMembers(call) })),
    },
    {
      method: 'GET',
      path: `${list}/:user_id`,
      access: reading,
      schema: { source },
      handle: onProject((call) => ({ json: memberJson(call, memberOf(call)) })),
    },
  ]),
  {
    method: 'POST',
    path,
    access: managing,
    schema: { source, body: creation },
    handle: onProject((call) => ({ json: addMember(call), status: 201 })),
  },
  {
    method: 'PUT',
    path: `${path}/:user_id`,
    access: managing,
    schema: { source, body: { required: ['access_level'], properties: { access_level: level } } },
    handle: onProject((call) => {
      const user = memberOf(call);
      assertAbove(call, user);
      call.project.members.set(user.id, givenLevel(call));
      return { json: memberJson(call, user) };
    }),
  },
  {
    method: 'DELETE',
    path: `${path}/:user_id`,
    access: { role: 'guest' },
    schema: { source },
    handle: onProject((call) => {
      const user = memberOf(call);
      // Everybody may leave.
      if (user.id !== userOf(call).id) assertManages(call, user);
      call.project.members.delete(user.id);
      return { status: 204 };
    }),
  },
];

function listMembers(call: ProjectCall) {
  const { query, twin, project } = call;
  const wanted = (textOf(query.query) ?? '').toLowerCase();
  const ids = textsOf(query.user_ids)
    .flatMap((list) => list.split(','))
    .map(Number);
  const users = [...project.members.keys()].flatMap((id) => findUser(twin.world, id) ?? []);
  return users
    .filter(({ name, username }) => `${name}\n${username}`.toLowerCase().includes(wanted))
    .filter(({ id }) => ids.length === 0 || ids.includes(id))
    .map((user) => memberJson(call, user));
}

function memberOf({ twin, project, params }: ProjectCall): User {
  const user = twin.world.users.get(Number(params.user_id));
  if (user === undefined || !project.members.has(user.id)) throw notFound();
  return user;
}

function memberJson({ twin, project }: ProjectCall, user: User) {
  return {
    ...userJson(twin.world, user.id),
    access_level: project.members.get(user.id),
    created_at: user.createdAt,
    expires_at: null,
    membership_state: 'active',
  };
}

function addMember(call: ProjectCall) {
  const { twin, project } = call;
  const all = call.body;
  const who = textOf(all.user_id) ?? textOf(all.username);
  if (who === undefined)
    throw invalidParameter('user_id, username are missing, exactly one parameter must be provided');
  const user = findUser(twin.world, who);
  if (user === undefined) throw notFound('User');
  if (project.members.has(user.id)) throw conflict('Member already exists');
  project.members.set(user.id, givenLevel(call));
  return memberJson(call, user);
}

/** Nobody gives more than they have. */
function givenLevel(call: ProjectCall): AccessLevel {
  const found = levels.find((one) => one === numberOf(call.body.access_level));
  if (found === undefined) throw invalidParameter('access_level does not have a valid value');
  if (found > levelOf(userOf(call), call.project)) throw forbidden();
  return found;
}

function assertManages(call: ProjectCall, user: User): void {
  if (levelOf(userOf(call), call.project) < accessLevels.maintainer) throw forbidden();
  assertAbove(call, user);
}

/** A maintainer does not touch an owner. */
function assertAbove(call: ProjectCall, user: User): void {
  if (levelOf(userOf(call), call.project) < (call.project.members.get(user.id) ?? 0)) throw forbidden();
}
