import type { Push, Twin } from '../ports.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import { addBarePipeline } from './bare-pipeline.ts';
import { createMergeRequestPipeline } from './head-pipeline.ts';
import type { PushOptions } from './push-options.ts';
import { headRef } from './versions.ts';

const skipMark = /\[(?:ci[ _-]skip|skip[ _-]ci)\]/i;

/**
 * Makes the pipelines of a push: the branch's or tag's, then those of the merge requests it changed. A commit that says
 * `[ci skip]` gets skipped ones; the option `ci.skip` skips the branch's alone. Source: docs.gitlab.com/ci/pipelines,
 * "Skip a pipeline".
 */
export async function runPushPipelines(
  twin: Twin,
  project: Project,
  push: Push,
  user: User,
  options: PushOptions,
  mergeRequests: readonly MergeRequest[],
): Promise<void> {
  const sha = await twin.repositories.resolve(project, push.ref);
  // An annotated tag stands for a commit, and a branch may have moved on or gone meanwhile.
  const commit = await twin.repositories.commit(project, sha ?? push.after);
  if (commit === undefined) return;
  const saysSkip = skipMark.test(commit.message);
  await runRefPipeline(twin, project, { ...push, after: commit.sha }, user, options, saysSkip);
  for (const mergeRequest of mergeRequests) {
    if (saysSkip) skipMergeRequest(twin, mergeRequest, commit.sha, user);
    else await createMergeRequestPipeline(twin, mergeRequest, user, options.variables);
  }
}

async function runRefPipeline(
  twin: Twin,
  project: Project,
  { ref: fullRef, before: beforeSha, after: sha }: Push,
  user: User,
  { skipPipeline, variables }: PushOptions,
  saysSkip: boolean,
): Promise<void> {
  const tag = fullRef.startsWith('refs/tags/');
  const ref = fullRef.replace(/^refs\/(?:heads|tags)\//, '');
  const request = { project, ref, sha, beforeSha, source: 'push', user, variables } as const;
  if (saysSkip || skipPipeline) addBarePipeline(twin.world, { ...request, tag, status: 'skipped' });
  // A pipeline that the rules left nothing of is none, and what is wrong with a configuration its own pipeline says.
  else await twin.pipelines.create(request);
}

function skipMergeRequest({ world }: Twin, mergeRequest: MergeRequest, sha: string, user: User): void {
  const project = world.projects.get(mergeRequest.sourceProjectId);
  if (project === undefined) return;
  const { projectId, iid } = mergeRequest;
  addBarePipeline(world, {
    ...{ project, ref: headRef(mergeRequest), tag: false, sha, user, status: 'skipped' },
    ...{ beforeSha: '0'.repeat(sha.length), source: 'merge_request_event', mergeRequest: { projectId, iid } },
  });
}
