import type { GitLab } from '../types.ts';
import { unlessMissing } from './define.ts';
import {
  createDiscussion,
  type Discussion,
  listDiscussions,
  type Position,
  resolveDiscussion,
} from './discussions.ts';
import { firstOf } from './first-of.ts';
import { assertMarked, hasMarker, isSameText, type Marker, type Note } from './note.ts';
import { deleteNote, type OfMergeRequest, updateNote } from './notes.ts';

export interface ConvergedThread {
  /** Its first comment. */
  readonly note: Note;
  readonly done: 'created' | 'updated' | 'unchanged';
}

/**
 * Brings a merge request to one thread with this marker, by this author, with this text in its first comment. One that is
 * there is changed in place, wherever its line has moved to; one that we had resolved is opened again, and one that a person
 * has resolved stays so. Older copies without answers are removed. Without a position it stands on no line.
 */
export async function convergeThread(
  gitlab: GitLab,
  target: OfMergeRequest,
  wanted: Marker & { readonly body: string; readonly position?: Position | undefined },
): Promise<ConvergedThread> {
  assertMarked(wanted, wanted.body);
  const ours = await listOwn(gitlab, target, wanted);
  const [kept, ...copies] = ours;
  if (kept === undefined) {
    const created = await createDiscussion(gitlab, { ...target, ...wanted });
    const [note] = created.notes;
    if (note === undefined) throw new TypeError('GitLab opened a thread without a comment');
    // Where its answer was lost, an older one may have been found that the list, being stale, did not show.
    if (isSameText(note.body, wanted.body)) return { note, done: 'created' };
    return {
      note: await updateNote(gitlab, { ...target, note: note.id, body: wanted.body }),
      done: 'updated',
    };
  }
  for (const { notes } of copies)
    if (notes.length === 1) await unlessMissing(deleteNote(gitlab, { ...target, note: notes[0]?.id ?? 0 }));
  const [first] = kept.notes as readonly [Note];
  const isSame = isSameText(first.body, wanted.body);
  const note = isSame ? first : await updateNote(gitlab, { ...target, note: first.id, body: wanted.body });
  const isBack = first.resolved === true && first.resolvedBy?.id === wanted.author;
  if (isBack) await resolveDiscussion(gitlab, { ...target, discussion: kept.id, resolved: false });
  return { note, done: isSame && !isBack ? 'unchanged' : 'updated' };
}

/**
 * Resolves the threads with a marker that begins like this, by this author, but for those whose markers are given.
 * @returns how many it has resolved
 */
export async function resolveOthers(
  gitlab: GitLab,
  target: OfMergeRequest,
  {
    author,
    begins,
    except,
  }: { readonly author: number; readonly begins: string; readonly except: readonly string[] },
): Promise<number> {
  let resolved = 0;
  for (const { id, notes } of await listOwn(gitlab, target, { author, marker: begins })) {
    const [first] = notes as readonly [Note];
    if (first.resolved !== false || except.some((marker) => first.body.includes(marker))) continue;
    await unlessMissing(resolveDiscussion(gitlab, { ...target, discussion: id, resolved: true }));
    resolved += 1;
  }
  return resolved;
}

/** Whether a thread with a marker that begins like this is not resolved, by whomever: whoever acts on it asks for the author. */
export async function hasOpenThread(
  gitlab: GitLab,
  target: OfMergeRequest,
  begins: string,
): Promise<boolean> {
  const isOpen = ({ notes: [first] }: Discussion) =>
    first?.resolvable === true && first.resolved === false && first.body.includes(begins);
  return (await firstOf(listDiscussions(gitlab, target), isOpen)) !== undefined;
}

/** The oldest first: people have answered there. */
async function listOwn(
  gitlab: GitLab,
  target: OfMergeRequest,
  marker: Marker,
): Promise<readonly Discussion[]> {
  const ours: Discussion[] = [];
  for await (const thread of listDiscussions(gitlab, target)) {
    const [first] = thread.notes;
    if (first?.resolvable === true && hasMarker(marker, first.body, first.author)) ours.push(thread);
  }
  return ours.toSorted((a, b) => (a.notes[0]?.id ?? 0) - (b.notes[0]?.id ?? 0));
}
