import { changedFiles } from '../../components/git/changed-files.ts';
import type { CiContext } from '../../components/gitlab/ci-context.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { Scope } from '../../components/manifest/gate.ts';

/** In a merge request only what it changes counts; where that cannot be known, everything does. */
export async function findScope(context: Context, ci: CiContext): Promise<Scope> {
  if (ci.mergeRequest === undefined) return { kind: 'all' };
  const { diffBaseSha, headSha } = ci.mergeRequest;
  if (diffBaseSha === undefined) return everything(context, 'it has no diff base');
  const changed = await changedFiles(context, context.cwd, diffBaseSha, headSha);
  return changed.known ? { kind: 'changed', files: changed.files } : everything(context, changed.reason);
}

function everything(context: Context, reason: string): Scope {
  context.log.warning(`what the merge request changes is unknown, so all manifests count: ${reason}`);
  return { kind: 'all', reason };
}
