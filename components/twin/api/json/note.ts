import { type Discussion, isIndividual, isResolvable, isResolved } from '../../review/discussions.ts';
import type { Issuable, Note } from '../../world/review.ts';
import type { World } from '../../world/world.ts';
import { userJson } from './user.ts';

type Json = Readonly<Record<string, unknown>>;

/** Source: docs.gitlab.com/api/notes */
export function noteJson(world: World, issuable: Issuable, note: Note, commandsChanges: Json = {}): Json {
  const { id, type, body, createdAt, updatedAt, system, internal, resolvable, position } = note;
  return {
    ...{ id, type, body, author: userJson(world, note.authorId) },
    ...{ created_at: createdAt, updated_at: updatedAt, system },
    noteable_id: issuable.id,
    noteable_type: issuable.kind === 'issue' ? 'Issue' : 'MergeRequest',
    project_id: issuable.projectId,
    ...(type === 'DiffNote' && { commit_id: null, position: position ?? null }),
    resolvable,
    ...(resolvable && resolutionJson(world, note)),
    ...(type === 'DiffNote' && { suggestions: [] }),
    ...{ confidential: internal, internal, imported: false, imported_from: 'none' },
    noteable_iid: issuable.iid,
    commands_changes: commandsChanges,
  };
}

function resolutionJson(world: World, { resolvedAt, resolvedById }: Note): Json {
  return {
    resolved: resolvedAt !== undefined,
    resolved_by: resolvedById === undefined ? null : userJson(world, resolvedById),
    resolved_at: resolvedAt ?? null,
  };
}

/** Source: docs.gitlab.com/api/discussions */
export function discussionJson(world: World, issuable: Issuable, discussion: Discussion): Json {
  const resolvable = isResolvable(discussion);
  return {
    id: discussion.id,
    individual_note: isIndividual(discussion),
    ...(resolvable && { resolvable, resolved: isResolved(discussion) }),
    notes: discussion.notes.map((note) => noteJson(world, issuable, note)),
  };
}
