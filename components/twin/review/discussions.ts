import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { Issuable, MergeRequest, Note } from '../world/review.ts';
import { timeOf, type World } from '../world/world.ts';
import { addSystemNote } from './notes.ts';
import { mayReadNote } from './rights.ts';

/** Notes of one thread, oldest first; a note nobody answered stands in a thread of its own. */
export interface Discussion {
  readonly id: string;
  readonly notes: readonly Note[];
}

/** The threads a user may read, in the order they began. */
export function discussionsOf(issuable: Issuable, project: Project, user: User | undefined): Discussion[] {
  const byId = new Map<string, Note[]>();
  for (const note of issuable.notes) {
    if (!mayReadNote(user, project, note)) continue;
    const notes = byId.get(note.discussionId) ?? [];
    notes.push(note);
    byId.set(note.discussionId, notes);
  }
  return [...byId].map(([id, notes]) => ({ id, notes }));
}

export function isIndividual({ notes }: Discussion): boolean {
  return notes[0]?.type === null;
}

export function isResolvable({ notes }: Discussion): boolean {
  return notes.some(({ resolvable }) => resolvable);
}

export function isResolved({ notes }: Discussion): boolean {
  const resolvable = notes.filter((note) => note.resolvable);
  return resolvable.length > 0 && resolvable.every(({ resolvedAt }) => resolvedAt !== undefined);
}

/** Whether nothing is left to resolve. */
export function areDiscussionsResolved(mergeRequest: MergeRequest): boolean {
  return mergeRequest.notes.every(({ resolvable, resolvedAt }) => !resolvable || resolvedAt !== undefined);
}

export function resolveNotes(
  world: World,
  issuable: Issuable,
  user: User,
  notes: readonly Note[],
  resolved: boolean,
): void {
  const before = issuable.kind === 'merge_request' && issuable.notes.some(isOpen);
  for (const note of notes) {
    if (!note.resolvable || (note.resolvedAt !== undefined) === resolved) continue;
    note.resolvedAt = resolved ? timeOf(world) : undefined;
    note.resolvedById = resolved ? user.id : undefined;
  }
  if (before && !issuable.notes.some(isOpen)) addSystemNote(world, issuable, user, 'resolved all threads');
}

/** A note of its own becomes the first of a thread once somebody answers to it. */
export function makeThread({ notes: [first] }: Discussion): void {
  if (first?.type !== null) return;
  first.type = 'DiscussionNote';
  first.resolvable = true;
}

function isOpen({ resolvable, resolvedAt }: Note): boolean {
  return resolvable && resolvedAt === undefined;
}
