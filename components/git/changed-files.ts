import type { Context, ExecResult } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import { git } from './git.ts';

export type ChangedFiles =
  | { readonly known: true; readonly files: ReadonlySet<string> }
  | { readonly known: false; readonly reason: string };

/**
 * Files that differ between two commits, relative to `directory`. CI clones are shallow, so where a commit is
 * missing it is fetched, alone. Unknown is an answer: the caller then takes all files.
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
      await fetchCommits(context, directory, head === undefined ? [base] : [base, head]);
      diff = await diffNames(context, directory, base, head);
    }
    if (diff.exitCode !== 0) return { known: false, reason: reasonOf(diff) };
    return { known: true, files: new Set(diff.stdout.split('\0').filter((file) => file !== '')) };
  } catch (error) {
    if (error instanceof Failure) return { known: false, reason: error.message };
    throw error;
  }
}

function diffNames(context: Context, directory: string, base: string, head = 'HEAD'): Promise<ExecResult> {
  const options = ['--name-only', '-z', '--no-renames', '--no-ext-diff', '--no-textconv', '--relative'];
  return git(context, directory, ['diff', ...options, base, head, '--']);
}

async function fetchCommits(context: Context, directory: string, commits: readonly string[]): Promise<void> {
  const options = ['--depth=1', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--quiet'];
  const fetched = await git(context, directory, ['fetch', ...options, 'origin', ...commits]);
  if (fetched.exitCode !== 0) context.log.debug(`git fetch failed: ${reasonOf(fetched)}`);
}

function reasonOf(result: ExecResult): string {
  return result.timedOut ? 'git took too long' : (result.stderr.trim().split('\n')[0] ?? '');
}
