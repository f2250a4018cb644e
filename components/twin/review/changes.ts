import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { Issuable } from '../world/review.ts';
import { timeOf, type World } from '../world/world.ts';
import { isDraft, withDraft } from './draft.ts';
import { ensureLabels } from './labels.ts';
import { addSystemNote } from './notes.ts';
import { keepPeople, mentions, sentenceOf } from './people.ts';
import { isIssue, isMergeRequest, maySetMetadata } from './rights.ts';

/** What the API and quick actions change of a merge request or an issue; what is not named stays. */
export interface Changes {
  title?: string;
  /** Of a merge request. */
  draft?: boolean;
  description?: string;
  stateEvent?: 'close' | 'reopen';
  labels?: readonly string[];
  addLabels?: readonly string[];
  removeLabels?: readonly string[];
  assigneeIds?: readonly number[];
  reviewerIds?: readonly number[];
  discussionLocked?: boolean;
  /** Seconds. */
  timeEstimate?: number;
  /** Seconds, more or fewer than before; `reset` is none. */
  spend?: number | 'reset';
  subscribe?: boolean;
  todo?: boolean;
  confidential?: boolean;
  /** Date without a time; null takes it away. */
  dueDate?: string | null;
  targetBranch?: string;
  squash?: boolean;
  removeSourceBranch?: boolean;
  /** Merge what has this head. */
  mergeSha?: string;
}

/** Changes all that needs no repository. Labels, people and the lock only of who may set them: GitLab says nothing then. */
export function applyChanges(
  world: World,
  project: Project,
  issuable: Issuable,
  user: User,
  changes: Changes,
): void {
  retitle(world, issuable, user, changes);
  if (changes.description !== undefined) issuable.description = changes.description;
  changeState(world, issuable, user, changes);
  if (maySetMetadata(user, project, issuable.kind)) changeMetadata(world, project, issuable, user, changes);
  changeTimes(issuable, changes);
  if (changes.subscribe !== undefined) issuable.subscriptions.set(user.id, changes.subscribe);
  if (changes.todo === true) issuable.todos.add(user.id);
  if (changes.todo === false) issuable.todos.delete(user.id);
  if (isIssue(issuable)) {
    issuable.confidential = changes.confidential ?? issuable.confidential;
    if (changes.dueDate !== undefined) issuable.dueDate = changes.dueDate ?? undefined;
  }
  if (isMergeRequest(issuable)) {
    issuable.squash = changes.squash ?? issuable.squash;
    issuable.removeSourceBranch = changes.removeSourceBranch ?? issuable.removeSourceBranch;
  }
  issuable.updatedAt = timeOf(world);
}

/** The title with its mark of a draft. */
export function titleOf(before: string, { title = before, draft }: Changes): string {
  return draft === undefined ? title : withDraft(title, draft);
}

function retitle(world: World, issuable: Issuable, user: User, changes: Changes): void {
  const title = titleOf(issuable.title, changes);
  if (title === issuable.title) return;
  const before = { title: issuable.title };
  issuable.title = title;
  if (issuable.kind === 'merge_request' && isDraft(before) !== isDraft(issuable)) {
    const mark = isDraft(issuable) ? 'draft' : 'ready';
    addSystemNote(world, issuable, user, `marked this merge request as **${mark}**`);
    return;
  }
  addSystemNote(world, issuable, user, `changed title from **${before.title}** to **${title}**`);
}

function changeState(world: World, issuable: Issuable, user: User, { stateEvent }: Changes): void {
  if (stateEvent === 'close' && issuable.state === 'opened') {
    issuable.state = 'closed';
    issuable.closedAt = timeOf(world);
    issuable.closedById = user.id;
  }
  if (stateEvent === 'reopen' && issuable.state === 'closed') {
    issuable.state = 'opened';
    issuable.closedAt = undefined;
    issuable.closedById = undefined;
  }
}

function changeMetadata(
  world: World,
  project: Project,
  issuable: Issuable,
  user: User,
  changes: Changes,
): void {
  const ensure = (names: readonly string[]) => ensureLabels(world, project, user, names, issuable.kind);
  const base = changes.labels === undefined ? issuable.labels : ensure(changes.labels);
  const removed = new Set(changes.removeLabels);
  const added = [...new Set([...base, ...ensure(changes.addLabels ?? [])])];
  issuable.labels = added.filter((name) => !removed.has(name)).sort();
  issuable.discussionLocked = changes.discussionLocked ?? issuable.discussionLocked;
  if (changes.assigneeIds !== undefined) {
    const before = issuable.assigneeIds;
    issuable.assigneeIds = keepPeople(world, changes.assigneeIds);
    tellPeople(world, issuable, user, ['assigned to', 'unassigned'], before, issuable.assigneeIds);
  }
  if (changes.reviewerIds !== undefined && isMergeRequest(issuable)) {
    const before = issuable.reviewerIds;
    issuable.reviewerIds = keepPeople(world, changes.reviewerIds);
    const words = ['requested review from', 'removed review request for'] as const;
    tellPeople(world, issuable, user, words, before, issuable.reviewerIds);
  }
}

function tellPeople(
  world: World,
  issuable: Issuable,
  user: User,
  [gained, lost]: readonly [string, string],
  before: readonly number[],
  after: readonly number[],
): void {
  const added = mentions(
    world,
    after.filter((id) => !before.includes(id)),
  );
  const removed = mentions(
    world,
    before.filter((id) => !after.includes(id)),
  );
  const parts = [
    ...(added.length > 0 ? [`${gained} ${sentenceOf(added)}`] : []),
    ...(removed.length > 0 ? [`${lost} ${sentenceOf(removed)}`] : []),
  ];
  if (parts.length > 0) addSystemNote(world, issuable, user, parts.join(' and '));
}

function changeTimes(issuable: Issuable, { timeEstimate, spend }: Changes): void {
  issuable.timeEstimate = timeEstimate ?? issuable.timeEstimate;
  if (spend === 'reset') issuable.timeSpent = 0;
  else issuable.timeSpent = Math.max(0, issuable.timeSpent + (spend ?? 0));
}
