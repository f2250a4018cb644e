import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { firstOf } from './first-of.ts';
import type { OfIssue } from './issue-notes.ts';
import { joinLabels, type LabelChange, labelFields } from './labels.ts';
import { assertMarked, hasMarker, type Marker } from './note.ts';
import { integer, list, oneOf, optional, record, text, wireFields } from './shape.ts';
import { type User, userShape } from './user.ts';

const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'guest',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/issues',
} as const;
const all = '/projects/:project/issues';
const one = `${all}/:issue` as const;

export interface Issue {
  readonly iid: number;
  readonly title: string;
  readonly description: string | undefined;
  readonly state: 'opened' | 'closed';
  readonly labels: readonly string[];
  readonly author: User;
  readonly webUrl: string;
}

const issueShape = record<Issue>({
  ...{ iid: integer, title: text, description: optional(text), state: oneOf(['opened', 'closed']) },
  ...{ labels: list(text), author: userShape, webUrl: text },
});

/** The newest first. */
export const listIssues = defineEndpoint(
  { ...common, about: 'List issues', method: 'GET', path: all },
  (
    call,
    input: OfProject & {
      readonly state?: Issue['state'] | undefined;
      /** Issues that have all of them. */
      readonly labels?: readonly string[];
      readonly authorId?: number;
    },
  ): AsyncGenerator<Issue> => {
    const { state, labels, authorId } = input;
    return call.list(input, json(list(issueShape)), {
      ...{ state, labels: joinLabels(labels), author_id: authorId, scope: 'all' },
    });
  },
);

export const getIssue = defineEndpoint(
  { ...common, about: 'Get an issue', method: 'GET', path: one },
  (call, input: OfIssue) => call.send(input, json(issueShape)),
);

/** Opens an issue whose description holds a marker, once. Labels need the role Planner. */
export const createIssue = defineEndpoint(
  { ...common, about: 'Open an issue', method: 'POST', path: all, scope: 'api', replay: 'marker' },
  async (
    call,
    input: OfProject &
      Marker & { readonly title: string; readonly description: string; readonly labels?: readonly string[] },
  ) => {
    const { project, author, title, description, labels } = input;
    assertMarked(input, description);
    const found = () =>
      firstOf(listIssues(call.gitlab, { project, authorId: author }), (issue) =>
        hasMarker(input, issue.description, issue.author),
      );
    const body = { title, description, labels: joinLabels(labels) };
    return call.send(input, json(issueShape), { body: { json: body }, found });
  },
);

/** Authors change their own; labels of whoever has no role Planner are left out without a word. */
export const updateIssue = defineEndpoint(
  { ...common, about: 'Change an issue', method: 'PUT', path: one, role: 'planner', scope: 'api' },
  (
    call,
    input: OfIssue &
      LabelChange & {
        readonly title?: string;
        readonly description?: string;
        readonly stateEvent?: 'close' | 'reopen';
      },
  ) => {
    const fields = wireFields(input, ['title', 'description', 'stateEvent']);
    const body = { ...fields, ...labelFields(input) };
    return call.send(input, json(issueShape), { body: { json: body } });
  },
);
