import { git } from '../../git/git.ts';
import type { Context } from '../../kernel/context.ts';
import { twinErrors } from '../errors.ts';

/** Where a user's repository keeps what is its own. */
export interface ObjectSource {
  readonly format: string;
  readonly objects: string;
  /** File that ends a shallow history; it may not exist. */
  readonly shallow: string;
  readonly index: string;
  /** File of what is ignored here and nowhere else. */
  readonly excludes: string;
}

/** @throws TWIN_GIT */
export async function readObjectSource(context: Context, root: string): Promise<ObjectSource> {
  const places = ['objects', 'shallow', 'index', 'info/exclude'].flatMap((name) => ['--git-path', name]);
  const args = ['rev-parse', '--path-format=absolute', '--show-object-format', ...places];
  const lines = (await askSource(context, root, ...args)).split('\n');
  const [format = '', objects = '', shallow = '', index = '', excludes = '', ...rest] = lines;
  // Nor could `objects/info/alternates` name it, which has a folder a line.
  if (rest.length !== 1)
    throw twinErrors.GIT({
      command: 'rev-parse',
      reason: `the path of its objects has a line break: ${JSON.stringify(root)}`,
    });
  return { format, objects, shallow, index, excludes };
}

/** Git's output in a user's repository. @throws TWIN_GIT */
export async function askSource(context: Context, root: string, ...args: string[]): Promise<string> {
  return outputOf(args, await git(context, root, args));
}

/** @throws TWIN_GIT where git has failed */
export function outputOf(
  args: readonly string[],
  result: { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string },
): string {
  if (result.exitCode === 0) return result.stdout;
  const reason = result.stderr.trim().split('\n')[0] ?? '';
  throw twinErrors.GIT({
    command: args[0] ?? '',
    reason: reason === '' ? `exit code ${result.exitCode}` : reason,
  });
}
