import type { PolicyFile } from '../policy/types.ts';
import { policySuffix } from './asked.ts';

/** Files of one commit of a project, read as objects: no checkout, and no link is followed. */
export interface CommitFiles {
  /** Paths of its regular files. */
  readonly paths: ReadonlySet<string>;
  /** Name of a file's object: equal names are equal bytes. */
  readonly idOf: (path: string) => string | undefined;
  /** Undefined where there is no such file, or it is no UTF-8. */
  readonly read: (path: string) => Promise<string | undefined>;
}

/** The policy files of a folder of the commit. One that cannot be read as text counts as broken, not as absent. */
export async function readPolicyFiles(files: CommitFiles, folder: string): Promise<readonly PolicyFile[]> {
  const prefix = `${folder.replace(/\/+$/, '')}/`;
  const paths = [...files.paths]
    .filter((path) => path.startsWith(prefix) && path.endsWith(policySuffix))
    .sort();
  return Promise.all(paths.map(async (path) => ({ path, text: (await files.read(path)) ?? '\u0000' })));
}
