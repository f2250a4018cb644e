import { relative, resolve, sep } from 'node:path';
import { type ChangedFiles, changedFiles } from '../../components/git/changed-files.ts';
import type { CiContext } from '../../components/gitlab/ci-context.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { Scope } from '../../components/manifest/gate.ts';

/**
 * In a merge request only what it changes counts; where that cannot be known, everything does. A file is known
 * by its name and by what the name leads to, and one that git does not keep (made by a job, in a submodule,
 * outside) always counts.
 */
export async function findScope(context: Context, ci: CiContext, files: readonly string[]): Promise<Scope> {
  if (ci.mergeRequest === undefined) return { kind: 'all' };
  const { diffBaseSha, headSha } = ci.mergeRequest;
  if (diffBaseSha === undefined) return everything(context, 'it has no diff base');
  const known = await changedFiles(context, context.cwd, diffBaseSha, headSha);
  if (!known.known) return everything(context, known.reason);
  const counts = await Promise.all(files.map((file) => isChanged(context, known, file)));
  return { kind: 'changed', files: new Set(files.filter((_, index) => counts[index])) };
}

async function isChanged(
  context: Context,
  { top, changed, tracked }: Extract<ChangedFiles, { known: true }>,
  file: string,
): Promise<boolean> {
  const place = resolve(context.cwd, file);
  const real = await context.fs.realpath(place).catch(() => place);
  const names = [place, real].map((path) => relative(top, path).split(sep).join('/'));
  return names.some((name) => changed.has(name)) || !tracked.has(names[1] ?? '');
}

function everything(context: Context, reason: string): Scope {
  context.log.warning(`what the merge request changes is unknown, so all manifests count: ${reason}`);
  return { kind: 'all', reason };
}
