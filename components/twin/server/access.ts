import { canSee, levelOf } from '../world/access.ts';
import { type AccessLevel, accessLevels } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import { findProject, type World } from '../world/world.ts';
import { hasTier } from './auth.ts';
import { forbidden, notFound, unauthorized } from './reply.ts';
import type { Access, Actor, Route } from './types.ts';

/**
 * Lets a request in and gives the project of a path below `/projects/:id`.
 *
 * @throws Refusal 401 where somebody must sign in, 404 for a project they cannot see, 403 for a role they lack
 */
export function admit(
  world: World,
  route: Route,
  actor: Actor | undefined,
  params: Readonly<Record<string, string>>,
  isRead: boolean,
): Project | undefined {
  const { access } = route;
  if (actor === undefined && needsUser(access, isRead)) throw unauthorized();
  const project = isOfProject(route) ? visibleProject(world, actor, params.id ?? '') : undefined;
  if (project !== undefined && access.triggerToken === true && isJobShutOut(actor, project))
    throw notFound('Project');
  if (!hasRole(access, actor, project)) throw actor === undefined ? unauthorized() : forbidden();
  if (access.tier !== undefined && !hasTier(world, access.tier)) throw notFound();
  return project;
}

/**
 * Who a request comes from, as handlers of the project are to see it. A job token that is not let in has come this far
 * as everybody does, so its user stands there without number, membership and administration.
 */
export function actorIn(project: Project, actor: Actor | undefined): Actor | undefined {
  if (actor === undefined || !isJobShutOut(actor, project)) return actor;
  return { ...actor, user: { ...actor.user, id: nobodysId, admin: false } };
}

/** Records count from one. */
const nobodysId = 0;

function isJobShutOut(actor: Actor | undefined, project: Project): boolean {
  return actor?.token.kind === 'job' && isShutOut(actor, project);
}

function isOfProject({ path }: Route): boolean {
  return path === '/projects/:id' || path.startsWith('/projects/:id/');
}

function needsUser({ role, anonymous }: Access, isRead: boolean): boolean {
  return role === 'user' || role === 'admin' || !(anonymous ?? isRead);
}

function visibleProject(world: World, actor: Actor | undefined, idOrPath: string): Project {
  const project = findProject(world, idOrPath);
  if (project === undefined || reach(actor, project) === undefined) throw notFound('Project');
  if (actor?.token.kind === 'trigger' && actor.token.projectId !== project.id) throw notFound();
  return project;
}

function hasRole({ role }: Access, actor: Actor | undefined, project: Project | undefined): boolean {
  if (role === 'admin') return actor?.user.admin === true;
  if (role === 'anyone' || role === 'user' || project === undefined) return true;
  const level = reach(actor, project) ?? accessLevels.none;
  return level >= accessLevels[role];
}

/** What a token may do in a project, which can be less than its user may; undefined where it must not know of it. */
function reach(actor: Actor | undefined, project: Project): AccessLevel | undefined {
  if (actor === undefined) return project.visibility === 'public' ? accessLevels.none : undefined;
  if (isShutOut(actor, project)) return isOpenTo(actor, project) ? accessLevels.guest : undefined;
  if (!canSee(actor.user, project)) return undefined;
  const level = levelOf(actor.user, project);
  return level === accessLevels.none ? accessLevels.guest : level;
}

/**
 * Whether the token is of another project: a project access token, or that of a job which is not let in.
 * Source: docs.gitlab.com/ci/jobs/ci_job_token, "Control job token access to your project".
 */
function isShutOut({ token, job }: Actor, project: Project): boolean {
  if (token.kind === 'personal') return token.projectId !== undefined && token.projectId !== project.id;
  if (job === undefined || job.projectId === project.id) return false;
  return project.settings.ci_job_token_scope_enabled && !project.jobTokenAllowlist.has(job.projectId);
}

function isOpenTo({ token }: Actor, { visibility }: Project): boolean {
  return visibility === 'public' || (visibility === 'internal' && token.kind === 'job');
}
