import type { Twin } from '../../ports.ts';
import { areDiscussionsResolved } from '../../review/discussions.ts';
import { isDraft } from '../../review/draft.ts';
import { headPipeline } from '../../review/head-pipeline.ts';
import { isSquashed } from '../../review/merge.ts';
import { type Mergeability, readMergeability } from '../../review/mergeability.ts';
import { mayMerge } from '../../review/rights.ts';
import { latestVersion } from '../../review/versions.ts';
import type { User } from '../../world/people.ts';
import type { Project } from '../../world/project.ts';
import type { MergeRequest } from '../../world/review.ts';
import type { World } from '../../world/world.ts';
import { issuableJson } from './issuable.ts';
import { pipelineBasicJson, pipelineJson } from './pipeline.ts';
import { userJson } from './user.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Viewing {
  readonly project: Project;
  readonly viewer: User | undefined;
  readonly withLabelDetails?: boolean;
}

/** As lists show it. Source: docs.gitlab.com/api/merge_requests */
export async function mergeRequestBasicJson(
  twin: Twin,
  mergeRequest: MergeRequest,
  viewing: Viewing,
): Promise<Json> {
  const mergeability = await readMergeability(twin, viewing.project, mergeRequest);
  return basicJson(twin.world, mergeRequest, viewing, mergeability);
}

/** As it is shown alone. Source: docs.gitlab.com/api/merge_requests, "Get single merge request" */
export async function mergeRequestJson(
  twin: Twin,
  mergeRequest: MergeRequest,
  viewing: Viewing,
): Promise<Json> {
  const { world, repositories } = twin;
  const { project, viewer } = viewing;
  const version = latestVersion(mergeRequest);
  const [basic, diffs] = await Promise.all([
    mergeRequestBasicJson(twin, mergeRequest, viewing),
    version === undefined ? [] : repositories.diff(project, version.baseSha, version.headSha),
  ]);
  const pipeline = headPipeline(world, mergeRequest);
  return {
    ...basic,
    changes_count: diffs.length === 0 ? null : String(diffs.length),
    latest_build_started_at: pipeline?.startedAt ?? null,
    latest_build_finished_at: pipeline?.finishedAt ?? null,
    first_deployed_to_production_at: null,
    pipeline: pipeline === undefined ? null : pipelineBasicJson(world, pipeline),
    head_pipeline: pipeline === undefined ? null : pipelineJson(world, pipeline),
    diff_refs: diffRefsJson(mergeRequest),
    merge_error: null,
    first_contribution: false,
    user: { can_merge: viewer !== undefined && mayMerge(viewer, project, mergeRequest) },
  };
}

function diffRefsJson(mergeRequest: MergeRequest): Json | null {
  const version = latestVersion(mergeRequest);
  if (version === undefined) return null;
  return { base_sha: version.baseSha, head_sha: version.headSha, start_sha: version.startSha };
}

function basicJson(
  world: World,
  mergeRequest: MergeRequest,
  { project, viewer, withLabelDetails = false }: Viewing,
  { status, hasConflicts }: Mergeability,
): Json {
  const draft = isDraft(mergeRequest);
  const mergedBy = mergeRequest.mergedById === undefined ? null : userJson(world, mergeRequest.mergedById);
  return {
    ...issuableJson(world, project, mergeRequest, viewer, withLabelDetails),
    ...{ merged_by: mergedBy, merge_user: mergedBy, merged_at: mergeRequest.mergedAt ?? null },
    ...{ target_branch: mergeRequest.targetBranch, source_branch: mergeRequest.sourceBranch },
    reviewers: mergeRequest.reviewerIds.map((id) => userJson(world, id)),
    ...{ source_project_id: mergeRequest.sourceProjectId, target_project_id: mergeRequest.projectId },
    ...{ draft, work_in_progress: draft, merge_when_pipeline_succeeds: false, merge_after: null },
    merge_status: hasConflicts || status === 'commits_status' ? 'cannot_be_merged' : 'can_be_merged',
    detailed_merge_status: status,
    sha: latestVersion(mergeRequest)?.headSha ?? null,
    merge_commit_sha: mergeRequest.mergeCommitSha ?? null,
    squash_commit_sha: mergeRequest.squashCommitSha ?? null,
    should_remove_source_branch: null,
    force_remove_source_branch: mergeRequest.removeSourceBranch,
    prepared_at: mergeRequest.createdAt,
    ...(mergeRequest.sourceProjectId !== mergeRequest.projectId && {
      allow_collaboration: false,
      allow_maintainer_to_push: false,
    }),
    reference: `!${mergeRequest.iid}`,
    squash: mergeRequest.squash,
    squash_on_merge: isSquashed(project, mergeRequest),
    has_conflicts: hasConflicts,
    blocking_discussions_resolved: areDiscussionsResolved(mergeRequest),
    approvals_before_merge: null,
  };
}
