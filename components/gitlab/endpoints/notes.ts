import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { firstOf } from './first-of.ts';
import { assertMarked, hasMarker, type Marker, noteShape } from './note.ts';
import { list } from './shape.ts';

const common = { tier: 'free', since: floor, role: 'reporter', source: 'docs.gitlab.com/api/notes' } as const;
const writes = { ...common, jobToken: false, scope: 'api', replay: 'idempotent' } as const;
const all = '/projects/:project/merge_requests/:mergeRequest/notes';
const one = `${all}/:note` as const;

export interface OfMergeRequest extends OfProject {
  /** Its number in the project (`iid`). */
  readonly mergeRequest: number;
}

export interface OfNote extends OfMergeRequest {
  readonly note: number;
}

/** Comments of a merge request, the oldest first, without GitLab's own. */
export const listNotes = defineEndpoint(
  {
    ...{ ...common, about: 'List the comments of a merge request', method: 'GET', path: all },
    ...{ jobToken: true, scope: 'read_api', replay: 'idempotent' },
  },
  (call, input: OfMergeRequest) =>
    call.list(input, json(list(noteShape)), {
      ...{ activity_filter: 'only_comments', order_by: 'created_at', sort: 'asc' },
    }),
);

/**
 * Writes a comment that holds a marker; one of ours that holds it already counts as written where the answer is lost.
 * Lines that begin with `/` are quick actions, and act.
 */
export const createNote = defineEndpoint(
  { ...writes, about: 'Comment on a merge request', method: 'POST', path: all, replay: 'marker' },
  async (call, input: OfMergeRequest & Marker & { readonly body: string }) => {
    const { body } = input;
    assertMarked(input, body);
    const found = () =>
      firstOf(listNotes(call.gitlab, input), (note) => hasMarker(input, note.body, note.author));
    return call.send(input, json(noteShape), { body: { json: { body } }, found });
  },
);

/** Changes a comment of the token's own user; maintainers change those of others. */
export const updateNote = defineEndpoint(
  { ...writes, about: 'Change a comment of a merge request', method: 'PUT', path: one },
  (call, input: OfNote & { readonly body: string }) =>
    call.send(input, json(noteShape), { body: { json: { body: input.body } } }),
);

export const deleteNote = defineEndpoint(
  { ...writes, about: 'Delete a comment of a merge request', method: 'DELETE', path: one },
  (call, input: OfNote) => call.remove(input),
);
