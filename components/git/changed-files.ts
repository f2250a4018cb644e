import type { Context, ExecResult } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import { retry } from '../kernel/retry.ts';
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

/** Gives the reason where they are not to be had. A network may fail once; what is not there stays away. */
async function fetchCommits(
  context: Context,
  directory: string,
  commits: readonly string[],
): Promise<string | undefined> {
  const options = ['--depth=1', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--quiet'];
  const fetchOnce = async () => {
    const fetched = await git(context, directory, ['fetch', ...options, 'origin', ...commits]);
    if (fetched.exitCode !== 0) throw new FetchError(reasonOf(fetched));
  };
  const policy = { attempts: 3, baseMs: 500, capMs: 2_000, deadlineMs: 30_000 };
  const retryable = (error: unknown) => error instanceof FetchError && !lasting.test(error.message);
  const { clock, cancel } = context;
  try {
    await retry(fetchOnce, { ...policy, retryable, random: Math.random, clock, cancel });
    return undefined;
  } catch (error) {
    if (error instanceof FetchError) return error.message;
    throw error;
  }
}

class FetchError extends Error {}

const lasting = /not a git repository|not our ref|no such remote|does not appear to be|unadvertised object/i;

function reasonOf(result: ExecResult): string {
  return result.timedOut ? 'git took too long' : (result.stderr.trim().split('\n')[0] ?? '');
}
