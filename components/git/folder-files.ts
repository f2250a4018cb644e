import type { Context } from '../kernel/context.ts';
import { type GitObjects, runOn } from './git-objects.ts';
import { openObjects, readEntry } from './objects.ts';
import { isRegular, isTreePath, listTree } from './tree.ts';

/** The regular files below some folders of a commit. */
export interface FolderFiles {
  readonly paths: ReadonlySet<string>;
  /** Name of a file's object: equal names are equal bytes. */
  readonly idOf: (path: string) => string | undefined;
  /** Undefined where there is no such file, it is no text, or larger than a megabyte. @throws GIT_UNREADABLE */
  readonly read: (path: string) => Promise<string | undefined>;
}

/**
 * Lists folders of commits, in their order, as git objects: nothing of a working tree is looked at.
 * A folder that is not there has no files.
 *
 * @param repository - a checkout, or the folder of a bare repository
 * @param gitFolder - where its objects are, if that is known: saves a question
 * @throws GIT_NO_REPOSITORY, GIT_COMMIT_MISSING, GIT_UNREADABLE
 */
export async function openFolders<const Commits extends readonly string[]>(
  context: Context,
  repository: string,
  commits: Commits,
  folders: readonly string[],
  gitFolder?: string,
): Promise<{ readonly [Index in keyof Commits]: FolderFiles }> {
  const plain = folders.map((folder) => folder.replace(/^(\.\/)+|\/+$/g, ''));
  const wanted = plain.includes('.') || plain.includes('') ? [] : plain;
  const listAll = async (objects: GitObjects) => ({
    objects,
    lists: await Promise.all(commits.map((commit) => listTree(objects, commit, ...wanted))),
  });
  const open = async () => listAll(await openObjects(context, repository, commits));
  // Mostly everything is there; what a shallow clone lacks is fetched.
  const { objects, lists } =
    gitFolder === undefined ? await open() : await listAll(runOn(context, gitFolder)).catch(open);
  const opened = lists.map((entries): FolderFiles => {
    const files = entries.filter((entry) => isRegular(entry) && isTreePath(entry.path));
    const known = new Map(files.map((entry) => [entry.path, entry]));
    return {
      paths: new Set(known.keys()),
      idOf: (path) => known.get(path)?.object,
      read: async (path) => {
        const entry = known.get(path);
        return entry === undefined ? undefined : readEntry(objects, entry);
      },
    };
  });
  return opened as unknown as { readonly [Index in keyof Commits]: FolderFiles };
}
