import { getCommit } from '../gitlab/endpoints/commits.ts';
import { unlessMissing } from '../gitlab/endpoints/define.ts';
import type { Pipeline } from '../gitlab/endpoints/pipeline.ts';
import type { GitLab } from '../gitlab/types.ts';

/** What a merge request's pipeline is of: its head alone, or a merge of that and the target branch as it was then. */
export type PipelineCommit =
  | { readonly ok: true; readonly targetHead: string | undefined }
  | { readonly ok: false; readonly reason: string };

type Listed = Pick<Pipeline, 'projectId' | 'sha' | 'ref' | 'source'>;

/**
 * Binds a pipeline to the head of its merge request. One of merged results is of a commit that GitLab made: its parents must be
 * the head and one commit of the target branch, and are asked of GitLab. A merge train's is bound to nothing, since what it
 * merges depends on the merge requests before it.
 */
export async function bindPipeline(
  gitlab: GitLab,
  listed: Listed,
  of: { readonly iid: number; readonly head: string },
): Promise<PipelineCommit> {
  if (isOfTrain(listed, of.iid))
    return refused(
      "it is a pipeline of a merge train, which only checks what is about to be merged: give the merge request's own",
    );
  if (listed.sha === of.head) return { ok: true, targetHead: undefined };
  const merged = isOfMergedResults(listed, of.iid)
    ? await unlessMissing(askCommit(gitlab, listed))
    : undefined;
  const targetHead = merged && otherParent(merged.parentIds, of.head);
  if (targetHead !== undefined) return { ok: true, targetHead };
  return refused('the pipeline is of another commit than the present head: a newer pipeline will ask again');
}

/** Of exactly two parents the one that is not the head; undefined where that is none of them. */
export function otherParent(parents: readonly string[], head: string): string | undefined {
  const [first, second] = parents;
  if (parents.length !== 2 || first === second) return undefined;
  if (second === head) return first;
  return first === head ? second : undefined;
}

function askCommit(gitlab: GitLab, { projectId: project, sha }: Listed) {
  return getCommit(gitlab, { project, sha });
}

/** A branch may be called so too, but its pipelines are no merge request's. */
export function isOfMergedResults({ ref, source }: Listed, iid: number): boolean {
  return source === 'merge_request_event' && ref === `refs/merge-requests/${iid}/merge`;
}

function isOfTrain({ ref }: Pick<Listed, 'ref'>, iid: number): boolean {
  return ref === `refs/merge-requests/${iid}/train`;
}

function refused(reason: string): PipelineCommit {
  return { ok: false, reason };
}
