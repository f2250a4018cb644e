import type { GitLab } from '../types.ts';
import { unlessMissing } from './define.ts';
import {
  createIssueNote,
  deleteIssueNote,
  listIssueNotes,
  type OfIssue,
  updateIssueNote,
} from './issue-notes.ts';
import { assertMarked, hasMarker, isSameText, type Marker, type Note } from './note.ts';
import { createNote, deleteNote, listNotes, type OfMergeRequest, updateNote } from './notes.ts';

export interface Converged {
  readonly note: Note;
  readonly done: 'created' | 'updated' | 'unchanged';
  /** How many older copies were deleted. */
  readonly removed: number;
}

/**
 * Brings a merge request or an issue to one comment with this marker, by this author, with this text: the newest is
 * changed in place where it differs, older copies (of jobs that ran at the same time) are deleted. Ours alone is touched.
 */
export async function convergeNote(
  gitlab: GitLab,
  target: OfMergeRequest | OfIssue,
  wanted: Marker & { readonly body: string },
): Promise<Converged> {
  assertMarked(wanted, wanted.body);
  const notes = notesOf(gitlab, target);
  const ours: Note[] = [];
  for await (const note of notes.list()) if (hasMarker(wanted, note.body, note.author)) ours.push(note);
  const newest = ours.toSorted((a, b) => a.id - b.id).pop();
  if (newest === undefined) {
    const created = await notes.create(wanted);
    // Where its answer was lost, an older one may have been found that the list, being stale, did not show.
    const isSame = isSameText(created.body, wanted.body);
    const note = isSame ? created : await notes.update(created.id, wanted.body);
    return { note, done: isSame ? 'created' : 'updated', removed: 0 };
  }
  const isSame = isSameText(newest.body, wanted.body);
  // Another job may delete at the same time what we see.
  const kept = isSame ? newest : await unlessMissing(notes.update(newest.id, wanted.body));
  const note = kept ?? (await notes.create(wanted));
  let removed = 0;
  for (const { id } of ours) {
    if (id !== newest.id && (await unlessMissing(notes.remove(id).then(() => id))) !== undefined)
      removed += 1;
  }
  return { note, done: isSame ? 'unchanged' : kept === undefined ? 'created' : 'updated', removed };
}

interface Notes {
  readonly list: () => AsyncIterable<Note>;
  readonly create: (wanted: Marker & { readonly body: string }) => Promise<Note>;
  readonly update: (note: number, body: string) => Promise<Note>;
  readonly remove: (note: number) => Promise<void>;
}

function notesOf(gitlab: GitLab, target: OfMergeRequest | OfIssue): Notes {
  if ('mergeRequest' in target) {
    return {
      list: () => listNotes(gitlab, target),
      create: (wanted) => createNote(gitlab, { ...target, ...wanted }),
      update: (note, body) => updateNote(gitlab, { ...target, note, body }),
      remove: (note) => deleteNote(gitlab, { ...target, note }),
    };
  }
  return {
    list: () => listIssueNotes(gitlab, target),
    create: (wanted) => createIssueNote(gitlab, { ...target, ...wanted }),
    update: (note, body) => updateIssueNote(gitlab, { ...target, note, body }),
    remove: (note) => deleteIssueNote(gitlab, { ...target, note }),
  };
}
