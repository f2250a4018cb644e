import { renderDuration } from '../../review/duration.ts';
import type { User } from '../../world/people.ts';
import type { Project } from '../../world/project.ts';
import type { Issuable } from '../../world/review.ts';
import type { World } from '../../world/world.ts';
import { labelJson } from './label.ts';
import { userJson } from './user.ts';

type Json = Readonly<Record<string, unknown>>;

/** What merge requests and issues show alike. Source: docs.gitlab.com/api/merge_requests, docs.gitlab.com/api/issues */
export function issuableJson(
  world: World,
  project: Project,
  issuable: Issuable,
  viewer: User | undefined,
  withLabelDetails: boolean,
): Json {
  const { id, iid, projectId, title, description, state, createdAt, updatedAt } = issuable;
  const assignees = issuable.assigneeIds.map((assignee) => userJson(world, assignee));
  return {
    ...{ id, iid, project_id: projectId, title, description, state },
    ...{ created_at: createdAt, updated_at: updatedAt, closed_at: issuable.closedAt ?? null },
    closed_by: issuable.closedById === undefined ? null : userJson(world, issuable.closedById),
    labels: withLabelDetails ? labelDetails(project, issuable) : issuable.labels,
    milestone: null,
    author: userJson(world, issuable.authorId),
    assignees,
    assignee: assignees[0] ?? null,
    user_notes_count: issuable.notes.filter(({ system }) => !system).length,
    ...{ upvotes: 0, downvotes: 0, imported: false, imported_from: 'none' },
    discussion_locked: issuable.discussionLocked || null,
    subscribed: viewer !== undefined && isSubscribed(issuable, viewer),
    time_stats: timeStatsJson(issuable),
    task_completion_status: tasksIn(description),
    references: referencesJson(project, issuable),
    web_url: issuableUrl(world, project, issuable),
  };
}

export function issuableUrl(world: World, { path }: Project, { kind, iid }: Issuable): string {
  return `${world.url}/${path}/-/${kind === 'issue' ? 'issues' : 'merge_requests'}/${iid}`;
}

export function timeStatsJson({ timeEstimate, timeSpent }: Issuable): Json {
  return {
    time_estimate: timeEstimate,
    total_time_spent: timeSpent,
    human_time_estimate: timeEstimate === 0 ? null : renderDuration(timeEstimate),
    human_total_time_spent: timeSpent === 0 ? null : renderDuration(timeSpent),
  };
}

function labelDetails(project: Project, { labels }: Issuable): Json[] {
  return labels.flatMap((name) => project.labels.find((label) => label.name === name) ?? []).map(labelJson);
}

/** Who takes part hears of it, unless they said otherwise. */
function isSubscribed({ authorId, assigneeIds, notes, subscriptions }: Issuable, { id }: User): boolean {
  const takesPart = authorId === id || assigneeIds.includes(id) || notes.some((note) => note.authorId === id);
  return subscriptions.get(id) ?? takesPart;
}

function referencesJson({ path }: Project, { kind, iid }: Issuable): Json {
  const short = `${kind === 'issue' ? '#' : '!'}${iid}`;
  return { short, relative: short, full: `${path}${short}` };
}

/** Check boxes of a list. */
function tasksIn(text: string): { readonly count: number; readonly completed_count: number } {
  const boxes = [...text.matchAll(/^\s*(?:[-*+]|\d+[.)])\s+\[([ xX])\]\s/gm)];
  const completed = boxes.filter(([, mark]) => mark !== ' ');
  return { count: boxes.length, completed_count: completed.length };
}
