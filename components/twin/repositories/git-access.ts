import type { IncomingHttpHeaders } from 'node:http';
import { admit } from '../server/access.ts';
import { type Credentials, checkActor, identify } from '../server/auth.ts';
import { forbidden, Refusal } from '../server/reply.ts';
import type { Access, Actor } from '../server/types.ts';
import type { Role, Scope } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import { findProject, type World } from '../world/world.ts';

export type GitService = 'git-upload-pack' | 'git-receive-pack';

/** Who may do what over git. Source: docs.gitlab.com/user/profile/personal_access_tokens, scopes of repositories. */
const scopesFor: Readonly<Record<GitService, readonly Scope[]>> = {
  'git-upload-pack': ['api', 'read_repository', 'write_repository'],
  'git-receive-pack': ['api', 'write_repository'],
};

const denied =
  'HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect or a token is needed instead of it.';

/**
 * Lets a git client in.
 *
 * @throws Refusal 401 where git should ask for credentials, 404 for what they cannot see, 403 for what they may not do
 */
export function admitGit(
  world: World,
  headers: IncomingHttpHeaders,
  path: string,
  service: GitService,
): { readonly project: Project; readonly actor: Actor | undefined } {
  const actor = identifyGit(world, headers);
  const found = findProject(world, path);
  // A path of digits is no number of a project here.
  const project = found?.path.toLowerCase() === path.toLowerCase() ? found : undefined;
  const isRead = service === 'git-upload-pack';
  try {
    const role = roleFor(project, isRead);
    const route = { path: '/projects/:id', access: { role, anonymous: isRead } };
    const params = { id: String(project?.id ?? 0) };
    const admitted = admit(world, { ...route, method: 'GET', handle: refuse }, actor, params, isRead);
    if (admitted === undefined) throw notFound();
    if (actor !== undefined) checkToken(actor, admitted, service);
    return { project: admitted, actor };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Whether there is such a project is not told to nobody.
    if (actor === undefined) throw askForCredentials();
    if (error.status === 404) throw notFound();
    throw error.status === 403 ? new Refusal(403, { message: notAllowed[service] }) : error;
  }
}

/** Guests of a private project see its issues and not its code. */
function roleFor(project: Project | undefined, isRead: boolean): Role | 'anyone' {
  if (!isRead) return 'developer';
  return project?.visibility === 'private' ? 'reporter' : 'anyone';
}

function identifyGit(world: World, headers: IncomingHttpHeaders): Actor | undefined {
  const access: Access = { role: 'anyone', jobToken: true, scope: 'none' };
  const actor = identifyOrAsk(world, credentialsOf(world, headers), access);
  if (actor !== undefined) checkActor(actor, access, true);
  return actor;
}

function identifyOrAsk(world: World, credentials: Credentials, access: Access): Actor | undefined {
  try {
    return identify(world, credentials, access);
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) throw askForCredentials();
    throw error;
  }
}

/** A token is the password, of any user; that of a job needs the user `gitlab-ci-token`. */
function credentialsOf(world: World, headers: IncomingHttpHeaders): Credentials {
  const basic = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '')?.[1];
  const [, user = '', password = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(basic ?? '', 'base64').toString()) ?? [];
  const isJob = user === 'gitlab-ci-token';
  const header = (name: string) => (typeof headers[name] === 'string' ? headers[name] : undefined);
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  // An unknown value stands for a wrong password, so that it is refused and not taken for none.
  const given = basic === undefined ? undefined : password === '' ? 'none' : password;
  const isOfJob = given !== undefined && world.tokens.get(given)?.kind === 'job';
  return {
    personal: isJob || isOfJob ? header('private-token') : (given ?? header('private-token')),
    job: isJob ? given : isOfJob ? 'none' : header('job-token'),
    bearer,
    trigger: undefined,
  };
}

/** @throws Refusal 403 */
function checkToken({ token, job }: Actor, project: Project, service: GitService): void {
  if (token.kind === 'personal') {
    if (!scopesFor[service].some((scope) => token.scopes.includes(scope))) throw forbidden();
    return;
  }
  // Source: docs.gitlab.com/ci/jobs/ci_job_token, "Allow Git push requests to your project repository".
  const mayPush = project.settings.ci_push_repository_for_job_token_allowed && job?.projectId === project.id;
  if (service === 'git-receive-pack' && !mayPush) throw forbidden();
}

const notAllowed: Readonly<Record<GitService, string>> = {
  'git-upload-pack': 'You are not allowed to download code from this project.',
  'git-receive-pack': 'You are not allowed to push code to this project.',
};

function askForCredentials(): Refusal {
  return new Refusal(401, { message: denied }, { 'www-authenticate': 'Basic realm="GitLab"' });
}

function notFound(): Refusal {
  return new Refusal(404, {
    message: "The project you were looking for could not be found or you don't have permission to view it.",
  });
}

function refuse(): never {
  throw notFound();
}
