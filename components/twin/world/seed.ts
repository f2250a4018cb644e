import { randomBytes } from 'node:crypto';
import {
  accessLevels,
  type PersonalToken,
  type Role,
  type Scope,
  type TriggerToken,
  type User,
} from './people.ts';
import type { Project, ProjectSettings, Variable, Visibility } from './project.ts';
import { timeOf, type World } from './world.ts';

/** GitLab's forms of tokens, so that redaction and secret scanners see what they would see there. */
const forms = {
  personal: (random: string) => `glpat-${random}`,
  trigger: (random: string) => `glptt-${random}${random}`,
  job: (random: string) => `glcbt-64_${random}`,
} as const;

/** A fresh value of a token. */
export function newTokenValue(kind: keyof typeof forms): string {
  return forms[kind](randomBytes(15).toString('base64url').replace(/[-_]/g, '0'));
}

export interface NewUser {
  readonly username: string;
  readonly name?: string;
  readonly kind?: User['kind'];
  readonly admin?: boolean;
}

export function addUser(world: World, user: NewUser): User {
  const { username, name = username, kind = 'human', admin = false } = user;
  const id = world.nextId('user');
  const created: User = {
    ...{ id, username, name, kind, admin, state: 'active', createdAt: timeOf(world) },
    email: kind === 'human' ? `${username}@example.com` : `${username}@noreply.example.com`,
  };
  world.users.set(id, created);
  return created;
}

export interface NewToken {
  readonly userId: number;
  readonly name?: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: string | undefined;
  readonly projectId?: number | undefined;
  readonly value?: string | undefined;
}

export function addPersonalToken(world: World, token: NewToken): PersonalToken {
  const created: PersonalToken = {
    kind: 'personal',
    id: world.nextId('token'),
    value: token.value ?? newTokenValue('personal'),
    userId: token.userId,
    name: token.name ?? 'token',
    scopes: token.scopes,
    createdAt: timeOf(world),
    expiresAt: token.expiresAt,
    revoked: false,
    projectId: token.projectId,
  };
  world.tokens.set(created.value, created);
  return created;
}

export interface NewProject {
  readonly path: string;
  readonly name?: string;
  readonly description?: string;
  readonly visibility?: Visibility;
  readonly defaultBranch?: string | undefined;
  readonly creatorId: number;
  readonly forkedFromId?: number | undefined;
  readonly settings?: Partial<ProjectSettings>;
}

/** What a new project of GitLab 18 is set to. Source: docs.gitlab.com/api/projects, settings of new projects since 18.0. */
const newSettings: ProjectSettings = {
  ci_config_path: '.gitlab-ci.yml',
  only_allow_merge_if_pipeline_succeeds: false,
  allow_merge_on_skipped_pipeline: false,
  only_allow_merge_if_all_discussions_are_resolved: false,
  ci_pipeline_variables_minimum_override_role: 'developer',
  ci_job_token_scope_enabled: true,
  ci_push_repository_for_job_token_allowed: false,
  protect_merge_request_pipelines: true,
  merge_method: 'merge',
  squash_option: 'default_off',
  remove_source_branch_after_merge: true,
  keep_latest_artifact: true,
  build_timeout: 3600,
  shared_runners_enabled: true,
  group_runners_enabled: true,
  public_jobs: true,
  forking_access_level: 'enabled',
  ci_default_git_depth: 20,
  ci_allow_fork_pipelines_to_run_in_parent_project: true,
  merge_pipelines_enabled: false,
  merge_trains_enabled: false,
  only_allow_merge_if_all_status_checks_passed: false,
};

/** A project without a repository: {@link Repositories.create} makes that. Its creator is its owner. */
export function addProject(world: World, project: NewProject): Project {
  const id = world.nextId('project');
  const name = project.name ?? project.path.split('/').at(-1) ?? project.path;
  const created: Project = {
    ...{ id, path: project.path, name, description: project.description ?? '' },
    defaultBranch: project.defaultBranch,
    visibility: project.visibility ?? 'private',
    creatorId: project.creatorId,
    createdAt: timeOf(world),
    lastActivityAt: timeOf(world),
    forkedFromId: project.forkedFromId,
    unversioned: false,
    members: new Map([[project.creatorId, accessLevels.owner]]),
    settings: { ...newSettings, ...project.settings },
    protectedBranches: [],
    protectedTags: [],
    ...{ protectedEnvironments: new Map(), statusChecks: new Map() },
    variables: [],
    labels: [],
    mergeRequests: new Map(),
    issues: new Map(),
    environments: new Map(),
    deployments: new Map(),
    schedules: new Map(),
    releases: new Map(),
    packages: new Map(),
    resourceGroups: new Map(),
    jobTokenAllowlist: new Set(),
    jobTokenGroups: new Set(),
    iids: new Map(),
  };
  world.projects.set(id, created);
  return created;
}

/** A token that starts pipelines of a project with the rights of its owner. */
export function addTriggerToken(
  world: World,
  project: Project,
  owner: User,
  description: string,
): TriggerToken {
  const token: TriggerToken = {
    ...{ kind: 'trigger', id: world.nextId('trigger'), value: newTokenValue('trigger'), description },
    ...{ projectId: project.id, ownerId: owner.id, createdAt: timeOf(world) },
  };
  world.tokens.set(token.value, token);
  return token;
}

/** As GitLab protects a project's first branch: maintainers push and merge, nobody forces. */
export function protectBranch(
  world: World,
  project: Project,
  name: string,
  levels: { readonly push?: Role; readonly merge?: Role } = {},
): void {
  project.protectedBranches.push({
    id: world.nextId('protected_branch'),
    name,
    pushLevel: accessLevels[levels.push ?? 'maintainer'],
    mergeLevel: accessLevels[levels.merge ?? 'maintainer'],
    allowForcePush: false,
  });
}

export function addVariable(
  project: Project,
  variable: Partial<Variable> & Pick<Variable, 'key' | 'value'>,
): Variable {
  const created: Variable = {
    ...{ variableType: 'env_var', protected: false, masked: false, hidden: false, raw: false },
    ...{ environmentScope: '*', description: '' },
    ...variable,
  };
  project.variables.push(created);
  return created;
}
