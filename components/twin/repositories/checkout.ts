import { git } from '../../git/git.ts';
import type { Context, ExecResult } from '../../kernel/context.ts';
import { twinErrors } from '../errors.ts';

/** What git says about a folder of a user. */
export interface Checkout {
  /** Root of the working tree; a GitLab project is a whole repository. */
  readonly root: string;
  /** Undefined before the first commit. */
  readonly head: string | undefined;
  /** Undefined where HEAD is detached. */
  readonly branch: string | undefined;
  readonly defaultBranch: string;
  /** Host (with port) and path of the remote `origin`, when it looks like a GitLab project. */
  readonly origin: { readonly host: string; readonly path: string } | undefined;
}

/** Reads where a folder stands. @throws TWIN_NO_REPOSITORY */
export async function readCheckout(context: Context, folder: string): Promise<Checkout> {
  const top = await readTop(context, folder);
  if (top.exitCode === 0) return checkoutAt(context, top);
  throw twinErrors.NO_REPOSITORY({ folder, reason: top.stderr.trim().split('\n')[0] ?? '' });
}

/** Undefined where git knows no repository. */
export async function findCheckout(context: Context, folder: string): Promise<Checkout | undefined> {
  const top = await readTop(context, folder);
  return top.exitCode === 0 ? checkoutAt(context, top) : undefined;
}

function readTop(context: Context, folder: string): Promise<ExecResult> {
  return git(context, folder, ['rev-parse', '--show-toplevel']);
}

async function checkoutAt(context: Context, top: ExecResult): Promise<Checkout> {
  const root = top.stdout.replace(/\n$/, '');
  const ask = async (...args: string[]): Promise<string | undefined> => {
    const answer = await git(context, root, args);
    return answer.exitCode === 0 ? answer.stdout.trim() : undefined;
  };
  const well = ['refs/heads/main', 'refs/heads/master', 'refs/remotes/origin/HEAD'];
  const [head, branch, url, listed = ''] = await Promise.all([
    ask('rev-parse', '--verify', '--quiet', 'HEAD^{commit}'),
    ask('symbolic-ref', '--quiet', '--short', 'HEAD'),
    ask('config', '--get', 'remote.origin.url'),
    ask('for-each-ref', '--format=%(refname) %(symref)', ...well),
  ]);
  const known = new Map(listed.split('\n').map((line) => line.split(' ') as [string, string]));
  const remoteHead = known.get('refs/remotes/origin/HEAD')?.replace(/^refs\/remotes\/origin\//, '');
  const named = known.has('refs/heads/master') ? 'master' : branch;
  const defaultBranch = remoteHead || (known.has('refs/heads/main') ? 'main' : (named ?? 'main'));
  return { root, head, branch, defaultBranch, origin: parseRemote(url ?? '') };
}

/** Host and project path of a remote URL: `https://host/path.git`, `ssh://git@host:22/path` or `git@host:path`. */
export function parseRemote(url: string): Checkout['origin'] {
  const form =
    /^https?:\/\/(?:[^@/]+@)?(?<host>[^/]+)\/(?<path>.+)$/.exec(url) ??
    /^ssh:\/\/(?:[^@/]+@)?(?<host>[^/:]+)(?::\d+)?\/(?<path>.+)$/.exec(url) ??
    /^[^@/\s]+@(?<host>[^:/]+):(?<path>[^/].*)$/.exec(url);
  const host = form?.groups?.host;
  const path = form?.groups?.path?.replace(/\/+$/, '').replace(/\.git$/, '');
  if (host === undefined || path === undefined || !isProjectPath(path)) return undefined;
  return { host, path };
}

/** GitLab's form of a project path: at least one group, and no part that could lead elsewhere. */
export function isProjectPath(path: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/.test(path);
}
