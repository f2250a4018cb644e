import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { flag, integer, list, record, text } from './shape.ts';

const common = {
  method: 'GET',
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'maintainer',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/project_job_token_scopes',
} as const;
const scope = '/projects/:project/job_token_scope';

export interface JobTokenScope {
  /** Whether job tokens of other projects come in only where the project lets them. */
  readonly inboundEnabled: boolean;
}

export const getJobTokenScope = defineEndpoint(
  { ...common, about: 'Get whether job tokens of other projects are kept out', path: scope },
  (call, input: OfProject): Promise<JobTokenScope> =>
    call.send(input, json(record<JobTokenScope>({ inboundEnabled: flag }))),
);

export interface AllowedProject {
  readonly id: number;
  readonly pathWithNamespace: string;
}

/** Projects whose job tokens come in; the project itself may be among them. */
export const listAllowedProjects = defineEndpoint(
  { ...common, about: 'List the projects whose job tokens come in', path: `${scope}/allowlist` },
  (call, input: OfProject): AsyncGenerator<AllowedProject> =>
    call.list(input, json(list(record<AllowedProject>({ id: integer, pathWithNamespace: text })))),
);

export interface AllowedGroup {
  readonly id: number;
  readonly webUrl: string;
}

/** Groups all of whose projects' job tokens come in. */
export const listAllowedGroups = defineEndpoint(
  {
    ...{ ...common, about: 'List the groups whose projects come in with job tokens' },
    path: `${scope}/groups_allowlist`,
  },
  (call, input: OfProject): AsyncGenerator<AllowedGroup> =>
    call.list(input, json(list(record<AllowedGroup>({ id: integer, webUrl: text })))),
);
