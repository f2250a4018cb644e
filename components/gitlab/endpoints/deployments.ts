import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { commitId, integer, list, record, text } from './shape.ts';

const common = {
  jobToken: true,
  tier: 'free',
  since: floor,
  role: 'reporter',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/deployments',
} as const;
const writes = { ...common, role: 'developer', scope: 'api' } as const;
const all = '/projects/:project/deployments';
const one = `${all}/:deployment` as const;

export interface OfDeployment extends OfProject {
  readonly deployment: number;
}

export interface Deployment {
  readonly id: number;
  readonly iid: number;
  readonly ref: string;
  readonly sha: string;
  /** GitLab's word, such as `running`, `success`, `failed`, `blocked`. */
  readonly status: string;
  readonly createdAt: string;
  readonly environment: { readonly id: number; readonly name: string };
}

const deploymentShape = record<Deployment>({
  ...{ id: integer, iid: integer, ref: text, sha: commitId, status: text, createdAt: text },
  environment: record({ id: integer, name: text }),
});

export type DeploymentStatus = 'running' | 'success' | 'failed' | 'canceled';

/** The newest first. */
export const listDeployments = defineEndpoint(
  { ...common, about: 'List deployments', method: 'GET', path: all },
  (call, input: OfProject & { readonly environment?: string; readonly status?: string }) =>
    call.list(input, json(list(deploymentShape)), {
      ...{ environment: input.environment, status: input.status, order_by: 'id', sort: 'desc' },
    }),
);

export const getDeployment = defineEndpoint(
  { ...common, about: 'Get a deployment', method: 'GET', path: one },
  (call, input: OfDeployment) => call.send(input, json(deploymentShape)),
);

/** Tells GitLab of a deployment that no job with `environment` made. */
export const createDeployment = defineEndpoint(
  { ...writes, about: 'Record a deployment', method: 'POST', path: all, replay: 'never' },
  (
    call,
    input: OfProject & {
      /** Its name. */
      readonly environment: string;
      readonly sha: string;
      readonly ref: string;
      readonly tag: boolean;
      readonly status: DeploymentStatus;
    },
  ) => {
    const { environment, sha, ref, tag, status } = input;
    return call.send(input, json(deploymentShape), {
      body: { json: { environment, sha, ref, tag, status } },
    });
  },
);

export const updateDeployment = defineEndpoint(
  { ...writes, about: 'Change the status of a deployment', method: 'PUT', path: one },
  (call, input: OfDeployment & { readonly status: DeploymentStatus }) =>
    call.send(input, json(deploymentShape), { body: { json: { status: input.status } } }),
);
