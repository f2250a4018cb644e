import { createMergeRequestPipeline } from '../review/head-pipeline.ts';
import { type NotOpened, openMergeRequest } from '../review/open-merge-request.ts';
import { mayUpdate } from '../review/rights.ts';
import { updateMergeRequest } from '../review/update-merge-request.ts';
import { onProject } from '../server/on-project.ts';
import { forbidden, invalidParameter, notFound, Refusal } from '../server/reply.ts';
import type { Access, OwnSchema, ProjectCall, Reply, Route } from '../server/types.ts';
import { isAtLeastRole, mayReadCode } from '../world/access.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import { findProject } from '../world/world.ts';
import { accept } from './accept-merge-request.ts';
import { userOf } from './find-in-call.ts';
import { mergeRequestOf } from './find-issuable.ts';
import { textOf } from './given.ts';
import { changesIn, changesTo } from './issuable-changes.ts';
import { assertTitle } from './issues.ts';
import { issueJson } from './json/issue.ts';
import { mergeRequestJson } from './json/merge-request.ts';
import { userJson } from './json/user.ts';
import { listAll, listOfProject } from './list-merge-requests.ts';

const source = 'docs.gitlab.com/api/merge_requests';
const read: Access = { role: 'anyone', jobToken: true };
const write: Access = { role: 'user' };
const path = '/projects/:id/merge_requests';
const one = `${path}/:merge_request_iid`;

const text = { type: 'string' };
const flag = { type: 'boolean' };
const number = { type: 'integer' };
const listAllSchema: OwnSchema = {
  source,
  query: {
    ...{ state: text, scope: text, author_id: number, author_username: text, assignee_id: text },
    ...{
      assignee_username: { type: 'array' },
      reviewer_id: text,
      reviewer_username: text,
      labels: { type: 'array' },
    },
    ...{ source_branch: text, target_branch: text, search: text, in: text, wip: text, draft: flag },
    ...{ order_by: text, sort: text, created_after: text, created_before: text, updated_after: text },
    ...{ updated_before: text, view: text, with_labels_details: flag, source_project_id: number },
    with_merge_status_recheck: flag,
  },
};

export const mergeRequestsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/merge_requests',
    access: { role: 'user' },
    schema: listAllSchema,
    handle: listAll,
  },
  { method: 'GET', path, access: read, handle: onProject(listOfProject) },
  { method: 'POST', path, access: write, handle: onProject(create) },
  {
    method: 'GET',
    path: one,
    access: read,
    handle: onProject((call) => present(call, mergeRequestOf(call))),
  },
  { method: 'PUT', path: one, access: write, handle: onProject(update) },
  { method: 'DELETE', path: one, access: write, handle: onProject(remove) },
  {
    method: 'PUT',
    path: `${one}/merge`,
    access: write,
    handle: onProject(async (call) => present(call, await accept(call))),
  },
  {
    method: 'GET',
    path: `${one}/participants`,
    access: { role: 'anyone' },
    schema: { source },
    handle: onProject((call) => {
      const { authorId, assigneeIds, reviewerIds, notes } = mergeRequestOf(call);
      const people = new Set([
        authorId,
        ...assigneeIds,
        ...reviewerIds,
        ...notes.map((note) => note.authorId),
      ]);
      return { list: [...people].map((id) => userJson(call.twin.world, id)) };
    }),
  },
  {
    method: 'GET',
    path: `${one}/closes_issues`,
    access: { role: 'anyone' },
    schema: { source },
    handle: onProject(listClosed),
  },
];

async function present(
  { twin, project, actor }: ProjectCall,
  mergeRequest: MergeRequest,
  status = 200,
): Promise<Reply> {
  return { status, json: await mergeRequestJson(twin, mergeRequest, { project, viewer: actor?.user }) };
}

async function create(call: ProjectCall): Promise<Reply> {
  const { twin, project: source } = call;
  const user = userOf(call);
  const sent = call.body;
  const required = (name: string): string => {
    const value = textOf(sent[name]);
    if (value === undefined) throw invalidParameter(`${name} is missing`);
    return value;
  };
  const title = required('title');
  const [sourceBranch, targetBranch] = [required('source_branch'), required('target_branch')];
  assertTitle(title);
  const target = targetOf(call, source);
  const description = textOf(sent.description) ?? '';
  const { title: _, targetBranch: __, ...changes } = changesIn(call);
  const wanted = { source, target, sourceBranch, targetBranch, title, description, changes };
  const opened = await openMergeRequest(twin, user, wanted);
  if (!opened.ok) throw refusalOf(opened);
  await createMergeRequestPipeline(twin, opened.mergeRequest, user);
  return present({ ...call, project: target }, opened.mergeRequest, 201);
}

/** The project it would be merged into: another one only for forks. */
function targetOf(call: ProjectCall, source: Project): Project {
  const wanted = textOf(call.body.target_project_id);
  if (wanted === undefined) return source;
  const found = findProject(call.twin.world, wanted);
  if (found === undefined || !mayReadCode(userOf(call), found)) throw notFound('Project');
  return found;
}

function refusalOf({ why, message }: NotOpened): Refusal {
  if (why === 'forbidden') return forbidden();
  // Messages of a record come as a list.
  return why === 'exists' ? new Refusal(409, { message: [message] }) : new Refusal(422, { error: [message] });
}

const changeable = [
  ...['assignee_id', 'assignee_ids', 'reviewer_ids', 'description', 'labels', 'add_labels', 'remove_labels'],
  ...[
    'milestone_id',
    'remove_source_branch',
    'state_event',
    'target_branch',
    'title',
    'discussion_locked',
    'squash',
  ],
  ...['allow_collaboration', 'allow_maintainer_to_push', 'merge_after'],
];

async function update(call: ProjectCall): Promise<Reply> {
  const { twin, project } = call;
  const mergeRequest = mergeRequestOf(call);
  const user = userOf(call);
  if (!mayUpdate(user, project, mergeRequest)) throw forbidden();
  const sent = call.body;
  if (!changeable.some((name) => sent[name] !== undefined))
    throw invalidParameter(`${changeable.join(', ')} are missing, at least one parameter must be provided`);
  for (const name of ['title', 'target_branch'])
    if (sent[name] !== undefined && textOf(sent[name])?.trim() === '')
      throw invalidParameter(`${name} is empty`);
  const changes = await changesTo(call, mergeRequest);
  if (changes.title !== undefined) assertTitle(changes.title);
  const before = mergeRequest.versions.length;
  const failed = await updateMergeRequest(twin, project, mergeRequest, user, changes);
  if (failed !== undefined) throw refusalOf(failed);
  const isReopened = changes.stateEvent === 'reopen' && mergeRequest.versions.length > before;
  if (isReopened) await createMergeRequestPipeline(twin, mergeRequest, user);
  return present(call, mergeRequest);
}

function remove(call: ProjectCall): Reply {
  const mergeRequest = mergeRequestOf(call);
  if (!isAtLeastRole(userOf(call), call.project, 'owner')) throw forbidden();
  call.project.mergeRequests.delete(mergeRequest.iid);
  return { status: 204 };
}

/** The issues its description closes: `Closes #4`. Source: docs.gitlab.com/user/project/issues/managing_issues */
function listClosed(call: ProjectCall): Reply {
  const { twin, project, actor } = call;
  const { description } = mergeRequestOf(call);
  const pattern =
    /\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?\s+((?:#\d+(?:\s*,\s*|\s+and\s+)?)+)/gi;
  const numbers = [...description.matchAll(pattern)].flatMap(([, list = '']) => list.match(/\d+/g) ?? []);
  const issues = [...new Set(numbers)].flatMap((number) => project.issues.get(Number(number)) ?? []);
  const readable = issues.filter(
    ({ confidential }) => !confidential || isAtLeastRole(actor?.user, project, 'planner'),
  );
  return { list: readable.map((issue) => issueJson(twin.world, project, issue, actor?.user)) };
}
