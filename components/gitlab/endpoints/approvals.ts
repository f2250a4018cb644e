import { json, nothing } from '../read-body.ts';
import type { GitLab } from '../types.ts';
import { defineEndpoint } from './define.ts';
import { floor } from './facts.ts';
import type { OfMergeRequest } from './notes.ts';
import { flag, integer, list, optional, record, text } from './shape.ts';
import { type User, userShape } from './user.ts';

const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'reporter',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/merge_request_approvals',
} as const;
const writes = { ...common, method: 'POST', role: 'developer', scope: 'api', replay: 'marker' } as const;
const mergeRequest = '/projects/:project/merge_requests/:mergeRequest';

export interface Approval {
  readonly user: User;
  /** ISO 8601; older GitLabs don't tell. */
  readonly approvedAt: string | undefined;
}

export interface Approvals {
  /** Whether enough have approved; on Free one is enough. */
  readonly approved: boolean;
  readonly userHasApproved: boolean;
  readonly approvedBy: readonly Approval[];
  /** Of Premium. */
  readonly approvalsRequired: number | undefined;
  readonly approvalsLeft: number | undefined;
}

const approvalsShape = record<Approvals>({
  ...{
    approved: flag,
    userHasApproved: flag,
    approvedBy: list(record<Approval>({ user: userShape, approvedAt: optional(text) })),
  },
  ...{ approvalsRequired: optional(integer), approvalsLeft: optional(integer) },
});

export interface ApprovalRule {
  readonly id: number;
  readonly name: string;
  readonly ruleType: string;
  readonly approvalsRequired: number;
}

const ruleFields = { id: integer, name: text, ruleType: text, approvalsRequired: integer };
/** A rule with what became of it. */
export interface ApprovalRuleState extends ApprovalRule {
  readonly approved: boolean | undefined;
}

export const getApprovals = defineEndpoint(
  { ...common, about: 'Get who approved a merge request', method: 'GET', path: `${mergeRequest}/approvals` },
  (call, input: OfMergeRequest) => call.send(input, json(approvalsShape)),
);

/** The rules and whether each is satisfied; on Free there are none. */
export const getApprovalState = defineEndpoint(
  {
    ...{ ...common, about: 'Get what became of the approval rules', method: 'GET' },
    path: `${mergeRequest}/approval_state`,
  },
  (call, input: OfMergeRequest) =>
    call.send(
      input,
      json(record({ rules: list(record<ApprovalRuleState>({ ...ruleFields, approved: optional(flag) })) })),
    ),
);

export const listApprovalRules = defineEndpoint(
  {
    ...{ ...common, about: 'List the approval rules of a merge request', method: 'GET' },
    ...{ path: `${mergeRequest}/approval_rules`, tier: 'premium' },
  },
  (call, input: OfMergeRequest) => call.list(input, json(list(record<ApprovalRule>(ruleFields)))),
);

/** Approves exactly that head: with another one GitLab answers 409. Authors and whoever has approved already get 401. */
export const approve = defineEndpoint(
  { ...writes, about: 'Approve a merge request', path: `${mergeRequest}/approve` },
  async (call, input: OfMergeRequest & { readonly sha: string }) => {
    const found = approvedByUs(call.gitlab, input, true);
    await call.send<unknown>(input, nothing, { body: { json: { sha: input.sha } }, found });
  },
);

export const unapprove = defineEndpoint(
  { ...writes, about: 'Take an approval back', path: `${mergeRequest}/unapprove` },
  async (call, input: OfMergeRequest) => {
    await call.send<unknown>(input, nothing, { found: approvedByUs(call.gitlab, input, false) });
  },
);

function approvedByUs(gitlab: GitLab, input: OfMergeRequest, wanted: boolean) {
  return async () => ((await getApprovals(gitlab, input)).userHasApproved === wanted ? null : undefined);
}
