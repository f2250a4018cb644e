import type { GitLab } from '../types.ts';
import { firstOf } from './first-of.ts';
import type { MergeRequest } from './merge-request.ts';
import {
  createMergeRequest,
  isOwn,
  listMergeRequests,
  type NewMergeRequest,
  openBetween,
  updateMergeRequest,
} from './merge-requests.ts';

/**
 * Brings two branches to one open merge request with this title, description and labels: the one that is open is changed
 * where it differs, or one is opened. One from a fork's branch of the same name is another.
 */
export async function convergeMergeRequest(gitlab: GitLab, wanted: NewMergeRequest): Promise<MergeRequest> {
  const all = listMergeRequests(gitlab, openBetween(wanted));
  const open = await firstOf(all, isOwn);
  if (open === undefined) return createMergeRequest(gitlab, wanted);
  const { project, title, description, labels } = wanted;
  const isSame =
    open.title === title &&
    (description === undefined || (open.description ?? '') === description) &&
    (labels === undefined || labels.toSorted().join() === open.labels.toSorted().join());
  if (isSame) return open;
  return updateMergeRequest(gitlab, {
    ...{ project, mergeRequest: open.iid, title },
    ...(description !== undefined && { description }),
    ...(labels !== undefined && { labels }),
  });
}
