import { join } from 'node:path';
import type { Context, ExecResult } from '../kernel/context.ts';
import { type GitOptions, git } from './git.ts';

/** Runs git on the objects of one repository. */
export type GitObjects = (args: readonly string[], options?: GitOptions) => Promise<ExecResult>;

/**
 * Git looks for `.gitattributes` in the working directory and, where the file is not there, in the index; an author could
 * declare a file binary in one and so hide what changes in it. So it runs as if the repository were bare, in the folder of
 * the repository and with an index that does not exist. From 2.43 it may read those of HEAD: a tree that does not exist
 * counts as an empty one.
 */
export function runOn(context: Context, gitFolder: string): GitObjects {
  const global = [`--git-dir=${gitFolder}`, '--bare', '--no-replace-objects', '--literal-pathspecs'];
  const attributes = ['-c', 'core.attributesFile=/dev/null', '-c', 'attr.tree=none'];
  const env = { GIT_INDEX_FILE: join(gitFolder, 'index-of-nothing') };
  return (args, options) =>
    git(context, gitFolder, [...global, ...attributes, ...args], {
      ...options,
      env: { ...options?.env, ...env },
    });
}
