import type { Twin } from '../ports.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { Issuable, Note } from '../world/review.ts';
import { applyChanges, type Changes } from './changes.ts';
import { mergeMergeRequest } from './merge.ts';
import { addNote, bodyMistake, editNote, type NewNote, removeNote } from './notes.ts';
import { changesJson, interpretText } from './quick-actions.ts';
import { isMergeRequest } from './rights.ts';
import { updateMergeRequest } from './update-merge-request.ts';

export interface Writing extends NewNote {
  readonly seenSha?: string | undefined;
}

/** What came of a text somebody wrote into a discussion. */
export type Written =
  | { readonly kind: 'note'; readonly note: Note; readonly commandsChanges: Record<string, unknown> }
  /** It held quick actions only: there is no note. */
  | {
      readonly kind: 'commands';
      readonly commandsChanges: Record<string, unknown>;
      readonly summary: string[];
    }
  /** Commands of which nothing came. */
  | { readonly kind: 'failed' }
  | { readonly kind: 'invalid'; readonly mistake: string };

/** Writes a note, once its quick actions are done; they act by the right of its author. */
export async function writeNote(
  twin: Twin,
  project: Project,
  target: Issuable,
  { seenSha, ...note }: Writing,
): Promise<Written> {
  const mistake = bodyMistake(note.body);
  if (mistake !== undefined) return { kind: 'invalid', mistake };
  const about = { project, target, user: note.author, kind: target.kind, seenSha };
  const { text, changes, hadCommands, message } = await interpretText(twin, note.body, about);
  const hasText = text.trim() !== '';
  // The note comes first, so that it stands before what GitLab writes about the changes.
  const created = hasText ? addNote(twin.world, target, { ...note, body: text }) : undefined;
  const commandsChanges = await act(twin, project, target, note.author, changes, hadCommands);
  if (created !== undefined) return { kind: 'note', note: created, commandsChanges };
  return message === '' ? { kind: 'failed' } : { kind: 'commands', commandsChanges, summary: [message] };
}

/** As {@link writeNote}: a note that is changed into commands alone goes away. */
export async function rewriteNote(
  twin: Twin,
  project: Project,
  target: Issuable,
  note: Note,
  { body, user }: { readonly body: string; readonly user: User },
): Promise<Written> {
  const mistake = bodyMistake(body);
  if (mistake !== undefined) return { kind: 'invalid', mistake };
  const about = { project, target, user, kind: target.kind };
  const { text, changes, hadCommands, message } = await interpretText(twin, body, about);
  if (text.trim() === '') removeNote(twin.world, target, note);
  else editNote(twin.world, note, text);
  const commandsChanges = await act(twin, project, target, user, changes, hadCommands);
  if (text.trim() !== '') return { kind: 'note', note, commandsChanges };
  return message === '' ? { kind: 'failed' } : { kind: 'commands', commandsChanges, summary: [message] };
}

async function act(
  twin: Twin,
  project: Project,
  target: Issuable,
  user: User,
  changes: Changes,
  hadCommands: boolean,
): Promise<Record<string, unknown>> {
  if (!hadCommands) return {};
  const told = changesJson(project, changes);
  if (isMergeRequest(target)) {
    await updateMergeRequest(twin, project, target, user, changes);
    if (changes.mergeSha !== undefined) await mergeMergeRequest(twin, project, target, user);
  } else applyChanges(twin.world, project, target, user, changes);
  return told;
}
