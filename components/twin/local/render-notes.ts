import { withoutControls } from '../../kernel/log.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest, Note } from '../world/review.ts';
import type { World } from '../world/world.ts';

/** The notes of a merge request as they stand, those of GitLab itself in one line each. */
export function renderNotes(world: World, project: Project, mergeRequest: MergeRequest): string {
  const head = `${project.path}!${mergeRequest.iid} ${withoutControls(mergeRequest.title)} (${mergeRequest.state})`;
  if (mergeRequest.notes.length === 0) return `${head}\n  no notes`;
  return [head, ...mergeRequest.notes.map((note) => renderNote(world, note))].join('\n');
}

function renderNote({ users }: World, note: Note): string {
  const author = users.get(note.authorId)?.username ?? 'unknown';
  const body = withoutControls(note.body);
  if (note.system) return `  ${author} ${body.split('\n').join(' ')}`;
  const marks = [
    note.createdAt === note.updatedAt ? '' : 'changed',
    note.resolvable ? (note.resolvedById === undefined ? 'open thread' : 'resolved thread') : '',
  ].filter((mark) => mark !== '');
  const said = marks.length === 0 ? '' : ` (${marks.join(', ')})`;
  return [`  ${author}${said}:`, ...body.split('\n').map((line) => `    ${line}`.trimEnd())].join('\n');
}
