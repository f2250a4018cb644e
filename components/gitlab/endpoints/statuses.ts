import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { commitId, integer, list, optional, record, text } from './shape.ts';

const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/commits',
} as const;

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly name: string;
  readonly status: string;
  readonly ref: string | undefined;
  readonly description: string | undefined;
  readonly targetUrl: string | undefined;
  readonly pipelineId: number | undefined;
}

const statusShape = record<CommitStatus>({
  ...{ id: integer, sha: commitId, name: text, status: text, ref: optional(text) },
  ...{ description: optional(text), targetUrl: optional(text), pipelineId: optional(integer) },
});

export interface NewStatus extends OfProject {
  readonly sha: string;
  readonly state: 'pending' | 'running' | 'success' | 'failed' | 'canceled' | 'skipped';
  /** What tells it from other statuses of the commit. */
  readonly name: string;
  /** Without it GitLab takes the newest pipeline of the commit, or makes an external one. */
  readonly pipelineId?: number | undefined;
  readonly ref?: string | undefined;
  /** At most 255 characters. */
  readonly description?: string | undefined;
  readonly targetUrl?: string | undefined;
}

/** Sets the status of a commit by name: twice is as good as once, and a 409 of two at a time is repeated. */
export const setStatus = defineEndpoint(
  {
    ...{ ...common, about: 'Set the status of a commit', method: 'POST' },
    ...{ path: '/projects/:project/statuses/:sha', role: 'developer', scope: 'api' },
  },
  (call, input: NewStatus) => {
    const { state, name, pipelineId, ref, description, targetUrl } = input;
    const body = { state, name, pipeline_id: pipelineId, ref, description, target_url: targetUrl };
    return call.send(input, json(statusShape), { body: { json: body } });
  },
);

/** The latest status of each name, jobs' too. */
export const listStatuses = defineEndpoint(
  {
    ...{ ...common, about: 'List the statuses of a commit', method: 'GET' },
    ...{ path: '/projects/:project/repository/commits/:sha/statuses', role: 'reporter', scope: 'read_api' },
  },
  (call, input: OfProject & { readonly sha: string; readonly name?: string; readonly pipelineId?: number }) =>
    call.list(input, json(list(statusShape)), { name: input.name, pipeline_id: input.pipelineId }),
);
