import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import type { Repositories } from '../ports.ts';
import type { Project } from '../world/project.ts';
import { type Checkout, findCheckout } from './checkout.ts';
import { borrowObjects, createBare } from './create.ts';
import { type Git, gitEnvironment, gitIn } from './git.ts';
import { isFullRef } from './names.ts';
import { askSource, type ObjectSource, readObjectSource } from './source.ts';
import { commitWorkingTree, type WorkingTree } from './working-tree.ts';

export interface ImportOptions {
  /** Whether the checked-out branch gets what is not committed yet, as a commit on top. */
  readonly workingTree: boolean;
}

export interface Imported {
  /** Of the working tree. */
  readonly root: string;
  /** Undefined of a folder without a repository. */
  readonly checkout: Checkout | undefined;
  /** The checked-out one; `detached` where none is. */
  readonly branch: string;
  /** Its commit; undefined where there is none and nothing was to be committed. */
  readonly sha: string | undefined;
  /** Whether that commit exists here only. */
  readonly changed: boolean;
}

/**
 * Makes a project's repository of a user's folder. History is not copied: objects are borrowed (`objects/info/alternates`),
 * so the folder must stay while the twin lives. Branches and tags come as they are, and those of `origin` for which there
 * is no local one. A folder without a repository becomes one with a commit of its files on `main`;
 * as it has no versions, includes find that commit under any name of one.
 *
 * @throws TWIN_GIT
 */
export async function importFolder(
  context: Context,
  repositories: Repositories,
  project: Project,
  folder: string,
  options: ImportOptions,
): Promise<Imported> {
  const bare = repositories.folderOf(project);
  const checkout = await findCheckout(context, folder);
  const git = gitIn(context, bare);
  const source = checkout && (await readObjectSource(context, checkout.root));
  await createBare(context, bare, checkout?.defaultBranch ?? 'main', source?.format);
  if (checkout !== undefined && source !== undefined) {
    await borrowObjects(context, git, source);
    await copyRefs(context, git, checkout.root);
  }
  const root = checkout?.root ?? (await context.fs.realpath(folder));
  const branch = checkout === undefined ? 'main' : (checkout.branch ?? 'detached');
  const tree: WorkingTree = { root, head: checkout?.head, isRepository: checkout !== undefined };
  const sha =
    options.workingTree || checkout === undefined
      ? await snapshot(context, git, tree, source)
      : checkout.head;
  if (sha !== undefined) await git.run(['update-ref', `refs/heads/${branch}`, sha]);
  const branches = await repositories.branches(project);
  const wanted = project.defaultBranch ?? checkout?.defaultBranch ?? 'main';
  project.defaultBranch = branches.has(wanted) ? wanted : branches.has(branch) ? branch : undefined;
  await repositories.pointHead(project);
  project.unversioned = checkout?.head === undefined;
  return { root, checkout, branch, sha, changed: sha !== checkout?.head };
}

async function copyRefs(context: Context, git: Git, root: string): Promise<void> {
  const below = ['refs/heads', 'refs/tags', 'refs/remotes/origin'];
  const listed = await askSource(
    context,
    root,
    'for-each-ref',
    '--format=%(objectname) %(refname)',
    ...below,
  );
  const refs = new Map<string, string>();
  for (const line of listed.split('\n')) {
    const [, sha, ref = ''] = /^([0-9a-f]+) (.+)$/.exec(line) ?? [];
    const own = ref.replace(/^refs\/remotes\/origin\//, 'refs/heads/');
    // Local ones are listed first.
    if (sha !== undefined && ref !== 'refs/remotes/origin/HEAD' && isFullRef(own) && !refs.has(own))
      refs.set(own, sha);
  }
  const there = await present(git, [...refs.values()]);
  const kept = [...refs].filter(([, sha]) => there.has(sha));
  const input = kept.map(([ref, sha]) => `update ${ref}\0${sha}\0\0`).join('');
  await git.run(['update-ref', '--stdin', '-z'], { input });
}

/**
 * Whether a checkout holds what its commit does, by the times in a copy of its index: to hash all files of a large
 * project takes a second. Its own configuration has no say, for that can name programs that git would start; nor has a
 * submodule's, so nobody looks into it: what is committed of one is the commit that its project's index names.
 */
async function isClean(
  context: Context,
  git: Git,
  root: string,
  head: string,
  { index, excludes }: ObjectSource,
): Promise<boolean> {
  const copy = join(git.folder, `index-${randomUUID()}`);
  const env = { GIT_WORK_TREE: root, GIT_DIR: git.folder, GIT_INDEX_FILE: copy };
  const isQuiet = async (...args: string[]) => {
    const result = await git.try(args, { env, config: ['core.bare=false'] });
    return result.exitCode === 0 && result.stdout === '';
  };
  try {
    const { atime, mtime } = await context.fs.stat(index);
    await context.fs.copyFile(index, copy);
    // What was changed in the moment the index was written is told by that time alone; rounded down git looks again.
    await context.fs.utimes(copy, atime, new Date(mtime.getTime()));
    const others = [
      'ls-files',
      '--others',
      '--directory',
      '--exclude-standard',
      `--exclude-from=${excludes}`,
    ];
    return (
      (await isQuiet('diff-index', '--cached', '--quiet', head, '--')) &&
      (await isQuiet('-C', root, 'diff-files', '--quiet', '--ignore-submodules=all')) &&
      (await isQuiet('-C', root, ...others))
    );
  } catch {
    // No index, or one in parts: the long way knows.
    return false;
  } finally {
    await context.fs.rm(copy, { force: true });
  }
}

/** References of a broken or partial clone may name objects that it does not have. */
async function present(git: Git, shas: readonly string[]): Promise<ReadonlySet<string>> {
  const input = shas.map((sha) => `${sha}\n`).join('');
  const checked = await git.run(['cat-file', '--batch-check=%(objectname) there'], { input });
  return new Set([...checked.matchAll(/^([0-9a-f]+) there$/gm)].map(([, sha = '']) => sha));
}

async function snapshot(
  context: Context,
  git: Git,
  tree: WorkingTree,
  source: ObjectSource | undefined,
): Promise<string> {
  const { root, head } = tree;
  if (head !== undefined && source !== undefined && (await isClean(context, git, root, head, source)))
    return head;
  const indexFile = join(git.folder, `index-${randomUUID()}`);
  const who = { NAME: 'pipewright local', EMAIL: 'local@localhost' };
  const names = ['AUTHOR', 'COMMITTER'].flatMap((role) =>
    Object.entries(who).map(([key, value]) => [`GIT_${role}_${key}`, value]),
  );
  const env = { ...gitEnvironment(context), ...Object.fromEntries(names) };
  try {
    return await commitWorkingTree(context, tree, { ...env, GIT_DIR: git.folder, GIT_INDEX_FILE: indexFile });
  } finally {
    await context.fs.rm(indexFile, { force: true });
  }
}
