import { json } from '../read-body.ts';
import { defineEndpoint } from './define.ts';
import { floor } from './facts.ts';
import type { OfMergeRequest } from './notes.ts';
import { integer, list, record, text } from './shape.ts';

const common = {
  jobToken: false,
  tier: 'ultimate',
  since: floor,
  role: 'developer',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/status_checks',
} as const;
const mergeRequest = '/projects/:project/merge_requests/:mergeRequest';

/** A check of another system, as it stands at the head of a merge request. */
export interface StatusCheck {
  readonly id: number;
  readonly name: string;
  /** GitLab's word: `passed`, `failed`, `pending`. */
  readonly status: string;
}

/** Those that apply to the merge request's target branch. */
export const listStatusChecks = defineEndpoint(
  {
    ...{ ...common, about: 'List the external status checks of a merge request', method: 'GET' },
    ...{ path: `${mergeRequest}/status_checks`, scope: 'read_api' },
  },
  (call, input: OfMergeRequest) =>
    call.list(input, json(list(record<StatusCheck>({ id: integer, name: text, status: text })))),
);

/** Answers a check for exactly that head: for another one GitLab answers 409. */
export const answerStatusCheck = defineEndpoint(
  {
    ...{ ...common, about: 'Answer an external status check', method: 'POST' },
    ...{ path: `${mergeRequest}/status_check_responses`, scope: 'api' },
  },
  (
    call,
    input: OfMergeRequest & {
      readonly check: number;
      readonly sha: string;
      readonly status: 'passed' | 'failed';
    },
  ): Promise<{ readonly id: number }> => {
    const { check, sha, status } = input;
    const body = { external_status_check_id: check, sha, status };
    return call.send(input, json(record({ id: integer })), { body: { json: body } });
  },
);
