import { applyChanges } from '../review/changes.ts';
import { openIssue } from '../review/issues.ts';
import { mayRead, mayUpdate } from '../review/rights.ts';
import { onProject } from '../server/on-project.ts';
import { forbidden, invalidParameter, invalidRecord } from '../server/reply.ts';
import type { Access, Call, ProjectCall, Reply, Route } from '../server/types.ts';
import { canSee, isAtLeastRole } from '../world/access.ts';
import type { Issue } from '../world/review.ts';
import { userOf } from './find-in-call.ts';
import { issueOf } from './find-issuable.ts';
import { flagOf, textOf } from './given.ts';
import { changesIn, changesTo } from './issuable-changes.ts';
import { filterIssuables } from './issuable-filter.ts';
import { issueJson } from './json/issue.ts';
import { userJson } from './json/user.ts';

const source = 'docs.gitlab.com/api/issues';
const read: Access = { role: 'anyone' };
const write: Access = { role: 'user' };
const path = '/projects/:id/issues';
const text = { type: 'string' };

export const issuesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/issues',
    access: { role: 'user' },
    schema: {
      source,
      query: Object.fromEntries(
        [
          ...['state', 'labels', 'scope', 'author_id', 'author_username', 'assignee_id', 'assignee_username'],
          ...['search', 'in', 'order_by', 'sort', 'created_after', 'created_before', 'updated_after'],
          ...['updated_before', 'with_labels_details', 'confidential', 'iids'],
        ].map((name) => [
          name,
          ['iids', 'labels', 'assignee_username'].includes(name) ? { type: 'array' } : text,
        ]),
      ),
    },
    handle: listAll,
  },
  { method: 'GET', path, access: read, handle: onProject(list) },
  { method: 'POST', path, access: write, handle: onProject(create) },
  {
    method: 'GET',
    path: `${path}/:issue_iid`,
    access: read,
    handle: onProject((call) => present(call, issueOf(call))),
  },
  { method: 'PUT', path: `${path}/:issue_iid`, access: write, handle: onProject(update) },
  { method: 'DELETE', path: `${path}/:issue_iid`, access: write, handle: onProject(remove) },
  {
    method: 'GET',
    path: `${path}/:issue_iid/participants`,
    access: read,
    schema: { source },
    handle: onProject((call) => {
      const { authorId, assigneeIds, notes } = issueOf(call);
      const people = new Set([authorId, ...assigneeIds, ...notes.map((note) => note.authorId)]);
      return { list: [...people].map((id) => userJson(call.twin.world, id)) };
    }),
  },
];

/** The caller's own, unless another scope is asked for. */
function listAll(call: Call): Reply {
  const { twin, query } = call;
  const user = userOf(call);
  const projects = [...twin.world.projects.values()].filter((project) => canSee(user, project));
  const items = projects.flatMap((project) =>
    [...project.issues.values()].filter((issue) => mayRead(user, project, issue)),
  );
  const scoped = { ...call, query: { scope: 'created_by_me', ...query } };
  return listed(call, filterIssuables(twin.world, items, scoped));
}

function list(call: ProjectCall): Reply {
  const { twin, project, actor, query } = call;
  const confidential = flagOf(query.confidential);
  const readable = [...project.issues.values()]
    .filter((issue) => mayRead(actor?.user, project, issue))
    .filter((issue) => confidential === undefined || issue.confidential === confidential);
  return listed(call, filterIssuables(twin.world, readable, call));
}

function listed({ twin, actor, query }: Call, issues: readonly Issue[]): Reply {
  const details = flagOf(query.with_labels_details) ?? false;
  return {
    list: issues.flatMap((issue) => {
      const project = twin.world.projects.get(issue.projectId);
      return project === undefined ? [] : [issueJson(twin.world, project, issue, actor?.user, details)];
    }),
  };
}

function present({ twin, project, actor }: ProjectCall, issue: Issue, status = 200): Reply {
  return { status, json: issueJson(twin.world, project, issue, actor?.user) };
}

async function create(call: ProjectCall): Promise<Reply> {
  const { twin, project } = call;
  const user = userOf(call);
  const sent = call.body;
  const title = textOf(sent.title);
  if (title === undefined) throw invalidParameter('title is missing');
  assertTitle(title);
  const { title: _, ...changes } = changesIn(call);
  const issue = await openIssue(twin, project, user, {
    title,
    description: textOf(sent.description) ?? '',
    changes,
  });
  return present(call, issue, 201);
}

async function update(call: ProjectCall): Promise<Reply> {
  const issue = issueOf(call);
  const user = userOf(call);
  if (!mayUpdate(user, call.project, issue)) throw forbidden();
  if (Object.keys(call.body).length === 0)
    throw invalidParameter(
      'title, description, labels, state_event are missing, at least one parameter must be provided',
    );
  const changes = await changesTo(call, issue);
  if (changes.title !== undefined) assertTitle(changes.title);
  applyChanges(call.twin.world, call.project, issue, user, changes);
  return present(call, issue);
}

function remove(call: ProjectCall): Reply {
  const issue = issueOf(call);
  const user = userOf(call);
  if (issue.authorId !== user.id && !isAtLeastRole(user, call.project, 'owner')) throw forbidden();
  call.project.issues.delete(issue.iid);
  return { status: 204 };
}

/** @throws Refusal 400 */
export function assertTitle(title: string): void {
  if (title.trim() === '') throw invalidRecord({ title: ["can't be blank"] });
  if (title.length > 255) throw invalidRecord({ title: ['is too long (maximum is 255 characters)'] });
}
