import type { Context, ExecResult } from '../kernel/context.ts';
import { retry } from '../kernel/retry.ts';
import { type GitOptions, git } from './git.ts';

/** Milliseconds for a whole history. */
const longest = 300_000;

/**
 * Fetches commits alone, without what is before them: CI clones are shallow. Not alone they come with all of it. Gives the reason where they are not to be
 * had. A network may fail once; what is not there stays away.
 *
 * @param commits - object names
 * @param options - variables for git, such as what it shows the server
 */
export async function fetchCommits(
  context: Context,
  directory: string,
  commits: readonly string[],
  { env, alone = true }: Pick<GitOptions, 'env'> & { readonly alone?: boolean } = {},
): Promise<string | undefined> {
  const options = [
    ...(alone ? ['--depth=1'] : []),
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    '--quiet',
  ];
  const fetchOnce = async () => {
    const fetched = await git(context, directory, ['fetch', ...options, 'origin', ...commits], {
      ...(env === undefined ? {} : { env }),
      ...(alone ? {} : { timeout: longest }),
    });
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

/** What git said, in a line. */
export function reasonOf(result: ExecResult): string {
  return result.timedOut ? 'git took too long' : (result.stderr.trim().split('\n')[0] ?? '');
}
