import { join, relative, resolve, sep } from 'node:path';
import { readPolicyFiles } from '../../components/decide/commit-files.ts';
import { errors as decideErrors } from '../../components/decide/errors.ts';
import { errors as gitErrors } from '../../components/git/errors.ts';
import { reasonOf } from '../../components/git/fetch-commits.ts';
import { openFolders } from '../../components/git/folder-files.ts';
import { git } from '../../components/git/git.ts';
import { openRepository } from '../../components/git/objects.ts';
import { readCiContext, runsInGitLab } from '../../components/gitlab/ci-context.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { Failure } from '../../components/kernel/failure.ts';
import { readTextFile } from '../../components/kernel/files.ts';
import { once } from '../../components/kernel/once.ts';
import { defaultYamlLimits } from '../../components/kernel/yaml-limits.ts';
import { readDefaultLevel } from '../../components/policy/default.ts';
import { errors } from '../../components/session/errors.ts';
import type { SessionTarget } from '../../components/session/types.ts';
import type { RunPlace } from './run-place.ts';
import { assertSteering } from './run-steering.ts';
import { statedBy } from './stated-inputs.ts';
import { surroundingsOf } from './surroundings.ts';
import { toolsOfCheckout } from './tool-places.ts';

/**
 * This checkout as the place of a session: manifest and scripts are its files; what an agent reads are the commits of
 * the merge request, or those of HEAD that the default branch has not.
 * @throws SESSION_MANIFEST_OUTSIDE, SESSION_BASE_UNKNOWN, SESSION_CHANGED_WITH_SECRET, FILE_…, GIT_…
 */
export async function openCheckout(context: Context, file: string): Promise<RunPlace> {
  const commits = await findCommits(context);
  const { top, gitFolder, target } = commits;
  const real = await context.fs.realpath(resolve(context.cwd, file)).catch(() => resolve(context.cwd, file));
  const path = relative(top, real).split(sep).join('/');
  if (path === '' || path.startsWith('../')) throw errors.MANIFEST_OUTSIDE({ file });
  const maxBytes = defaultYamlLimits.manifest.bytes;
  const text = await readTextFile(context, real, { maxBytes, shown: file });
  const isHeld = await assertSteering(context, { ...commits, file, path, text });
  const repository = await openRepository(context, top, target);
  // A program of the merge request would use the secret as well as its manifest; of its target branch it reads data only.
  const ofTarget = createTree(context, top, commits.targetHead ?? target.base);
  return {
    manifest: { path, text },
    target,
    repository,
    tools: toolsOfCheckout(context, repository),
    title: undefined,
    checkout: async () => top,
    programs: isHeld ? ofTarget.open : async () => top,
    isDecided: false,
    ask: async ({ policies, ...stated }) => {
      // As of the gate: on a branch its own policies count, else those of the commit that the changes begin at.
      const isOnBranch = runsInGitLab(context.env) && readCiContext(context.env).mergeRequest === undefined;
      const commit = isOnBranch ? target.head : target.base;
      const [[files], { openSteps }] = await Promise.all([
        openFolders(context, top, [commit], [policies, path], gitFolder),
        import('../../components/decide/allow-run.ts'),
        readDefaultLevel(),
      ]);
      return openSteps(context.clock, {
        manifest: { path, text, changed: (await files.read(path)) !== text },
        ...{ organisation: [], pulled: [], policies: await readPolicyFiles(files, policies) },
        around: { ...surroundingsOf(context), ...statedBy(stated) },
      });
    },
    close: ofTarget.close,
    deadline: runsInGitLab(context.env) ? requireCi(context, 'job').job.deadline : undefined,
  };
}

/** The files of a commit in a folder of their own, made when they are asked for. */
function createTree(context: Context, top: string, commit: string) {
  let folder: string | undefined;
  return {
    open: once(async () => {
      const { materialise } = await import('../../components/git/materialise.ts');
      folder = await context.fs.mkdtemp(join(context.env.TMPDIR ?? '/tmp', 'pipewright-run-'));
      const tree = join(folder, 'tree');
      await context.fs.mkdir(tree);
      await materialise(context, top, commit, tree);
      return tree;
    }),
    close: async () => {
      if (folder !== undefined) await context.fs.rm(folder, { recursive: true, force: true });
    },
  };
}

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
