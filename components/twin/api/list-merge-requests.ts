import { isDraft } from '../review/draft.ts';
import { forbidden } from '../server/reply.ts';
import type { Call, ProjectCall, Reply } from '../server/types.ts';
import { mayReadCode } from '../world/access.ts';
import type { MergeRequest } from '../world/review.ts';
import { userOf } from './find-in-call.ts';
import { flagOf, numberOf, textOf } from './given.ts';
import { filterIssuables, hasPerson } from './issuable-filter.ts';
import { mergeRequestBasicJson } from './json/merge-request.ts';

export async function listOfProject(call: ProjectCall): Promise<Reply> {
  const { project, actor } = call;
  if (!mayReadCode(actor?.user, project)) throw forbidden();
  return present(call, filter(call, [...project.mergeRequests.values()]));
}

/** The caller's own, unless another scope is asked for. */
export async function listAll(call: Call): Promise<Reply> {
  const user = userOf(call);
  const projects = [...call.twin.world.projects.values()].filter((project) => mayReadCode(user, project));
  const items = projects.flatMap(({ mergeRequests }) => [...mergeRequests.values()]);
  const query = { scope: 'created_by_me', ...call.query };
  const scoped = { ...call, query };
  const forMe =
    query.scope === 'reviews_for_me'
      ? items.filter(({ reviewerIds }) => reviewerIds.includes(user.id))
      : items;
  return present(call, filter(scoped, forMe));
}

function filter(call: Call, items: readonly MergeRequest[]): MergeRequest[] {
  const { twin, query } = call;
  const sourceBranch = textOf(query.source_branch);
  const targetBranch = textOf(query.target_branch);
  const sourceProject = numberOf(query.source_project_id);
  const wip = textOf(query.wip);
  const draft = flagOf(query.draft) ?? (wip === undefined ? undefined : wip === 'yes');
  const found = items
    .filter((item) => sourceBranch === undefined || item.sourceBranch === sourceBranch)
    .filter((item) => targetBranch === undefined || item.targetBranch === targetBranch)
    .filter((item) => sourceProject === undefined || item.sourceProjectId === sourceProject)
    .filter((item) => hasPerson(twin.world, item.reviewerIds, query.reviewer_id, query.reviewer_username))
    .filter((item) => draft === undefined || isDraft(item) === draft);
  return filterIssuables(twin.world, found, call);
}

async function present({ twin, actor, query }: Call, items: readonly MergeRequest[]): Promise<Reply> {
  const withLabelDetails = flagOf(query.with_labels_details) ?? false;
  const list = await Promise.all(
    items.flatMap((item) => {
      const project = twin.world.projects.get(item.projectId);
      if (project === undefined) return [];
      return [mergeRequestBasicJson(twin, item, { project, viewer: actor?.user, withLabelDetails })];
    }),
  );
  return { list };
}
