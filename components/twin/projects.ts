import { join } from 'node:path';
import { git } from '../git/git.ts';
import type { Context } from '../kernel/context.ts';
import { findFiles } from '../kernel/find-files.ts';
import type { ProjectFiles, ResolvedRef } from './render/types.ts';
import { isVersionQuery, versionFor } from './render/versions.ts';

/** A folder that plays a project of the GitLab server. */
export interface ServedProject {
  /** Where git is asked for tags, branches and commits; undefined for a folder without any: every ref is its files. */
  readonly repository: string | undefined;
  /** Files as they lie there, uncommitted changes included: what `HEAD` and `branch` name. */
  readonly tree: string;
  readonly treeSha: string;
  readonly branch: string | undefined;
}

/** Stands for files that are no commit. */
const noCommit = '0'.repeat(40);

/** Serves projects from folders, for includes. */
export function createProjectFiles(
  context: Context,
  projects: ReadonlyMap<string, ServedProject>,
): ProjectFiles {
  return {
    resolve: async (project, ref) => {
      const served = projects.get(project);
      return served && resolveRef(context, served, ref);
    },
    read: async (project, sha, path) => {
      const served = projects.get(project);
      if (served === undefined || !isInside(path)) return undefined;
      return sha === served.treeSha
        ? readInTree(context, served.tree, path)
        : readBlob(context, served, sha, path);
    },
    list: async (project, sha) => {
      const served = projects.get(project);
      if (served === undefined) return [];
      return sha === served.treeSha ? listTree(context, served) : listCommit(context, served, sha);
    },
  };
}

/** Reads what a folder can serve. A tag at HEAD is a commit all the same, so changed files have no commit's name. */
export async function serveFolder(context: Context, folder: string): Promise<ServedProject> {
  const ask = async (...args: string[]) => {
    const answer = await git(context, folder, args);
    return answer.exitCode === 0 ? answer.stdout.trim() : undefined;
  };
  const head = await ask('rev-parse', '--verify', '--quiet', 'HEAD^{commit}');
  const clean = (await ask('status', '--porcelain')) === '';
  return {
    repository: head === undefined ? undefined : folder,
    tree: folder,
    treeSha: head !== undefined && clean ? head : noCommit,
    branch: await ask('symbolic-ref', '--quiet', '--short', 'HEAD'),
  };
}

/** GitLab's order: a commit, a tag, a branch; `~latest`, `1` and `1.2` are versions of the catalog. */
async function resolveRef(
  context: Context,
  { repository, treeSha, branch }: ServedProject,
  ref: string,
): Promise<ResolvedRef | undefined> {
  if (repository === undefined || ref === treeSha || ref === 'HEAD') return { sha: treeSha, version: null };
  const named = async (name: string) => {
    const found = await git(context, repository, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
    return found.exitCode === 0 ? found.stdout.trim() : undefined;
  };
  if (isVersionQuery(ref)) {
    const tags = (await git(context, repository, ['tag', '--list'])).stdout.split('\n');
    const version = versionFor(ref, tags);
    const sha = version === undefined ? undefined : await named(`refs/tags/${version}`);
    return sha === undefined || version === undefined ? undefined : { sha, version };
  }
  const commit = /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(ref) ? await named(ref) : undefined;
  if (commit !== undefined) return { sha: commit, version: null };
  const tag = await named(`refs/tags/${ref}`);
  if (tag !== undefined) return { sha: tag, version: /^v?\d+\.\d+\.\d+/.test(ref) ? ref : null };
  // Before git is asked: uncommitted changes belong to the branch.
  if (ref === branch) return { sha: treeSha, version: null };
  const tip = (await named(`refs/heads/${ref}`)) ?? (await named(`refs/remotes/origin/${ref}`));
  return tip === undefined ? undefined : { sha: tip, version: null };
}

function isInside(path: string): boolean {
  return !path.startsWith('/') && !path.split('/').some((part) => part === '..' || part === '.git');
}

// GitLab reads git's objects, where a symbolic link is a text: none is followed here either.
async function readInTree(context: Context, tree: string, path: string): Promise<string | undefined> {
  const root = await context.fs.realpath(tree);
  const file = join(root, path);
  const real = await context.fs.realpath(file).catch(() => undefined);
  if (real !== file || !(await context.fs.lstat(file)).isFile()) return undefined;
  return context.fs.readFile(file, 'utf8');
}

async function readBlob(
  context: Context,
  served: ServedProject,
  sha: string,
  path: string,
): Promise<string | undefined> {
  const found = await git(context, served.repository ?? served.tree, ['cat-file', 'blob', `${sha}:${path}`]);
  return found.exitCode === 0 ? found.stdout : undefined;
}

async function listTree(context: Context, served: ServedProject): Promise<readonly string[]> {
  const files = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const found = await git(context, served.tree, files);
  if (found.exitCode === 0) return names(found.stdout);
  return (await findFiles(context, served.tree, ['**'], new Set(['.git']))).files;
}

async function listCommit(context: Context, served: ServedProject, sha: string): Promise<readonly string[]> {
  const found = await git(context, served.repository ?? served.tree, [
    'ls-tree',
    '-r',
    '-z',
    '--name-only',
    sha,
  ]);
  return found.exitCode === 0 ? names(found.stdout) : [];
}

function names(output: string): readonly string[] {
  return [...new Set(output.split('\0').filter((name) => name !== ''))].sort();
}
