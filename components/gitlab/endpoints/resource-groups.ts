import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { integer, list, record, text } from './shape.ts';

const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'developer',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/resource_groups',
} as const;
const all = '/projects/:project/resource_groups';
const one = `${all}/:key` as const;

export interface ResourceGroup {
  readonly id: number;
  readonly key: string;
  /** GitLab's word: `unordered`, `oldest_first`, `newest_first`, `newest_ready_first`. */
  readonly processMode: string;
}

const groupShape = record<ResourceGroup>({ id: integer, key: text, processMode: text });

interface OfGroup extends OfProject {
  readonly key: string;
}

/** Those that a job has used. */
export const listResourceGroups = defineEndpoint(
  { ...common, about: 'List resource groups', method: 'GET', path: all },
  (call, input: OfProject) => call.list(input, json(list(groupShape))),
);

export const getResourceGroup = defineEndpoint(
  { ...common, about: 'Get a resource group', method: 'GET', path: one },
  (call, input: OfGroup) => call.send(input, json(groupShape)),
);

/** Sets which of the waiting jobs is next. */
export const updateResourceGroup = defineEndpoint(
  { ...common, about: 'Change how a resource group lets jobs in', method: 'PUT', path: one, scope: 'api' },
  (
    call,
    input: OfGroup & {
      readonly processMode: 'unordered' | 'oldest_first' | 'newest_first' | 'newest_ready_first';
    },
  ) => call.send(input, json(groupShape), { body: { json: { process_mode: input.processMode } } }),
);
