import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { firstOf } from './first-of.ts';
import { assertMarked, hasMarker, type Marker, noteShape } from './note.ts';
import { list } from './shape.ts';

const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'guest',
  scope: 'api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/notes',
} as const;
const all = '/projects/:project/issues/:issue/notes';
const one = `${all}/:note` as const;

export interface OfIssue extends OfProject {
  /** Its number in the project (`iid`). */
  readonly issue: number;
}

export interface OfIssueNote extends OfIssue {
  readonly note: number;
}

/** Comments of an issue, the oldest first, without GitLab's own. */
export const listIssueNotes = defineEndpoint(
  { ...common, about: 'List the comments of an issue', method: 'GET', path: all, scope: 'read_api' },
  (call, input: OfIssue) =>
    call.list(input, json(list(noteShape)), {
      ...{ activity_filter: 'only_comments', order_by: 'created_at', sort: 'asc' },
    }),
);

/** Writes a comment that holds a marker, once; see `createNote`. */
export const createIssueNote = defineEndpoint(
  { ...common, about: 'Comment on an issue', method: 'POST', path: all, replay: 'marker' },
  async (call, input: OfIssue & Marker & { readonly body: string }) => {
    const { body } = input;
    assertMarked(input, body);
    const found = () =>
      firstOf(listIssueNotes(call.gitlab, input), (note) => hasMarker(input, note.body, note.author));
    return call.send(input, json(noteShape), { body: { json: { body } }, found });
  },
);

/** Changes a comment of the token's own user; maintainers change those of others. */
export const updateIssueNote = defineEndpoint(
  { ...common, about: 'Change a comment of an issue', method: 'PUT', path: one },
  (call, input: OfIssueNote & { readonly body: string }) =>
    call.send(input, json(noteShape), { body: { json: { body: input.body } } }),
);

export const deleteIssueNote = defineEndpoint(
  { ...common, about: 'Delete a comment of an issue', method: 'DELETE', path: one },
  (call, input: OfIssueNote) => call.remove(input),
);
