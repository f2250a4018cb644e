import { errors } from './errors.ts';
import { reasonOf } from './fetch-commits.ts';
import type { GitObjects } from './git-objects.ts';

/** One entry of a tree that is no tree itself. */
export interface TreeEntry {
  /** `100644`, `100755`; `120000` is a link, `160000` a submodule. */
  readonly mode: string;
  readonly object: string;
  /** Bytes; 0 of a submodule, undefined where the object is missing. */
  readonly size: number | undefined;
  readonly path: string;
}

export function isRegular({ mode }: TreeEntry): boolean {
  return mode === '100644' || mode === '100755';
}

/** Whether a path may become an argument of git and a name below a folder: relative, plain steps, no `.git`. */
export function isTreePath(path: string): boolean {
  if (path === '' || path.length > 4096 || /^[-:/]|\0|\ufffd/.test(path)) return false;
  return path.split('/').every((step) => !['', '.', '..'].includes(step) && step.toLowerCase() !== '.git');
}

/** The files of a commit, or of some paths in it. @throws GIT_UNREADABLE */
export async function listTree(
  objects: GitObjects,
  commit: string,
  ...paths: readonly string[]
): Promise<TreeEntry[]> {
  const only = paths.length === 0 ? [] : ['--', ...paths];
  const listed = await objects(['ls-tree', '-r', '-l', '-z', '--full-tree', commit, ...only]);
  if (listed.exitCode !== 0)
    throw errors.UNREADABLE({ what: `the files of ${commit}`, reason: reasonOf(listed) });
  return listed.stdout.split('\0').flatMap((row) => {
    const [, mode, , object, size, name] = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-|BAD)\t(.*)$/s.exec(row) ?? [];
    if (mode === undefined || object === undefined || name === undefined) return [];
    return [{ mode, object, size: size === 'BAD' ? undefined : Number(size === '-' ? 0 : size), path: name }];
  });
}
