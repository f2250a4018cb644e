import { createExec } from '../../wire/exec.ts';
import { releaseErrors } from './errors.ts';

/** Runs git and gives its standard output; another exit code than 0 is an error that quotes git. */
export type Git = (...args: readonly string[]) => Promise<string>;

export function createGit(cwd: string, env: NodeJS.ProcessEnv, cancel: AbortSignal): Git {
  const exec = createExec(cancel);
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return async (...args) => {
    const result = await exec('git', args, { cwd, env: Object.fromEntries(given) });
    if (result.exitCode === 0) return result.stdout;
    const reason = (result.stderr.trim() || result.stdout.trim()).replaceAll('\n', '\n  ');
    throw releaseErrors.GIT_FAILED({
      command: `git ${args[0]}`,
      reason: reason || `exit code ${result.exitCode}`,
    });
  };
}

/** Gives what git prints as lines. */
export async function readLines(git: Git, ...args: readonly string[]): Promise<string[]> {
  return (await git(...args)).split('\n').filter((line) => line !== '');
}

/** The content of a file in a commit; undefined where the commit has no such file. */
export async function readAt(git: Git, commit: string, path: string): Promise<string | undefined> {
  const [found] = await readLines(git, 'ls-tree', '--full-tree', '--name-only', commit, '--', path);
  return found === undefined ? undefined : git('show', `${commit}:${path}`);
}
