import { isDraft } from '../review/draft.ts';
import { protectionOf } from '../world/access.ts';
import type { Pipeline } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import type { World } from '../world/world.ts';
import type { MergeRequestFacts } from './facts.ts';

/** Characters of a description a variable takes; `…_IS_TRUNCATED` says whether there were more. */
const longestDescription = 2700;

/**
 * The variables of a merge request's pipeline. Of a detached one (the commits of the source branch alone) GitLab leaves
 * the hashes of both branches empty.
 * Source: docs.gitlab.com/ci/variables/predefined_variables/#predefined-variables-for-merge-request-pipelines
 */
export function mergeRequestVariables(
  world: World,
  { mergeRequest, target, source, assignees }: MergeRequestFacts,
  { sha, ref, mergeRequest: of }: Pick<Pipeline, 'sha' | 'ref' | 'mergeRequest'>,
): Readonly<Record<string, string>> {
  const { iid, title, description, labels, sourceBranch, targetBranch } = mergeRequest;
  const merged = of?.merged;
  const head = merged?.sourceSha ?? sha;
  const version =
    mergeRequest.versions.findLast(({ headSha }) => headSha === head) ?? mergeRequest.versions.at(-1);
  const truncated = description.length > longestDescription;
  return {
    CI_MERGE_REQUEST_ID: String(mergeRequest.id),
    CI_MERGE_REQUEST_IID: String(iid),
    CI_MERGE_REQUEST_REF_PATH: ref.startsWith('refs/') ? ref : `refs/merge-requests/${iid}/head`,
    CI_MERGE_REQUEST_EVENT_TYPE: merged?.event ?? 'detached',
    CI_MERGE_REQUEST_TITLE: title,
    CI_MERGE_REQUEST_DESCRIPTION: description.slice(0, longestDescription),
    CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED: String(truncated),
    CI_MERGE_REQUEST_DRAFT: String(isDraft(mergeRequest)),
    CI_MERGE_REQUEST_SQUASH_ON_MERGE: String(mergeRequest.squash),
    ...(world.tier !== 'free' && mergeRequest.approvals.size > 0
      ? { CI_MERGE_REQUEST_APPROVED: 'true' }
      : {}),
    ...(assignees.length === 0 ? {} : { CI_MERGE_REQUEST_ASSIGNEES: assigneeList(assignees) }),
    ...(labels.length === 0 ? {} : { CI_MERGE_REQUEST_LABELS: labels.join(',') }),
    ...projectVariables(world, 'CI_MERGE_REQUEST_PROJECT', target),
    ...(source === undefined ? {} : projectVariables(world, 'CI_MERGE_REQUEST_SOURCE_PROJECT', source)),
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: sourceBranch,
    CI_MERGE_REQUEST_SOURCE_BRANCH_PROTECTED: String(isProtected(source, sourceBranch)),
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: merged?.sourceSha ?? '',
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: targetBranch,
    CI_MERGE_REQUEST_TARGET_BRANCH_PROTECTED: String(isProtected(target, targetBranch)),
    CI_MERGE_REQUEST_TARGET_BRANCH_SHA: merged?.targetSha ?? '',
    ...(version === undefined ? {} : { CI_MERGE_REQUEST_DIFF_ID: String(version.id) }),
    ...(version === undefined ? {} : { CI_MERGE_REQUEST_DIFF_BASE_SHA: version.baseSha }),
  };
}

function projectVariables(world: World, prefix: string, { id, path }: Project): Record<string, string> {
  return {
    [`${prefix}_ID`]: String(id),
    [`${prefix}_PATH`]: path,
    [`${prefix}_URL`]: `${world.url}/${path}`,
  };
}

/** `a`, `a and b`, `a, b, and c`: as Rails puts a sentence together. */
function assigneeList(names: readonly string[]): string {
  if (names.length < 3) return names.join(' and ');
  return `${names.slice(0, -1).join(', ')}, and ${names.at(-1)}`;
}

function isProtected(project: Project | undefined, branch: string): boolean {
  return project !== undefined && protectionOf(project.protectedBranches, branch) !== undefined;
}
