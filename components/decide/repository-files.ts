import { unlessMissing } from '../gitlab/endpoints/define.ts';
import { listTree, readFile } from '../gitlab/endpoints/files.ts';
import type { GitLab } from '../gitlab/types.ts';
import type { CommitFiles } from './commit-files.ts';
import { errors } from './errors.ts';

const mostFiles = 5_000;

/**
 * Lists folders of a commit; one that is not there has no files. What is asked for later is looked up in this list, so no
 * text of a stranger becomes an address. @throws DECIDE_TOO_MANY_FILES
 */
export async function openCommit(
  gitlab: GitLab,
  {
    project,
    commit,
    folders,
    most = mostFiles,
  }: {
    readonly project: number;
    readonly commit: string;
    readonly folders: readonly string[];
    /** Files in a folder, above which nobody reads on. */
    readonly most?: number;
  },
): Promise<CommitFiles> {
  const ids = new Map<string, string>();
  for (const folder of folders) {
    const path = folder.replace(/\/+$/, '');
    const found = new Map<string, string>();
    await unlessMissing(list(gitlab, { project, ref: commit, path }, most, found));
    for (const [file, id] of found) ids.set(file, id);
  }
  return {
    paths: new Set(ids.keys()),
    idOf: (path) => ids.get(path),
    read: async (wanted) => {
      const file = [...ids.keys()].find((path) => path === wanted);
      if (file === undefined) return undefined;
      const bytes = await readFile(gitlab, { project, file, ref: commit });
      return decode(bytes);
    },
  };
}

async function list(
  gitlab: GitLab,
  of: { readonly project: number; readonly ref: string; readonly path: string },
  most: number,
  found: Map<string, string>,
): Promise<void> {
  for await (const entry of listTree(gitlab, { ...of, recursive: true })) {
    if (entry.type === 'blob' && entry.mode !== '120000') found.set(entry.path, entry.id);
    if (found.size > most) throw errors.TOO_MANY_FILES({ folder: of.path, limit: most });
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
