import { levelOf } from '../world/access.ts';
import { type AccessLevel, accessLevels, type User } from '../world/people.ts';
import type { Job, Pipeline } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import { findUser, isAtLeast, type World } from '../world/world.ts';
import { mergeRequestOf } from './facts.ts';
import type { Claims, IdTokenIssuer } from './id-tokens.ts';
import { tierOf } from './names.ts';
import type { JobSpec } from './types.ts';

/** What a job's tokens say besides audience and times. */
export interface ClaimedJob {
  readonly world: World;
  readonly project: Project;
  readonly pipeline: Pipeline;
  readonly job: Job;
}

/**
 * The claims of a job's `id_tokens`. As GitLab writes them, numbers and truth values are text, except `runner_id`; of a
 * fork's merge request `project_*` are the fork's and `job_project_*` say where the job runs (18.4).
 * Source: docs.gitlab.com/ci/secrets/id_token_authentication, "Token payload"
 */
export function idTokenClaims({ world, project, pipeline, job }: ClaimedJob): Claims {
  const request = mergeRequestOf(world, pipeline);
  const source = request?.source ?? project;
  const user = findUser(world, job.userId);
  const type = pipeline.tag ? 'tag' : 'branch';
  const ref = request?.mergeRequest.sourceBranch ?? pipeline.ref;
  const path = `refs/${pipeline.tag ? 'tags' : 'heads'}/${ref}`;
  return {
    sub: `project_path:${source.path}:ref_type:${type}:ref:${ref}`,
    ...projectClaims(world, source, ''),
    ...(isAtLeast(world, '18.4') ? projectClaims(world, project, 'job_') : {}),
    ...userClaims(user, source),
    pipeline_id: String(pipeline.id),
    pipeline_source: pipeline.source,
    job_id: String(job.id),
    ...{ ref, ref_type: type, ref_path: path, ref_protected: String(pipeline.protectedRef) },
    ...environmentClaims(world, project, job),
    ...{ runner_id: 1, runner_environment: 'self-hosted', sha: pipeline.sha },
    project_visibility: project.visibility,
    ...configClaims(world, project, pipeline, path),
  };
}

function projectClaims(world: World, project: Project, prefix: string): Claims {
  const namespace = namespaceOf(project);
  // The twin has no namespaces: the first project in one lends it its number, in the API too.
  const first = [...world.projects.values()].find((other) => namespaceOf(other) === namespace);
  return {
    [`${prefix}namespace_id`]: String(first?.id ?? project.id),
    [`${prefix}namespace_path`]: namespace,
    [`${prefix}project_id`]: String(project.id),
    [`${prefix}project_path`]: project.path,
  };
}

function namespaceOf({ path }: Project): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function userClaims(user: User | undefined, project: Project): Claims {
  if (user === undefined) return {};
  const level = nameOf(levelOf(user, project));
  return {
    ...{ user_id: String(user.id), user_login: user.username, user_email: user.email },
    ...(level === undefined ? {} : { user_access_level: level }),
  };
}

function nameOf(level: AccessLevel): string | undefined {
  if (level === accessLevels.none) return undefined;
  return Object.entries(accessLevels).find(([, value]) => value === level)?.[0];
}

function environmentClaims({ tier }: World, project: Project, { environment }: Job): Claims {
  if (environment === undefined) return {};
  const isProtected = tier !== 'free' && project.protectedEnvironments.has(environment.name);
  return {
    environment: environment.name,
    environment_protected: String(isProtected),
    deployment_tier: environment.tier ?? tierOf(environment.name),
    environment_action: environment.action,
  };
}

/** Where the configuration came from: a file of the project itself; one of another project is not claimed. */
function configClaims(world: World, project: Project, pipeline: Pipeline, refPath: string): Claims {
  const file = project.settings.ci_config_path;
  if (file.includes('@') || /^https?:/.test(file)) return {};
  const at = pipeline.mergeRequest === undefined ? refPath : pipeline.ref;
  const host = world.url.replace(/^https?:\/\//, '');
  return { ci_config_ref_uri: `${host}/${project.path}//${file}@${at}`, ci_config_sha: pipeline.sha };
}

/** The tokens a job's `id_tokens` asks for, by name; they hold as long as the job may run. */
export async function idTokensOf(
  world: World,
  issuer: IdTokenIssuer,
  pipeline: Pipeline,
  job: Job,
  { idTokens }: Pick<JobSpec, 'idTokens'>,
): Promise<Readonly<Record<string, string>>> {
  const project = world.projects.get(job.projectId);
  if (project === undefined) return {};
  const claims = idTokenClaims({ world, project, pipeline, job });
  const signed = Object.entries(idTokens).map(async ([name, { aud }]) => {
    return [name, await issuer.sign(claims, { audience: aud, expiresInSeconds: job.timeout })] as const;
  });
  return Object.fromEntries(await Promise.all(signed));
}
