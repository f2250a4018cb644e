import type { ProjectCall } from '../server/types.ts';
import type { MergeRequest } from '../world/review.ts';
import { commitOf } from './code.ts';
import { textOf } from './given.ts';
import { mergeRequestBasicJson } from './json/merge-request.ts';

/** Merge requests that brought a commit, or would. Source: docs.gitlab.com/api/commits */
export async function listMergeRequestsOfCommit(call: ProjectCall): Promise<readonly unknown[]> {
  const { twin, project, actor, query } = call;
  const sha = await commitOf(call, call.params.sha);
  const state = textOf(query.state);
  const found: MergeRequest[] = [];
  for (const mergeRequest of project.mergeRequests.values()) {
    if (state !== undefined && mergeRequest.state !== state) continue;
    if (await brings(call, mergeRequest, sha)) found.push(mergeRequest);
  }
  const viewing = { project, viewer: actor?.user };
  return Promise.all(found.map((mergeRequest) => mergeRequestBasicJson(twin, mergeRequest, viewing)));
}

async function brings(
  { twin, project }: ProjectCall,
  mergeRequest: MergeRequest,
  sha: string,
): Promise<boolean> {
  if (mergeRequest.mergeCommitSha === sha) return true;
  const version = mergeRequest.versions.at(-1);
  if (version === undefined) return false;
  const range = { from: version.headSha, without: version.baseSha };
  return (await twin.repositories.log(project, range)).some((commit) => commit.sha === sha);
}
