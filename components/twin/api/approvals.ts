import { approve, approvedAt, unapprove } from '../review/approvals.ts';
import { mayApprove } from '../review/rights.ts';
import { latestVersion } from '../review/versions.ts';
import { onProject } from '../server/on-project.ts';
import { conflict, forbidden, notFound, unauthorized } from '../server/reply.ts';
import type { Access, OwnSchema, ProjectCall, Reply, Route } from '../server/types.ts';
import type { MergeRequest } from '../world/review.ts';
import { userOf } from './find-in-call.ts';
import { mergeRequestOf } from './find-issuable.ts';
import { textOf } from './given.ts';
import { userJson } from './json/user.ts';

const source = 'docs.gitlab.com/api/merge_request_approvals';
const read: Access = { role: 'anyone' };
const write: Access = { role: 'user' };
const path = '/projects/:id/merge_requests/:merge_request_iid';
const approval: OwnSchema = {
  source,
  body: { properties: { sha: { type: 'string' }, approval_password: { type: 'string' } } },
};

/** Rules of approval are of Premium; anybody who may, approves. */
export const approvalsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${path}/approvals`,
    access: read,
    handle: onProject((call) => ({ json: approvalsJson(call, mergeRequestOf(call)) })),
  },
  {
    method: 'GET',
    path: `${path}/approval_state`,
    access: read,
    handle: onProject((call) => ({ json: stateJson(call, mergeRequestOf(call)) })),
  },
  {
    method: 'GET',
    path: `${path}/approval_rules`,
    access: { ...read, tier: 'premium' },
    handle: onProject((call) => {
      mergeRequestOf(call);
      return { list: [] };
    }),
  },
  { method: 'POST', path: `${path}/approve`, access: write, schema: approval, handle: onProject(create) },
  { method: 'POST', path: `${path}/unapprove`, access: write, schema: { source }, handle: onProject(remove) },
  {
    method: 'PUT',
    path: `${path}/reset_approvals`,
    access: write,
    schema: { source },
    handle: onProject(reset),
  },
];

function create(call: ProjectCall): Reply {
  const mergeRequest = mergeRequestOf(call);
  const user = userOf(call);
  if (!mayApprove(user, call.project, mergeRequest)) throw forbidden();
  const head = latestVersion(mergeRequest)?.headSha;
  const sha = textOf(call.body.sha);
  if (sha !== undefined && sha !== head) throw conflict(`SHA does not match HEAD of source branch: ${head}`);
  if (!approve(call.twin.world, mergeRequest, user)) throw unauthorized();
  return { status: 201, json: approvalsJson(call, mergeRequest) };
}

function remove(call: ProjectCall): Reply {
  const mergeRequest = mergeRequestOf(call);
  const user = userOf(call);
  if (!mayApprove(user, call.project, mergeRequest)) throw forbidden();
  if (!unapprove(call.twin.world, mergeRequest, user)) throw notFound();
  return { status: 201, json: approvalsJson(call, mergeRequest) };
}

/** Bots alone may: those of project and group access tokens. */
function reset(call: ProjectCall): Reply {
  const mergeRequest = mergeRequestOf(call);
  const user = userOf(call);
  if (user.kind === 'human' || !mayApprove(user, call.project, mergeRequest)) throw unauthorized();
  mergeRequest.approvals.clear();
  return { status: 202, json: null };
}

function approvalsJson({ twin, project, actor }: ProjectCall, mergeRequest: MergeRequest): unknown {
  const { world } = twin;
  const user = actor?.user;
  const has = user !== undefined && mergeRequest.approvals.has(user.id);
  return {
    user_has_approved: has,
    user_can_approve: user !== undefined && !has && mayApprove(user, project, mergeRequest),
    approved: mergeRequest.approvals.size > 0,
    approved_by: [...mergeRequest.approvals].map((id) => ({
      user: userJson(world, id),
      approved_at: approvedAt(mergeRequest, id) ?? null,
    })),
    ...(world.tier !== 'free' && ruledJson(mergeRequest)),
  };
}

/** What Premium tells besides, of a merge request that no rule is about. */
function ruledJson({
  id,
  iid,
  projectId,
  title,
  description,
  state,
  createdAt,
  updatedAt,
}: MergeRequest): object {
  return {
    ...{ id, iid, project_id: projectId, title, description, state },
    ...{ created_at: createdAt, updated_at: updatedAt, merge_status: 'can_be_merged' },
    ...{ approved: true, approvals_required: 0, approvals_left: 0, approval_rules_left: [] },
    ...{ require_password_to_approve: false, has_approval_rules: false, suggested_approvers: [] },
    ...{ approvers: [], approver_groups: [], multiple_approval_rules_available: true },
    ...{ merge_request_approvers_available: true, invalid_approvers_rules: [] },
  };
}

function stateJson({ twin }: ProjectCall, mergeRequest: MergeRequest): unknown {
  const { world } = twin;
  const users = [...mergeRequest.approvals].map((id) => userJson(world, id));
  if (world.tier === 'free') return { approval_rules_overwritten: false, rules: [] };
  const rule = {
    ...{ id: mergeRequest.id, name: 'All Members', rule_type: 'any_approver', eligible_approvers: [] },
    ...{ approvals_required: 0, users: [], groups: [], contains_hidden_groups: false, report_type: null },
    ...{
      section: null,
      source_rule: null,
      overridden: false,
      code_owner: false,
      approved_by: users,
      approved: true,
    },
  };
  return { approval_rules_overwritten: false, rules: [rule] };
}
