import type { GitLab } from '../types.ts';
import type { MergeRequest } from './merge-request.ts';
import { createMergeRequest, listMergeRequests, updateMergeRequest } from './merge-requests.ts';
import { assertMarked, hasMarker, isSameText, type Marker } from './note.ts';

/** Between which branches a draft stands: `source` may be a fork of `project`. */
export interface DraftPlace extends Marker {
  readonly project: number;
  readonly source: number;
  readonly sourceBranch: string;
  readonly targetBranch: string;
}

export interface WantedDraft extends DraftPlace {
  /** Without `Draft: `. */
  readonly title: string;
  /** Holds the marker. */
  readonly description: string;
  /** Whether its commit is another one than people have seen: then it is a draft again. */
  readonly isMoved: boolean;
}

const prefix = 'Draft: ';

/** Ours between two branches: the one that is open, else one that somebody has closed. What was merged is done with. */
export async function findDraft(gitlab: GitLab, place: DraftPlace): Promise<MergeRequest | undefined> {
  const { project, source, sourceBranch, targetBranch } = place;
  const ours: MergeRequest[] = [];
  for await (const one of listMergeRequests(gitlab, { project, sourceBranch, targetBranch }))
    if (one.sourceProjectId === source && hasMarker(place, one.description, one.author)) ours.push(one);
  return ours.find(isOpen) ?? ours.find(({ state }) => state === 'closed');
}

function isOpen({ state }: MergeRequest): boolean {
  return state === 'opened' || state === 'locked';
}

/** Makes an open one a draft again, before its branch gets a commit that nobody has seen. */
export async function redraft(
  gitlab: GitLab,
  { targetProjectId, iid, title, draft }: MergeRequest,
): Promise<void> {
  if (draft) return;
  await updateMergeRequest(gitlab, {
    project: targetProjectId,
    mergeRequest: iid,
    title: `${prefix}${title}`,
  });
}

/**
 * Brings two branches to one open merge request of ours with this title and description. One that somebody has made ready stays
 * so while its commit does.
 * @param found - what `findDraft` has found, where that is open
 */
export async function convergeDraft(
  gitlab: GitLab,
  found: MergeRequest | undefined,
  wanted: WantedDraft,
): Promise<{ readonly mergeRequest: MergeRequest; readonly done: 'created' | 'updated' | 'unchanged' }> {
  assertMarked(wanted, wanted.description);
  const { project, source, sourceBranch, targetBranch, description } = wanted;
  const title = `${prefix}${wanted.title}`;
  if (found === undefined) {
    const branches = { sourceBranch, targetBranch, removeSourceBranch: true };
    const elsewhere = source === project ? {} : { targetProjectId: project };
    const made = { project: source, ...elsewhere, ...branches, title, description };
    return { mergeRequest: await createMergeRequest(gitlab, made), done: 'created' };
  }
  const isSame = isSameText(found.description ?? '', description) && plain(found.title) === plain(title);
  if (isSame && (found.draft || !wanted.isMoved)) return { mergeRequest: found, done: 'unchanged' };
  const change = { title: found.draft || wanted.isMoved ? title : plain(title), description };
  const of = { project, mergeRequest: found.iid };
  return { mergeRequest: await updateMergeRequest(gitlab, { ...of, ...change }), done: 'updated' };
}

function plain(title: string): string {
  return title.replace(/^Draft:\s*/i, '').trim();
}
