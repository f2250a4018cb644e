import { levelOf } from '../../world/access.ts';
import { type AccessLevel, accessLevels, type User } from '../../world/people.ts';
import type { Project } from '../../world/project.ts';
import { findUser, type World } from '../../world/world.ts';

type Json = Readonly<Record<string, unknown>>;

/** A project as other things and `simple=true` show it. Source: docs.gitlab.com/api/projects */
export function simpleProjectJson(world: World, project: Project): Json {
  const name = project.path.slice(project.path.lastIndexOf('/') + 1);
  const namespace = namespaceJson(world, project);
  const url = `${world.url}/${project.path}`;
  return {
    id: project.id,
    description: project.description,
    name: project.name,
    name_with_namespace: `${String(namespace.full_path).split('/').join(' / ')} / ${project.name}`,
    path: name,
    path_with_namespace: project.path,
    created_at: project.createdAt,
    default_branch: project.defaultBranch ?? null,
    tag_list: [],
    topics: [],
    ssh_url_to_repo: `git@${new URL(world.url).hostname}:${project.path}.git`,
    http_url_to_repo: `${url}.git`,
    web_url: url,
    readme_url: null,
    forks_count: forksOf(world, project).length,
    avatar_url: null,
    star_count: 0,
    last_activity_at: project.lastActivityAt,
    visibility: project.visibility,
    namespace,
  };
}

/** All that a project is and is set to; settings only for those who may develop in it. */
export function projectJson(world: World, project: Project, viewer: User | undefined): Json {
  const level = levelOf(viewer, project);
  const own = viewer === undefined ? undefined : project.members.get(viewer.id);
  const parent = world.projects.get(project.forkedFromId ?? 0);
  const open = [...project.issues.values()].filter(({ state }) => state === 'opened');
  return {
    ...simpleProjectJson(world, project),
    _links: linksJson(world, project),
    empty_repo: project.defaultBranch === undefined,
    archived: false,
    creator_id: project.creatorId,
    owner: ownerJson(world, project),
    issues_enabled: true,
    merge_requests_enabled: true,
    jobs_enabled: true,
    lfs_enabled: false,
    open_issues_count: open.length,
    import_status: parent === undefined ? 'none' : 'finished',
    ...(parent !== undefined && { forked_from_project: simpleProjectJson(world, parent) }),
    ...settingsJson(world, project, level),
    ...(viewer !== undefined && {
      permissions: {
        project_access: own === undefined ? null : { access_level: own, notification_level: 3 },
        group_access: null,
      },
    }),
  };
}

/**
 * Settings as far as a role is told them. Those of a licence are fields that others do not have.
 * Source: docs.gitlab.com/api/projects, "Get a project"; ee/lib/ee/api/entities/project.rb
 */
function settingsJson({ tier }: World, { settings }: Project, level: AccessLevel): Json {
  const {
    ci_default_git_depth,
    ci_allow_fork_pipelines_to_run_in_parent_project,
    group_runners_enabled,
    merge_pipelines_enabled,
    merge_trains_enabled,
    only_allow_merge_if_all_status_checks_passed,
    ...others
  } = settings;
  const forMaintainers = {
    ci_default_git_depth,
    ci_allow_fork_pipelines_to_run_in_parent_project,
    group_runners_enabled,
  };
  return {
    ...(level >= accessLevels.developer && others),
    ...(level >= accessLevels.maintainer && forMaintainers),
    ...(tier !== 'free' && { merge_pipelines_enabled, merge_trains_enabled }),
    ...(tier === 'ultimate' && { only_allow_merge_if_all_status_checks_passed }),
  };
}

export function forksOf(world: World, project: Project): readonly Project[] {
  return [...world.projects.values()].filter(({ forkedFromId }) => forkedFromId === project.id);
}

/** Groups are mere paths here: one has the number of its first project. */
function namespaceJson(world: World, project: Project): Json {
  const path = namespaceOf(project);
  const first = [...world.projects.values()].find((other) => namespaceOf(other) === path);
  const user = findUser(world, path);
  return {
    id: first?.id ?? project.id,
    name: user?.name ?? path.slice(path.lastIndexOf('/') + 1),
    path: path.slice(path.lastIndexOf('/') + 1),
    kind: user === undefined ? 'group' : 'user',
    full_path: path,
    parent_id: null,
    avatar_url: null,
    web_url: user === undefined ? `${world.url}/groups/${path}` : `${world.url}/${path}`,
  };
}

/** The path without the last part. */
export function namespaceOf({ path }: Project): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function ownerJson(world: World, project: Project): Json | undefined {
  const user = findUser(world, namespaceOf(project));
  return user && { id: user.id, name: user.name, username: user.username, state: user.state };
}

function linksJson(world: World, { id }: Project): Json {
  const self = `${world.url}/api/v4/projects/${id}`;
  const names = ['issues', 'merge_requests', 'labels', 'members'];
  return {
    self,
    ...Object.fromEntries(names.map((name) => [name, `${self}/${name}`])),
    repo_branches: `${self}/repository/branches`,
  };
}
