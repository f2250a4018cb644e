import { mayRead, mayReadNote } from '../review/rights.ts';
import { forbidden, Refusal } from '../server/reply.ts';
import type { ProjectCall } from '../server/types.ts';
import { mayReadCode } from '../world/access.ts';
import type { Issuable, Issue, MergeRequest, Note } from '../world/review.ts';

/** GitLab's answer where its database has no such row. */
export function noRecord(): Refusal {
  return new Refusal(404, { message: '404 Not found' });
}

/** The merge request of a path; @throws Refusal 404, 403 where its code is hidden */
export function mergeRequestOf(call: ProjectCall, parameter = 'merge_request_iid'): MergeRequest {
  const found = call.project.mergeRequests.get(numberIn(call, parameter));
  if (found === undefined) throw noRecord();
  if (!mayReadCode(call.actor?.user, call.project)) throw forbidden();
  return found;
}

/** The issue of a path; @throws Refusal 404, also where it is confidential */
export function issueOf(call: ProjectCall, parameter = 'issue_iid'): Issue {
  const found = call.project.issues.get(numberIn(call, parameter));
  if (found === undefined || !mayRead(call.actor?.user, call.project, found)) throw noRecord();
  return found;
}

/** What notes are about: hidden things are not there at all. */
export function noteableOf(call: ProjectCall, kind: Issuable['kind']): Issuable {
  const { project, actor } = call;
  const iid = numberIn(call, 'noteable_id');
  const found = kind === 'issue' ? project.issues.get(iid) : project.mergeRequests.get(iid);
  if (found === undefined || !mayRead(actor?.user, project, found)) throw noRecord();
  return found;
}

/** A note the caller may read. */
export function noteOf(call: ProjectCall, { notes }: { readonly notes: readonly Note[] }): Note {
  const found = notes.find(({ id }) => id === numberIn(call, 'note_id'));
  if (found === undefined || !mayReadNote(call.actor?.user, call.project, found)) throw noRecord();
  return found;
}

function numberIn({ params }: ProjectCall, name: string): number {
  return Number(params[name]);
}
