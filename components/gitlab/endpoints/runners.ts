import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { flag, integer, list, optional, record, text } from './shape.ts';

const common = {
  method: 'GET',
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'maintainer',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/runners',
} as const;

export interface Runner {
  readonly id: number;
  /** GitLab's word: `instance_type`, `group_type`, `project_type`. */
  readonly runnerType: string;
  readonly paused: boolean;
  /** GitLab's word: `online`, `offline`, `stale`, `never_contacted`. */
  readonly status: string;
}

const fields = { id: integer, runnerType: text, paused: flag, status: text };

export interface RunnerDetails extends Runner {
  readonly tagList: readonly string[];
  /** Whether it takes jobs without tags. */
  readonly runUntagged: boolean;
  /** `ref_protected` takes jobs of protected branches and tags only, `not_protected` all. */
  readonly accessLevel: string;
  /** Projects it is assigned to, of those the token may see; none for runners of groups and the instance. */
  readonly projects: readonly { readonly id: number }[] | undefined;
}

/** Those of the project, of its groups and of the instance that it may use. */
export const listRunners = defineEndpoint(
  { ...common, about: 'List the runners of a project', path: '/projects/:project/runners' },
  (call, input: OfProject): AsyncGenerator<Runner> => call.list(input, json(list(record<Runner>(fields)))),
);

/** Everybody signed in sees runners of the instance; others take a maintainer of their project, an owner of their group. */
export const getRunner = defineEndpoint(
  { ...common, about: 'Get a runner with its tags', path: '/runners/:runner' },
  (call, input: { readonly runner: number }): Promise<RunnerDetails> =>
    call.send(
      input,
      json(
        record<RunnerDetails>({
          ...{ ...fields, tagList: list(text), runUntagged: flag, accessLevel: text },
          projects: optional(list(record({ id: integer }))),
        }),
      ),
    ),
);
