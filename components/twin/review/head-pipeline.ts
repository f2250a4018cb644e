import type { Twin } from '../ports.ts';
import type { User } from '../world/people.ts';
import type { GivenVariable, Pipeline } from '../world/pipeline.ts';
import type { MergeRequest } from '../world/review.ts';
import type { World } from '../world/world.ts';
import { headRef, latestVersion } from './versions.ts';

/**
 * The pipelines of a merge request, newest first: its own, and those its source branch had for its commits. Source:
 * docs.gitlab.com/api/merge_requests, "List merge request pipelines".
 */
export function pipelinesOf(world: World, mergeRequest: MergeRequest): Pipeline[] {
  const shas = new Set(mergeRequest.versions.map(({ headSha }) => headSha));
  return [...world.pipelines.values()]
    .filter((pipeline) => isOwn(pipeline, mergeRequest) || isOfBranch(pipeline, mergeRequest, shas))
    .sort((a, b) => b.id - a.id);
}

/** The pipeline that decides: of the head commit, those of the merge request before those of its branch. */
export function headPipeline(world: World, mergeRequest: MergeRequest): Pipeline | undefined {
  const sha = latestVersion(mergeRequest)?.headSha;
  const ofHead = pipelinesOf(world, mergeRequest).filter((pipeline) => pipeline.sha === sha);
  return ofHead.find((pipeline) => isOwn(pipeline, mergeRequest)) ?? ofHead[0];
}

function isOwn({ mergeRequest }: Pipeline, { projectId, iid }: MergeRequest): boolean {
  return mergeRequest?.projectId === projectId && mergeRequest.iid === iid;
}

function isOfBranch(pipeline: Pipeline, mergeRequest: MergeRequest, shas: ReadonlySet<string>): boolean {
  const isThere =
    pipeline.projectId === mergeRequest.sourceProjectId && pipeline.ref === mergeRequest.sourceBranch;
  // A child's outcome is part of its parent's.
  return isThere && !pipeline.tag && pipeline.source !== 'parent_pipeline' && shas.has(pipeline.sha);
}

/**
 * Makes a merge request pipeline, in the project the branch is in: a fork's runs there, without secrets of the target.
 * Source: docs.gitlab.com/ci/pipelines/merge_request_pipelines, "Use with forked projects".
 */
export async function createMergeRequestPipeline(
  twin: Twin,
  mergeRequest: MergeRequest,
  user: User,
  variables: readonly GivenVariable[] = [],
): ReturnType<Twin['pipelines']['create']> {
  const project = twin.world.projects.get(mergeRequest.sourceProjectId);
  const sha = latestVersion(mergeRequest)?.headSha;
  if (project === undefined || sha === undefined)
    return { ok: false, filtered: false, messages: ['The source branch is not there'] };
  const { projectId, iid } = mergeRequest;
  return twin.pipelines.create({
    ...{ project, sha, user, variables, source: 'merge_request_event', ref: headRef(mergeRequest) },
    mergeRequest: { projectId, iid },
  });
}
