import { json } from '../read-body.ts';
import { defineEndpoint } from './define.ts';
import { floor } from './facts.ts';
import { firstOf } from './first-of.ts';
import { assertMarked, hasMarker, type Marker, type Note, noteShape } from './note.ts';
import type { OfMergeRequest } from './notes.ts';
import { list, record, text, wireFields } from './shape.ts';

const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'reporter',
  scope: 'api',
  replay: 'marker',
  source: 'docs.gitlab.com/api/discussions',
} as const;
const all = '/projects/:project/merge_requests/:mergeRequest/discussions';

export interface Discussion {
  readonly id: string;
  readonly notes: readonly Note[];
}

const discussionShape = record<Discussion>({ id: text, notes: list(noteShape) });

/** Where in a merge request's diff a thread stands; the three commits are the diff's (`diffRefs`, or of a version). */
export interface Position {
  readonly baseSha: string;
  readonly startSha: string;
  readonly headSha: string;
  readonly oldPath: string;
  readonly newPath: string;
  /** Line in the old file, of lines that were removed or stayed, and in the new one, of lines that were added or stayed. */
  readonly oldLine?: number | undefined;
  readonly newLine?: number | undefined;
}

const positionNames = [
  ...(['baseSha', 'startSha', 'headSha', 'oldPath', 'newPath', 'oldLine', 'newLine'] as const),
];

export interface OfDiscussion extends OfMergeRequest {
  readonly discussion: string;
}

export const listDiscussions = defineEndpoint(
  {
    ...{ ...common, about: 'List the threads of a merge request', method: 'GET', path: all },
    ...{ scope: 'read_api', replay: 'idempotent' },
  },
  (call, input: OfMergeRequest) => call.list(input, json(list(discussionShape))),
);

/** Opens a thread whose first comment holds a marker, in general or at a line of the diff. */
export const createDiscussion = defineEndpoint(
  { ...common, about: 'Open a thread, also at a line of the diff', method: 'POST', path: all },
  async (
    call,
    input: OfMergeRequest & Marker & { readonly body: string; readonly position?: Position | undefined },
  ) => {
    const { body, position } = input;
    assertMarked(input, body);
    const at = position && { position: { position_type: 'text', ...wireFields(position, positionNames) } };
    const isOurs = ({ notes: [first] }: Discussion) =>
      first !== undefined && hasMarker(input, first.body, first.author);
    const found = () => firstOf(listDiscussions(call.gitlab, input), isOurs);
    return call.send(input, json(discussionShape), { body: { json: { body, ...at } }, found });
  },
);

export const replyToDiscussion = defineEndpoint(
  { ...common, about: 'Answer in a thread', method: 'POST', path: `${all}/:discussion/notes` },
  async (call, input: OfDiscussion & Marker & { readonly body: string }) => {
    const { body, discussion } = input;
    assertMarked(input, body);
    const found = async () => {
      const thread = await firstOf(listDiscussions(call.gitlab, input), ({ id }) => id === discussion);
      return thread?.notes.find((note) => hasMarker(input, note.body, note.author));
    };
    return call.send(input, json(noteShape), { body: { json: { body } }, found });
  },
);

/** Resolves a thread or opens it again; authors may with their own. */
export const resolveDiscussion = defineEndpoint(
  {
    ...{ ...common, about: 'Resolve a thread or open it again', method: 'PUT', path: `${all}/:discussion` },
    ...{ role: 'developer', replay: 'idempotent' },
  },
  (call, input: OfDiscussion & { readonly resolved: boolean }) =>
    call.send(input, json(discussionShape), { body: { json: { resolved: input.resolved } } }),
);
