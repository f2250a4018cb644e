import type { Written } from '../review/write-note.ts';
import { invalidRecord } from '../server/reply.ts';
import type { Reply } from '../server/types.ts';
import type { Note } from '../world/review.ts';

/**
 * GitLab's answer to a note: the note, 202 where it held quick actions alone, 400 where it could not be kept.
 *
 * @throws Refusal 400
 */
export function writtenReply(
  written: Written,
  present: (note: Note, commandsChanges: Record<string, unknown>) => unknown,
  status: number,
): Reply {
  switch (written.kind) {
    case 'note':
      return { status, json: present(written.note, written.commandsChanges) };
    case 'commands':
      return { status: 202, json: { commands_changes: written.commandsChanges, summary: written.summary } };
    case 'failed':
      throw badRequest('Failed to apply commands.');
    default:
      throw badNote('note', [written.mistake]);
  }
}

/** `400 Bad request - Note {:note=>["can't be blank"]}`: what Ruby prints of a record's mistakes. */
export function badNote(field: string, mistakes: readonly string[]): Error {
  const listed = mistakes.map((mistake) => JSON.stringify(mistake)).join(', ');
  return badRequest(`Note {:${field}=>[${listed}]}`);
}

export function badRequest(reason: string): Error {
  return invalidRecord(`400 Bad request - ${reason}`);
}
