import type { PipelineRequest, Twin } from '../ports.ts';
import type { User } from '../world/people.ts';
import type { GivenVariable, Pipeline } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import type { World } from '../world/world.ts';
import { headRef, latestVersion, mergeRef } from './versions.ts';

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
  const ofHead = pipelinesOf(world, mergeRequest).filter((pipeline) => sourceOf(pipeline) === sha);
  return ofHead.find((pipeline) => isOwn(pipeline, mergeRequest)) ?? ofHead[0];
}

/** The commit of the source branch that a pipeline is of. */
function sourceOf({ sha, mergeRequest }: Pipeline): string {
  return mergeRequest?.merged?.sourceSha ?? sha;
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
  const merged = await mergeResult(twin, project, mergeRequest, sha, user);
  return twin.pipelines.create({
    ...{ project, user, variables, source: 'merge_request_event' },
    ...(merged ?? { sha, ref: headRef(mergeRequest), mergeRequest: { projectId, iid } }),
  });
}

/**
 * Where the project has pipelines of merged results: both branches merged. A conflict leaves the pipeline of the source branch alone,
 * and so does a fork, whose merge requests are not merged before their time here.
 * Source: docs.gitlab.com/ci/pipelines/merged_results_pipelines
 */
async function mergeResult(
  { world, repositories }: Twin,
  project: Project,
  mergeRequest: MergeRequest,
  source: string,
  { name, email }: User,
): Promise<Pick<PipelineRequest, 'sha' | 'ref' | 'mergeRequest'> | undefined> {
  const { projectId, iid, targetBranch: branch } = mergeRequest;
  const isOn = world.tier !== 'free' && project.settings.merge_pipelines_enabled;
  if (!isOn || project.id !== projectId) return undefined;
  const ref = mergeRef(mergeRequest);
  const merged = await repositories.mergeToRef(project, { source, branch, ref, author: { name, email } });
  if (!merged.ok) return undefined;
  const { sha, before: targetSha } = merged;
  const facts = { event: 'merged_result', sourceSha: source, targetSha } as const;
  return { sha, ref, mergeRequest: { projectId, iid, merged: facts } };
}
