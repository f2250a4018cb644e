import { basename, dirname, join } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { askSource, outputOf } from './source.ts';

export interface WorkingTree {
  readonly root: string;
  /** Undefined before the first commit. */
  readonly head: string | undefined;
  /** A folder without a repository has the files that git would take if it had one. */
  readonly isRepository: boolean;
}

/** Title of the commit that stands for what nobody has committed. */
export const changedTitle = 'Changes that are not committed yet';

/**
 * Commits a user's working tree as it is, without touching its repository: what is tracked there, and what is neither
 * tracked nor ignored. Files go in through git itself, which follows no symbolic link. Gives HEAD where nothing differs.
 *
 * @param env - complete; its `GIT_DIR` takes the commit and knows the user's objects, `GIT_INDEX_FILE` (or the index
 *   there) is left filled
 * @throws TWIN_GIT
 */
export async function commitWorkingTree(
  context: Context,
  tree: WorkingTree,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const inTree = { ...env, GIT_WORK_TREE: tree.root };
  const run = async (args: readonly string[], input?: string): Promise<string> => {
    const options = { cwd: tree.root, env: inTree, ...(input !== undefined && { input }) };
    return outputOf(args, await context.exec('git', args, options));
  };
  await run(['read-tree', '--empty']);
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const present = tree.isRepository ? await askSource(context, tree.root, ...list) : await run(list);
  await run(['update-index', '--add', '-z', '--stdin'], await realFiles(context, tree.root, present));
  if (tree.isRepository) await addSubmodules(context, tree.root, run);
  return commit(tree, run);
}

type Run = (args: readonly string[], input?: string) => Promise<string>;

/** Names, each ended by NUL, of what is there as a file or a link and not behind a link. */
async function realFiles(context: Context, root: string, present: string): Promise<string> {
  const folders = new Map<string, Promise<ReadonlySet<string>>>();
  const files: string[] = [];
  for (const file of new Set(present.split('\0'))) {
    if (file === '') continue;
    const folder = dirname(file);
    const listed = folders.get(folder) ?? listFiles(context, join(root, folder));
    folders.set(folder, listed);
    if ((await listed).has(basename(file))) files.push(file);
  }
  return files.map((file) => `${file}\0`).join('');
}

/**
 * What lies in a folder as a file or a link, asked once a folder: of thousands of files one by one it would take half a second.
 * Below a symbolic link git sees nothing of the project.
 */
async function listFiles(context: Context, folder: string): Promise<ReadonlySet<string>> {
  if ((await context.fs.realpath(folder).catch(() => '')) !== folder) return new Set();
  const entries = await context.fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  return new Set(entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map(({ name }) => name));
}

async function addSubmodules(context: Context, root: string, run: Run): Promise<void> {
  const staged = await askSource(context, root, 'ls-files', '-z', '--stage');
  for (const entry of staged.split('\0')) {
    const [, object, path] = /^160000 ([0-9a-f]+) 0\t(.*)$/s.exec(entry) ?? [];
    if (object !== undefined) await run(['update-index', '--add', '--cacheinfo', `160000,${object},${path}`]);
  }
}

async function commit({ head }: WorkingTree, run: Run): Promise<string> {
  const tree = (await run(['write-tree'])).trim();
  if (head !== undefined) {
    const known = (await run(['rev-parse', `${head}^{tree}`])).trim();
    if (tree === known) return head;
  }
  const parents = head === undefined ? [] : ['-p', head];
  return (await run(['commit-tree', tree, ...parents, '-m', changedTitle])).trim();
}
