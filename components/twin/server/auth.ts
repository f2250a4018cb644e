import type { IncomingHttpHeaders } from 'node:http';
import type { JobToken, PersonalToken, Scope, Token, TriggerToken, User } from '../world/people.ts';
import { isAtLeast, type Tier, timeOf, type World } from '../world/world.ts';
import { forbidden, notFound, Refusal, unauthorized } from './reply.ts';
import type { Access, Actor } from './types.ts';

/** The values a request shows, by the way it shows them. */
export interface Credentials {
  readonly personal: string | undefined;
  readonly bearer: string | undefined;
  readonly job: string | undefined;
  /** The parameter `token`, which only triggers look at. */
  readonly trigger: string | undefined;
}

type Parameters = Readonly<Record<string, unknown>>;

/** Headers go before parameters. Source: docs.gitlab.com/api/rest/authentication. */
export function parseCredentials(headers: IncomingHttpHeaders, parameters: Parameters): Credentials {
  const parameter = (name: string) =>
    Object.hasOwn(parameters, name) ? textOf(parameters[name]) : undefined;
  return {
    personal: textOf(headers['private-token']) ?? parameter('private_token'),
    bearer: /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1],
    job: textOf(headers['job-token']) ?? parameter('job_token'),
    trigger: parameter('token'),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Who a request comes from; undefined where it shows nothing the route looks at.
 *
 * @throws Refusal 401 for a token that is unknown or over
 */
export function identify(world: World, credentials: Credentials, access: Access): Actor | undefined {
  if (access.triggerToken === true) return findTriggering(world, credentials);
  const { personal, bearer, job } = credentials;
  const takesJobs = takesJobTokens(world, access);
  const bearerToken = bearer === undefined ? undefined : world.tokens.get(bearer);
  if (takesJobs && bearerToken?.kind === 'job') return jobActor(world, bearerToken);
  if (takesJobs && job !== undefined) return jobActor(world, ofKind(world, job, 'job'));
  if (bearerToken?.kind === 'job' && personal === undefined) return undefined;
  const value = personal ?? bearer;
  return value === undefined ? undefined : personalActor(world, ofKind(world, value, 'personal'));
}

/** Whether a job token counts on this route here; elsewhere it is as if none were sent. */
function takesJobTokens(world: World, { jobToken }: Access): boolean {
  if (jobToken === undefined || jobToken === true) return jobToken === true;
  const newEnough = jobToken.since === undefined || isAtLeast(world, jobToken.since);
  return newEnough && (jobToken.tier === undefined || hasTier(world, jobToken.tier));
}

const tiers: readonly Tier[] = ['free', 'premium', 'ultimate'];

export function hasTier({ tier }: Pick<World, 'tier'>, least: Tier): boolean {
  return tiers.indexOf(tier) >= tiers.indexOf(least);
}

function ofKind<Kind extends Token['kind']>(
  world: World,
  value: string,
  kind: Kind,
): Extract<Token, { kind: Kind }> {
  const token = world.tokens.get(value);
  if (token === undefined || !isOfKind(token, kind)) throw unauthorized();
  return token;
}

function isOfKind<Kind extends Token['kind']>(
  token: Token,
  kind: Kind,
): token is Extract<Token, { kind: Kind }> {
  return token.kind === kind;
}

function personalActor(world: World, token: PersonalToken): Actor {
  const today = timeOf(world).slice(0, 10);
  if (token.revoked) throw invalidToken('Token was revoked. You have to re-authorize from the user.');
  if (token.expiresAt !== undefined && token.expiresAt <= today)
    throw invalidToken('Token is expired. You can either do re-authorization or token refresh.');
  return { user: userOf(world, token.userId), token, job: undefined };
}

function jobActor(world: World, token: JobToken): Actor {
  const job = world.jobs.get(token.jobId);
  // A job that is being cancelled still runs its after_script.
  if (job === undefined || (job.status !== 'running' && job.status !== 'canceling')) throw unauthorized();
  return { user: userOf(world, job.userId), token, job };
}

// Source: docs.gitlab.com/api/pipeline_triggers: the token is one of the project's triggers or a job's.
function findTriggering(world: World, { trigger }: Credentials): Actor {
  if (trigger === undefined) throw new Refusal(400, { error: 'token is missing' });
  const token = world.tokens.get(trigger);
  if (token?.kind === 'trigger' && !isOver(world, token)) return triggerActor(world, token);
  if (token?.kind === 'job') return jobActor(world, token);
  throw notFound();
}

function isOver(world: World, { expiresAt }: TriggerToken): boolean {
  return expiresAt !== undefined && expiresAt <= timeOf(world);
}

function triggerActor(world: World, token: TriggerToken): Actor {
  return { user: userOf(world, token.ownerId), token, job: undefined };
}

function userOf(world: World, id: number): User {
  const user = world.users.get(id);
  if (user === undefined) throw unauthorized();
  return user;
}

function invalidToken(description: string): Refusal {
  return new Refusal(401, { error: 'invalid_token', error_description: description });
}

/** @throws Refusal 403 for a token without the scope, or of a blocked user */
export function checkActor({ user, token }: Actor, access: Access, isRead: boolean): void {
  if (user.state === 'blocked') throw forbidden('Your account has been blocked.');
  if (token.kind === 'personal') checkScope(token, access, isRead);
}

function checkScope(token: PersonalToken, { scope }: Access, isRead: boolean): void {
  if (scope === 'none') return;
  const extra: readonly Scope[] = scope === undefined ? [] : [scope];
  const enough: readonly Scope[] = isRead ? ['api', 'read_api', ...extra] : ['api'];
  if (enough.some((known) => token.scopes.includes(known))) return;
  throw new Refusal(403, {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: ['api', 'read_api', ...extra].join(' '),
  });
}
