import { randomBytes } from 'node:crypto';
import { onProject } from '../server/on-project.ts';
import { invalidRecord, notFound, Refusal } from '../server/reply.ts';
import type { Access, Call, OwnSchema, ProjectCall, Reply, Route } from '../server/types.ts';
import { levelOf } from '../world/access.ts';
import { type AccessLevel, accessLevels, type PersonalToken } from '../world/people.ts';
import { addPersonalToken, addUser } from '../world/seed.ts';
import { recordOf, userOf } from './find-in-call.ts';
import { flagOf, numberOf, textOf } from './given.ts';
import { isActive, projectTokenJson, tokenJson } from './json/access-token.ts';
import { expiryIn, rotateToken, scopesIn, tokensOf } from './token-changes.ts';

/** Any token knows itself. */
const own: Access = { role: 'user', scope: 'none' };
const access: Access = { role: 'maintainer', anonymous: false };
const source = 'docs.gitlab.com/api/personal_access_tokens';
const rotation: OwnSchema = {
  source,
  body: { type: 'object', properties: { expires_at: { type: 'string' } }, additionalProperties: false },
};
const self = '/personal_access_tokens/self';
const all = '/projects/:id/access_tokens';

export const accessTokensRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: self,
    access: own,
    schema: { source },
    handle: (call) => ({ json: tokenJson(call.twin.world, ownToken(call)) }),
  },
  {
    method: 'POST',
    path: `${self}/rotate`,
    access: own,
    schema: rotation,
    handle: (call) => {
      const rotated = rotateToken(call.twin.world, rotatable(call), call.body);
      return { json: { ...tokenJson(call.twin.world, rotated), token: rotated.value }, status: 200 };
    },
  },
  {
    method: 'DELETE',
    path: self,
    access: own,
    schema: { source },
    handle: (call) => {
      ownToken(call).revoked = true;
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    path: all,
    access,
    handle: onProject((call) => {
      const { world } = call.twin;
      const { revoked, state } = call.query;
      const isRevoked = flagOf(revoked);
      const found = [...tokensIn(call).values()].filter(
        (token) =>
          (isRevoked === undefined || token.revoked === isRevoked) &&
          (state === undefined || isActive(world, token) === (state === 'active')),
      );
      return { list: found.map((token) => projectTokenJson(world, call.project, token)) };
    }),
  },
  { method: 'POST', path: all, access, handle: onProject(createToken) },
  {
    method: 'POST',
    path: `${all}/self/rotate`,
    access: { role: 'anyone', anonymous: false, scope: 'none' },
    handle: onProject((call) => {
      const token = rotatable(call);
      if (token.projectId !== call.project.id) throw new Refusal(405, { message: '405 Method Not Allowed' });
      return rotatedReply(call, token);
    }),
  },
  {
    method: 'GET',
    path: `${all}/:token_id`,
    access,
    handle: onProject((call) => ({
      json: projectTokenJson(call.twin.world, call.project, tokenOf(call)),
    })),
  },
  {
    method: 'DELETE',
    path: `${all}/:token_id`,
    access,
    handle: onProject((call) => {
      const token = tokenOf(call);
      token.revoked = true;
      // Its bot has nothing else to be there for.
      call.project.members.delete(token.userId);
      return { status: 204 };
    }),
  },
  {
    method: 'POST',
    path: `${all}/:token_id/rotate`,
    access,
    handle: onProject((call) => {
      const token = tokenOf(call);
      if (token.revoked) throw invalidRecord('400 Bad request - token already revoked');
      return rotatedReply(call, token);
    }),
  },
];

function ownToken({ actor }: Call): PersonalToken {
  if (actor?.token.kind !== 'personal') throw notFound();
  return actor.token;
}

/** Source: docs.gitlab.com/api/personal_access_tokens, "Rotate a personal access token": `api` or `self_rotate` */
function rotatable(call: Call): PersonalToken {
  const token = ownToken(call);
  if (token.scopes.includes('api') || token.scopes.includes('self_rotate')) return token;
  throw new Refusal(403, {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: 'api self_rotate',
  });
}

function tokensIn({ twin, project }: ProjectCall): Map<number, PersonalToken> {
  return tokensOf(twin.world, ({ projectId }) => projectId === project.id);
}

function tokenOf(call: ProjectCall): PersonalToken {
  return recordOf(call, tokensIn(call), 'token_id', 'Project Access Token');
}

function rotatedReply({ twin, project, ...call }: ProjectCall, token: PersonalToken): Reply {
  const rotated = rotateToken(twin.world, token, call.body);
  return { json: { ...projectTokenJson(twin.world, project, rotated), token: rotated.value }, status: 200 };
}

/** A token is a bot's, which is a member of the project and of nothing else. */
function createToken(call: ProjectCall): Reply {
  const { twin, project } = call;
  const sent = call.body;
  const [scopes, expiresAt, level] = [scopesIn(sent), expiryIn(twin.world, sent), levelIn(sent.access_level)];
  if (level > levelOf(userOf(call), project))
    throw invalidRecord('400 Bad request - Could not provision maintainer access to project access token');
  const name = textOf(sent.name) ?? '';
  const username = `project_${project.id}_bot_${randomBytes(16).toString('hex')}`;
  const bot = addUser(twin.world, { username, name, kind: 'project_bot' });
  project.members.set(bot.id, level);
  const token = addPersonalToken(twin.world, {
    userId: bot.id,
    name,
    scopes,
    expiresAt,
    projectId: project.id,
  });
  return { json: { ...projectTokenJson(twin.world, project, token), token: token.value }, status: 201 };
}

function levelIn(value: unknown): AccessLevel {
  const wanted = numberOf(value) ?? accessLevels.maintainer;
  const level = Object.values(accessLevels).find((known) => known === wanted && known > accessLevels.none);
  if (level === undefined) throw new Refusal(400, { error: 'access_level does not have a valid value' });
  return level;
}
