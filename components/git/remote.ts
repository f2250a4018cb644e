import type { Context } from '../kernel/context.ts';
import { errors } from './errors.ts';
import { fetchCommits, reasonOf } from './fetch-commits.ts';
import { git } from './git.ts';

/** Where a repository lies on a server, and what is shown to it. */
export interface Remote {
  /** Of the server, which alone is shown the token. */
  readonly server: string;
  /** Full path of the project. */
  readonly project: string;
  readonly token: string;
}

/**
 * Makes an empty repository in a folder and fetches commits into it; `alone` without what is before them. Nothing is
 * checked out, and the token is in no argument and no file.
 * @throws GIT_NO_REPOSITORY, GIT_COMMIT_MISSING
 */
export async function fetchInto(
  context: Context,
  folder: string,
  remote: Remote,
  { commits, alone = true }: { readonly commits: readonly [string, ...string[]]; readonly alone?: boolean },
): Promise<void> {
  await context.fs.mkdir(folder);
  for (const args of [
    ['init', '--quiet', '--template='],
    ['config', '--local', 'remote.origin.url', urlOf(remote)],
  ]) {
    const done = await git(context, folder, args);
    if (done.exitCode !== 0) throw errors.NO_REPOSITORY({ folder, reason: reasonOf(done) });
  }
  const reason = await fetchCommits(context, folder, commits, { env: showing(remote), alone });
  if (reason !== undefined)
    throw errors.COMMIT_MISSING({ commit: commits[0], reason: context.redact(reason) });
}

export function urlOf({ server, project }: Pick<Remote, 'server' | 'project'>): string {
  return `${server.replace(/\/+$/, '')}/${project}.git`;
}

/** Settings of one call of git, from its environment: git-config(1), GIT_CONFIG_COUNT. */
export function showing({ server, token }: Pick<Remote, 'server' | 'token'>): Record<string, string> {
  const basic = Buffer.from(`oauth2:${token}`).toString('base64');
  const entries = [
    [`http.${server}/.extraHeader`, `Authorization: Basic ${basic}`],
    // Another host would be shown the header, too.
    ['http.followRedirects', 'false'],
  ];
  const pairs = entries.flatMap(([key = '', value = ''], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(entries.length), ...Object.fromEntries(pairs) };
}
