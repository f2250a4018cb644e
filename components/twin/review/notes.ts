import { randomBytes } from 'node:crypto';
import type { User } from '../world/people.ts';
import type { Issuable, Note } from '../world/review.ts';
import { timeOf, type World } from '../world/world.ts';

/** Characters of a note. Source: docs.gitlab.com/administration/instance_limits, "Size of comments and descriptions". */
export const maxBody = 1_000_000;

export interface NewNote {
  readonly body: string;
  readonly author: User;
  readonly type?: Note['type'];
  /** The thread it answers to; without one it begins its own. */
  readonly discussionId?: string | undefined;
  readonly internal?: boolean;
  readonly system?: boolean;
  readonly position?: Note['position'];
  /** Set by owners only, who import notes. */
  readonly createdAt?: string | undefined;
}

export function addNote(world: World, issuable: Issuable, note: NewNote): Note {
  const { type = null, internal = false, system = false, createdAt = timeOf(world) } = note;
  const created: Note = {
    id: world.nextId('note'),
    discussionId: note.discussionId ?? randomBytes(20).toString('hex'),
    ...{ type, body: note.body, authorId: note.author.id, createdAt, updatedAt: createdAt },
    ...{ system, internal, position: note.position },
    // Only threads are resolved.
    resolvable: type !== null,
    ...{ resolvedById: undefined, resolvedAt: undefined },
  };
  issuable.notes.push(created);
  issuable.updatedAt = timeOf(world);
  return created;
}

/** What GitLab itself writes on something a user did. */
export function addSystemNote(world: World, issuable: Issuable, user: User, body: string): void {
  addNote(world, issuable, { body, author: user, system: true });
}

/** What is wrong with a note's text, as GitLab's record says it; undefined where nothing is. */
export function bodyMistake(body: string): string | undefined {
  if (body.trim() === '') return "can't be blank";
  return body.length > maxBody ? `is too long (maximum is ${maxBody} characters)` : undefined;
}

export function editNote(world: World, note: Note, body: string): void {
  if (note.body === body) return;
  note.body = body;
  note.updatedAt = timeOf(world);
}

export function removeNote(world: World, issuable: Issuable, note: Note): void {
  const index = issuable.notes.indexOf(note);
  if (index >= 0) issuable.notes.splice(index, 1);
  issuable.updatedAt = timeOf(world);
}
