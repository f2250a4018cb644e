import { relative, resolve, sep } from 'node:path';
import { errors as gitErrors } from '../../components/git/errors.ts';
import { reasonOf } from '../../components/git/fetch-commits.ts';
import { git } from '../../components/git/git.ts';
import { openRepository } from '../../components/git/objects.ts';
import { readCiContext, runsInGitLab } from '../../components/gitlab/ci-context.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import type { Context } from '../../components/kernel/context.ts';
import { readTextFile } from '../../components/kernel/files.ts';
import { defaultYamlLimits } from '../../components/kernel/yaml.ts';
import { errors } from '../../components/session/errors.ts';
import type { SessionTarget } from '../../components/session/types.ts';
import type { RunPlace } from './run-place.ts';

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
  return {
    manifest: { path, text },
    target,
    repository: await openRepository(context, top, target),
    title: undefined,
    checkout: async () => top,
    ask: undefined,
    close: async () => undefined,
    deadline: runsInGitLab(context.env) ? requireCi(context, 'job').job.deadline : undefined,
  };
}

/**
 * The top of this checkout and the commits it is about: those of the merge request, or those of HEAD that the default
 * branch has not. @throws SESSION_BASE_UNKNOWN, GIT_NO_REPOSITORY
 */
export async function findCommits(
  context: Context,
): Promise<{ readonly top: string; readonly target: SessionTarget }> {
  const [top, target] = await Promise.allSettled([
    ask(context, ['rev-parse', '--show-toplevel']),
    findTarget(context),
  ]);
  if (top.status === 'rejected') throw top.reason;
  if (!top.value.ok) throw gitErrors.NO_REPOSITORY({ folder: '.', reason: top.value.reason });
  if (target.status === 'rejected') throw target.reason;
  return { top: top.value.text, target: target.value };
}

async function findTarget(context: Context): Promise<SessionTarget> {
  if (readCiContext(context.env).mergeRequest !== undefined) {
    const { mergeRequest } = requireCi(context, 'mergeRequest');
    const { iid, target, source, diffBaseSha } = mergeRequest;
    if (diffBaseSha === undefined) throw errors.BASE_UNKNOWN({ iid });
    return { base: diffBaseSha, head: source.sha, mergeRequest: { project: target.projectId, iid } };
  }
  const head = await ask(context, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (!head.ok) throw gitErrors.NO_REPOSITORY({ folder: '.', reason: 'it has no commit yet' });
  for (const branch of defaultBranches(context)) {
    const base = await ask(context, ['merge-base', '--', branch, head.text]);
    if (base.ok) return { base: base.text, head: head.text, mergeRequest: undefined };
  }
  context.log.warning(
    'this clone does not hold the default branch, so nothing counts as changed; GIT_DEPTH: 0 lets the job fetch it',
  );
  return { base: head.text, head: head.text, mergeRequest: undefined };
}

function defaultBranches(context: Context): readonly string[] {
  if (!runsInGitLab(context.env)) return ['refs/remotes/origin/HEAD', 'refs/heads/main', 'refs/heads/master'];
  const { defaultBranch } = requireCi(context, 'project').project;
  return [`refs/remotes/origin/${defaultBranch}`, `refs/heads/${defaultBranch}`];
}

type Answer = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

async function ask(context: Context, args: readonly string[]): Promise<Answer> {
  const result = await git(context, context.cwd, args);
  if (result.exitCode === 0) return { ok: true, text: result.stdout.replace(/\n$/, '') };
  return { ok: false, reason: reasonOf(result) };
}
