import type { GitObjects } from './git-objects.ts';
import { mostFileBytes } from './text.ts';
import { isRegular, isTreePath, listTree } from './tree.ts';

/** Why there is no text at a path of a commit, in a sentence for whoever asked for it. @throws GIT_UNREADABLE */
export async function whyNoText(objects: GitObjects, commit: string, path: string): Promise<string> {
  if (path.startsWith('/'))
    return 'A path is relative to the top of the repository: it begins without a slash.';
  if (path.split('/').includes('..'))
    return 'A path has no step `..`: nothing outside of the repository is read.';
  if (!isTreePath(path)) return 'No file of a repository has such a path.';
  const below = await listTree(objects, commit, path);
  const entry = below.find((each) => each.path === path);
  if (entry === undefined)
    return below.length > 0
      ? `It is a folder, of ${below.length} files: list them.`
      : 'There is no file at this path.';
  if (entry.mode === '120000') return 'It is a symbolic link, and links are not followed.';
  if (entry.mode === '160000') return 'It is a submodule, and submodules are not read.';
  if (!isRegular(entry)) return 'It is no regular file.';
  if ((entry.size ?? 0) > mostFileBytes)
    return `It has ${entry.size} bytes, and files of at most ${mostFileBytes / 1024 / 1024} MiB are read.`;
  return 'It is no text in UTF-8.';
}
