import type { Twin } from '../ports.ts';
import { gitIn } from '../repositories/git.ts';
import type { Pipeline } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import { areDiscussionsResolved } from './discussions.ts';
import { isDraft } from './draft.ts';
import { headPipeline } from './head-pipeline.ts';
import { latestVersion } from './versions.ts';

/** Why something can or cannot be merged. Source: docs.gitlab.com/api/merge_requests, "Merge status". */
export type MergeStatus =
  | 'mergeable'
  | 'not_open'
  | 'draft_status'
  | 'commits_status'
  | 'discussions_not_resolved'
  | 'conflict'
  | 'need_rebase'
  | 'ci_must_pass'
  | 'ci_still_running';

export interface Mergeability {
  readonly status: MergeStatus;
  readonly hasConflicts: boolean;
}

/** The checks in GitLab's order: the first that fails is the status. */
export async function readMergeability(
  twin: Twin,
  project: Project,
  mergeRequest: MergeRequest,
): Promise<Mergeability> {
  const tips = await readTips(twin, project, mergeRequest);
  const relation = tips === undefined ? undefined : await compare(twin, project, tips);
  const hasConflicts = mergeRequest.state !== 'merged' && relation?.conflicts === true;
  return { status: statusOf(), hasConflicts };

  function statusOf(): MergeStatus {
    if (mergeRequest.state !== 'opened') return 'not_open';
    if (isDraft(mergeRequest)) return 'draft_status';
    if (relation === undefined || !relation.hasCommits) return 'commits_status';
    const { settings } = project;
    if (settings.only_allow_merge_if_all_discussions_are_resolved && !areDiscussionsResolved(mergeRequest))
      return 'discussions_not_resolved';
    if (hasConflicts) return 'conflict';
    if (settings.merge_method !== 'merge' && !relation.isAhead) return 'need_rebase';
    return checkPipeline(project, headPipeline(twin.world, mergeRequest));
  }
}

export function checkPipeline(
  { settings }: Project,
  pipeline: Pipeline | undefined,
): 'mergeable' | 'ci_must_pass' | 'ci_still_running' {
  if (!settings.only_allow_merge_if_pipeline_succeeds || pipeline?.status === 'success') return 'mergeable';
  if (pipeline?.status === 'skipped' && settings.allow_merge_on_skipped_pipeline) return 'mergeable';
  return pipeline !== undefined && isActive(pipeline) ? 'ci_still_running' : 'ci_must_pass';
}

function isActive({ status }: Pipeline): boolean {
  return !['success', 'failed', 'canceled', 'skipped', 'manual'].includes(status);
}

interface Tips {
  readonly head: string;
  readonly target: string;
}

async function readTips(
  { repositories, world }: Twin,
  project: Project,
  mergeRequest: MergeRequest,
): Promise<Tips | undefined> {
  const head = latestVersion(mergeRequest)?.headSha;
  const source = world.projects.get(mergeRequest.sourceProjectId);
  if (head === undefined || source === undefined) return undefined;
  const [target, branch] = await Promise.all([
    repositories.resolve(project, `refs/heads/${mergeRequest.targetBranch}`),
    repositories.resolve(source, `refs/heads/${mergeRequest.sourceBranch}`),
  ]);
  return target === undefined || branch === undefined ? undefined : { head, target };
}

async function compare(twin: Twin, project: Project, { head, target }: Tips) {
  const base = await twin.repositories.mergeBase(project, target, head);
  if (base === head) return { hasCommits: false, isAhead: true, conflicts: false };
  if (base === target) return { hasCommits: true, isAhead: true, conflicts: false };
  const git = gitIn(twin.context, twin.repositories.folderOf(project));
  const merged = await git.try(['merge-tree', '--write-tree', '--no-messages', target, head]);
  return { hasCommits: true, isAhead: false, conflicts: merged.exitCode !== 0 };
}
