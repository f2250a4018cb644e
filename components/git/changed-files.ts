import type { Context, ExecResult } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import { fetchCommits, reasonOf } from './fetch-commits.ts';
import { git } from './git.ts';

export type ChangedFiles =
  | {
      readonly known: true;
      /** Top of the checkout: paths are relative to it. */
      readonly top: string;
      readonly changed: ReadonlySet<string>;
      /** Files git keeps; of the others no change can be known. */
      readonly tracked: ReadonlySet<string>;
    }
  | { readonly known: false; readonly reason: string };

/**
 * Files that differ between two commits. CI clones are shallow, so where a commit is missing it is fetched, alone.
 * Unknown is an answer: the caller then takes all files.
 *
 * @param base - object name of the commit the changes begin at
 * @param head - object name of the last commit; undefined for the one checked out
 */
export async function changedFiles(
  context: Context,
  directory: string,
  base: string,
  head: string | undefined,
): Promise<ChangedFiles> {
  try {
    let diff = await diffNames(context, directory, base, head);
    if (diff.exitCode !== 0) {
      const missing = await fetchCommits(context, directory, head === undefined ? [base] : [base, head]);
      if (missing !== undefined) return { known: false, reason: missing };
      diff = await diffNames(context, directory, base, head);
    }
    if (diff.exitCode !== 0) return { known: false, reason: reasonOf(diff) };
    const top = await git(context, directory, ['rev-parse', '--show-toplevel']);
    const tracked = await git(context, directory, ['ls-files', '--full-name', '-z', ':/']);
    for (const result of [top, tracked]) {
      if (result.exitCode !== 0) return { known: false, reason: reasonOf(result) };
    }
    const names = (list: string) => new Set(list.split('\0').filter((file) => file !== ''));
    const answer = {
      top: top.stdout.replace(/\n$/, ''),
      changed: names(diff.stdout),
      tracked: names(tracked.stdout),
    };
    return { known: true, ...answer };
  } catch (error) {
    if (error instanceof Failure) return { known: false, reason: error.message };
    throw error;
  }
}

function diffNames(context: Context, directory: string, base: string, head = 'HEAD'): Promise<ExecResult> {
  const options = ['--name-only', '-z', '--no-renames', '--no-ext-diff', '--no-textconv'];
  return git(context, directory, ['diff', ...options, base, head, '--']);
}
