import { mergeMergeRequest } from '../review/merge.ts';
import { readMergeability } from '../review/mergeability.ts';
import { mayMerge } from '../review/rights.ts';
import { latestVersion } from '../review/versions.ts';
import { conflict, Refusal, unauthorized } from '../server/reply.ts';
import type { ProjectCall } from '../server/types.ts';
import type { MergeRequest } from '../world/review.ts';
import { userOf } from './find-in-call.ts';
import { mergeRequestOf } from './find-issuable.ts';
import { flagOf, textOf } from './given.ts';

/** Merges: 401 without the right, 405 where it may not be now, 422 where git cannot, 409 for another head than was seen. */
export async function accept(call: ProjectCall): Promise<MergeRequest> {
  const { twin, project } = call;
  const mergeRequest = mergeRequestOf(call);
  const user = userOf(call);
  const sent = call.body;
  if (!mayMerge(user, project, mergeRequest)) throw unauthorized();
  const { status } = await readMergeability(twin, project, mergeRequest);
  const waits = flagOf(sent.auto_merge) ?? flagOf(sent.merge_when_pipeline_succeeds) ?? false;
  if (waits && status === 'ci_still_running')
    throw new Refusal(501, { error: '501 Not Implemented', message: 'the twin does not model auto-merge' });
  if (status === 'conflict' || status === 'need_rebase') throw unmergeable();
  if (status !== 'mergeable') throw new Refusal(405, { message: '405 Method Not Allowed' });
  const head = latestVersion(mergeRequest)?.headSha;
  const seen = textOf(sent.sha);
  if (seen !== undefined && seen !== head)
    throw conflict(`SHA does not match HEAD of source branch: ${head}`);
  const merged = await mergeMergeRequest(twin, project, mergeRequest, user, {
    message: textOf(sent.merge_commit_message),
    squash: flagOf(sent.squash),
    squashMessage: textOf(sent.squash_commit_message),
    removeSourceBranch: flagOf(sent.should_remove_source_branch),
  });
  if (!merged) throw unmergeable();
  return mergeRequest;
}

function unmergeable(): Refusal {
  return new Refusal(422, { message: 'Branch cannot be merged' });
}
