import type { Repositories } from '../ports.ts';
import type { ProjectFiles, ResolvedRef } from '../render/types.ts';
import { isVersionQuery, versionFor } from '../render/versions.ts';
import { mayReadCode } from '../world/access.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import { findProject, type World } from '../world/world.ts';

/**
 * The files of all projects of a GitLab that a user may read the code of, for includes: of private projects from
 * Reporter on. A project out of reach is as one that does not exist.
 */
export function createWorldFiles(
  { world, repositories }: { readonly world: World; readonly repositories: Repositories },
  user: User,
): ProjectFiles {
  const reachable = (path: string) => {
    const project = findProject(world, path);
    return project !== undefined && mayReadCode(user, project) ? project : undefined;
  };
  return {
    resolve: async (path, ref) => {
      const project = reachable(path);
      return project && resolveRef(repositories, project, ref);
    },
    read: async (path, sha, file) => {
      const project = reachable(path);
      const bytes = project && (await repositories.blob(project, sha, file));
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    },
    list: async (path, sha) => {
      const project = reachable(path);
      const entries = project && (await repositories.tree(project, sha, '', true));
      return (entries ?? []).filter(({ type }) => type === 'blob').map((entry) => entry.path);
    },
  };
}

/** Nobody can tag a folder that is no repository, and whoever gives one means its files. */
async function resolveRef(
  repositories: Repositories,
  project: Project,
  ref: string,
): Promise<ResolvedRef | undefined> {
  const found = await findRef(repositories, project, ref);
  if (found !== undefined || !project.unversioned) return found;
  return findRef(repositories, project, 'HEAD');
}

/** GitLab's order: a commit, a tag, a branch; `~latest`, `1` and `1.2` are versions of the catalog. */
async function findRef(
  repositories: Repositories,
  project: Project,
  ref: string,
): Promise<ResolvedRef | undefined> {
  const tags = await repositories.tags(project);
  if (isVersionQuery(ref)) {
    const version = versionFor(ref, [...tags.keys()]);
    const sha = version === undefined ? undefined : tags.get(version);
    return version === undefined || sha === undefined ? undefined : { sha, version };
  }
  if (/^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(ref)) {
    const commit = await repositories.commit(project, ref);
    if (commit !== undefined) return { sha: commit.sha, version: null };
  }
  const tag = tags.get(ref);
  if (tag !== undefined) return { sha: tag, version: /^v?\d+\.\d+\.\d+/.test(ref) ? ref : null };
  const branches = await repositories.branches(project);
  const tip = branches.get(ref === 'HEAD' ? (project.defaultBranch ?? '') : ref);
  return tip === undefined ? undefined : { sha: tip, version: null };
}
