import { relative, resolve, sep } from 'node:path';
import { errors as gitErrors } from '../../components/git/errors.ts';
import { reasonOf } from '../../components/git/fetch-commits.ts';
import { git } from '../../components/git/git.ts';
import { openRepository } from '../../components/git/objects.ts';
import { readCiContext, runsInGitLab } from '../../components/gitlab/ci-context.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { Failure } from '../../components/kernel/failure.ts';
import { readTextFile } from '../../components/kernel/files.ts';
import { defaultYamlLimits } from '../../components/kernel/yaml-limits.ts';
import { errors } from '../../components/session/errors.ts';
import type { SessionTarget } from '../../components/session/types.ts';
import type { RunPlace } from './run-place.ts';
import { toolsOfCheckout } from './tool-places.ts';

/**
 * This checkout as the place of a session: manifest and scripts are its files; what an agent reads are the commits of
 * the merge request, or those of HEAD that the default branch has not.
 * @throws SESSION_MANIFEST_OUTSIDE, SESSION_BASE_UNKNOWN, FILE_…, GIT_…
 */
export async function openCheckout(context: Context, file: string): Promise<RunPlace> {
  const { top, target } = await findCommits(context);
  const real = await context.fs.realpath(resolve(context.cwd, file)).catch(() => resolve(context.cwd, file));
  const path = relative(top, real).split(sep).join('/');
  if (path === '' || path.startsWith('../')) throw errors.MANIFEST_OUTSIDE({ file });
  const maxBytes = defaultYamlLimits.manifest.bytes;
  const text = await readTextFile(context, real, { maxBytes, shown: file });
  const repository = await openRepository(context, top, target);
  return {
    manifest: { path, text },
    target,
    repository,
    tools: toolsOfCheckout(context, repository),
    title: undefined,
    checkout: async () => top,
    ask: undefined,
    close: async () => undefined,
    deadline: runsInGitLab(context.env) ? requireCi(context, 'job').job.deadline : undefined,
  };
}

/** A checkout, and the commits that a command is about. */
export interface FoundCommits {
  /** Folder of the checkout, and the one git keeps its objects in. */
  readonly top: string;
  readonly gitFolder: string;
  readonly target: SessionTarget;
}

/**
 * The top of this checkout and the commits it is about: those of the merge request, or those of HEAD that the default
 * branch has not. Each call of git costs a job three milliseconds. @throws SESSION_BASE_UNKNOWN, GIT_NO_REPOSITORY
 */
export async function findCommits(context: Context): Promise<FoundCommits> {
  const found = await git(context, context.cwd, [
    'rev-parse',
    ...['--show-toplevel', '--absolute-git-dir', '--verify', '--quiet', 'HEAD^{commit}'],
  ]);
  const [top = '', gitFolder = '', head = ''] = found.stdout.split('\n');
  const refuse = (reason: string) => gitErrors.NO_REPOSITORY({ folder: '.', reason });
  if (top === '' || gitFolder === '') throw refuse(reasonOf(found));
  return { top, gitFolder, target: await findTarget(context, head, refuse) };
}

async function findTarget(
  context: Context,
  head: string,
  refuse: (reason: string) => Failure,
): Promise<SessionTarget> {
  if (readCiContext(context.env).mergeRequest !== undefined) {
    const { mergeRequest } = requireCi(context, 'mergeRequest');
    const { iid, target, source, diffBaseSha } = mergeRequest;
    if (diffBaseSha === undefined) throw errors.BASE_UNKNOWN({ iid });
    return { base: diffBaseSha, head: source.sha, mergeRequest: { project: target.projectId, iid } };
  }
  if (head === '') throw refuse('it has no commit yet');
  for (const branch of defaultBranches(context)) {
    const { exitCode, stdout } = await git(context, context.cwd, ['merge-base', '--', branch, head]);
    if (exitCode === 0) return { base: stdout.trim(), head, mergeRequest: undefined };
  }
  context.log.warning(
    'this clone does not hold the default branch, so nothing counts as changed; GIT_DEPTH: 0 lets the job fetch it',
  );
  return { base: head, head, mergeRequest: undefined };
}

function defaultBranches(context: Context): readonly string[] {
  if (!runsInGitLab(context.env)) return ['refs/remotes/origin/HEAD', 'refs/heads/main', 'refs/heads/master'];
  const { defaultBranch } = requireCi(context, 'project').project;
  return [`refs/remotes/origin/${defaultBranch}`, `refs/heads/${defaultBranch}`];
}
