import { git } from '../../git/git.ts';
import type { Context } from '../../kernel/context.ts';
import { twinErrors } from '../errors.ts';

/** Where a user's repository keeps its objects. */
export interface ObjectSource {
  readonly objects: string;
  /** File that ends a shallow history; it may not exist. */
  readonly shallow: string;
  readonly format: string;
}

/** @throws TWIN_GIT */
export async function readObjectSource(context: Context, root: string): Promise<ObjectSource> {
  const [objects, shallow, format] = await Promise.all([
    askSource(context, root, 'rev-parse', '--path-format=absolute', '--git-path', 'objects'),
    askSource(context, root, 'rev-parse', '--path-format=absolute', '--git-path', 'shallow'),
    askSource(context, root, 'rev-parse', '--show-object-format'),
  ]);
  return { objects: withoutEnd(objects), shallow: withoutEnd(shallow), format: format.trim() };
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

function withoutEnd(text: string): string {
  return text.replace(/\n$/, '');
}
