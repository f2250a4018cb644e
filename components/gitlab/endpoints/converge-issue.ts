import type { GitLab } from '../types.ts';
import type { OfProject } from './define.ts';
import { createIssue, type Issue, listIssues, updateIssue } from './issues.ts';
import { assertMarked, hasMarker, isSameText, type Marker } from './note.ts';

export interface ConvergedIssue {
  readonly issue: Issue;
  readonly done: 'created' | 'updated' | 'unchanged';
  /** How many newer copies of ours were closed. */
  readonly closed: number;
}

export interface WantedIssue extends Marker {
  readonly title: string;
  /** Holds the marker. */
  readonly description: string;
  /** Those it must have; labels that people gave it stay. Undefined: none. */
  readonly labels?: readonly string[] | undefined;
}

/**
 * Brings a project to one issue with this marker, by this author, with this title and description: the oldest, on which
 * people may have commented, is changed in place where it differs; newer copies (of jobs that ran at the same time) are
 * closed. One that is closed stays as it is, and no other is opened: somebody has dealt with it.
 */
export async function convergeIssue(
  gitlab: GitLab,
  { project }: OfProject,
  wanted: WantedIssue,
): Promise<ConvergedIssue> {
  assertMarked(wanted, wanted.description);
  const ours: Issue[] = [];
  for await (const issue of listIssues(gitlab, { project, authorId: wanted.author }))
    if (hasMarker(wanted, issue.description, issue.author)) ours.push(issue);
  const [oldest, ...copies] = ours.toSorted((a, b) => a.iid - b.iid);
  if (oldest === undefined) {
    const created = await createIssue(gitlab, { ...contentOf(wanted), project, ...markerOf(wanted) });
    // Where its answer was lost, an older one may have been found that the list, being stale, did not show.
    const { issue, isChanged } = await bringTo(gitlab, { project }, created, wanted);
    return { issue, done: isChanged ? 'updated' : 'created', closed: 0 };
  }
  const { issue, isChanged } = await bringTo(gitlab, { project }, oldest, wanted);
  const open = copies.filter(({ state }) => state === 'opened');
  for (const { iid } of open) await updateIssue(gitlab, { project, issue: iid, stateEvent: 'close' });
  return { issue, done: isChanged ? 'updated' : 'unchanged', closed: open.length };
}

async function bringTo(
  gitlab: GitLab,
  { project }: OfProject,
  issue: Issue,
  wanted: WantedIssue,
): Promise<{ readonly issue: Issue; readonly isChanged: boolean }> {
  const addLabels = (wanted.labels ?? []).filter((name) => !issue.labels.includes(name));
  const isSame =
    issue.title === wanted.title.trim() && isSameText(issue.description ?? '', wanted.description);
  if (issue.state === 'closed' || (isSame && addLabels.length === 0)) return { issue, isChanged: false };
  const { title, description } = wanted;
  const change = { ...(!isSame && { title, description }), ...(addLabels.length > 0 && { addLabels }) };
  return { issue: await updateIssue(gitlab, { project, issue: issue.iid, ...change }), isChanged: true };
}

function contentOf({ title, description, labels }: WantedIssue) {
  return { title, description, ...(labels !== undefined && { labels }) };
}

function markerOf({ marker, author }: Marker): Marker {
  return { marker, author };
}
