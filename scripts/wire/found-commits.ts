import { errors as decideErrors } from '../../components/decide/errors.ts';
import { errors as gitErrors } from '../../components/git/errors.ts';
import { reasonOf } from '../../components/git/fetch-commits.ts';
import { git } from '../../components/git/git.ts';
import { readCiContext, runsInGitLab } from '../../components/gitlab/ci-context.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { Failure } from '../../components/kernel/failure.ts';
import { errors } from '../../components/session/errors.ts';
import type { SessionTarget } from '../../components/session/types.ts';

/** A checkout, and the commits that a command is about. */
export interface FoundCommits {
  /** Folder of the checkout, and the one git keeps its objects in. */
  readonly top: string;
  readonly gitFolder: string;
  readonly target: SessionTarget;
  /** In a pipeline of merged results the commit of the target branch that the head was merged with. */
  readonly targetHead: string | undefined;
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
  return { top, gitFolder, ...(await findTarget(context, head, refuse)) };
}

async function findTarget(
  context: Context,
  head: string,
  refuse: (reason: string) => Failure,
): Promise<Pick<FoundCommits, 'target' | 'targetHead'>> {
  if (readCiContext(context.env).mergeRequest !== undefined) {
    const { mergeRequest } = requireCi(context, 'mergeRequest');
    const { iid, event, target, source, diffBaseSha } = mergeRequest;
    if (diffBaseSha === undefined) throw errors.BASE_UNKNOWN({ iid });
    const targetHead = event === 'merged_result' ? target.sha : undefined;
    if (targetHead !== undefined) await assertMerged(context, [targetHead, source.sha]);
    const commits = { base: diffBaseSha, head: source.sha };
    return { target: { ...commits, mergeRequest: { project: target.projectId, iid } }, targetHead };
  }
  if (head === '') throw refuse('it has no commit yet');
  for (const branch of defaultBranches(context)) {
    const { exitCode, stdout } = await git(context, context.cwd, ['merge-base', '--', branch, head]);
    if (exitCode === 0) return onBranch(stdout.trim(), head);
  }
  context.log.warning(
    'this clone does not hold the default branch, so nothing counts as changed; GIT_DEPTH: 0 lets the job fetch it',
  );
  return onBranch(head, head);
}

function onBranch(base: string, head: string) {
  return { target: { base, head, mergeRequest: undefined }, targetHead: undefined };
}

/**
 * In a pipeline of merged results the checkout must be the merge of the two commits that GitLab names: read from the commit
 * itself, since a shallow clone cuts parents off. @throws DECIDE_NOT_MERGED
 */
async function assertMerged(context: Context, expected: readonly string[]): Promise<void> {
  const { stdout } = await git(context, context.cwd, ['cat-file', 'commit', 'HEAD']);
  const [header = ''] = stdout.split('\n\n', 1);
  const parents = [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, sha = '']) => sha);
  const isIt = parents.length === 2 && expected.every((sha) => parents.includes(sha));
  if (!isIt) throw decideErrors.NOT_MERGED({ expected: expected.join(' '), got: parents.join(' ') });
}

function defaultBranches(context: Context): readonly string[] {
  if (!runsInGitLab(context.env)) return ['refs/remotes/origin/HEAD', 'refs/heads/main', 'refs/heads/master'];
  const { defaultBranch } = requireCi(context, 'project').project;
  return [`refs/remotes/origin/${defaultBranch}`, `refs/heads/${defaultBranch}`];
}
