import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { type PipelineDetails, pipelineDetailsShape } from './pipeline.ts';
import { integer, list, optional, record, text } from './shape.ts';
import { type User, userShape } from './user.ts';

/** A trigger token without its value, which never leaves the reading of the answer. */
export interface Trigger {
  readonly id: number;
  readonly description: string;
  /** Its pipelines have this user's rights; undefined: nobody's, and it starts none. */
  readonly owner: User | undefined;
  /** ISO 8601; undefined: it never ends. */
  readonly expiresAt: string | undefined;
}

const triggerShape = record<Trigger>({
  ...{ id: integer, description: text, owner: optional(userShape), expiresAt: optional(text) },
});

/** Which trigger tokens a project has, and whose they are. */
export const listTriggers = defineEndpoint(
  {
    ...{ about: 'List the trigger tokens of a project', method: 'GET', path: '/projects/:project/triggers' },
    ...{ jobToken: false, tier: 'free', since: floor, role: 'maintainer', scope: 'read_api' },
    ...{ replay: 'idempotent', source: 'docs.gitlab.com/api/pipeline_triggers' },
  },
  (call, input: OfProject): AsyncGenerator<Trigger> => call.list(input, json(list(triggerShape))),
);

/**
 * Starts a pipeline with a trigger token, or a job token, which stands in the body: an address is written to logs. The
 * role is that of the token's owner. Variables are refused (400) where the project forbids them to that owner; inputs
 * must be ones that the configuration has.
 */
export const runTrigger = defineEndpoint(
  {
    ...{ about: 'Start a pipeline with a trigger token', method: 'POST', jobToken: true, tier: 'free' },
    ...{ path: '/projects/:project/trigger/pipeline', since: floor, role: 'developer', scope: 'none' },
    ...{ replay: 'never', source: 'docs.gitlab.com/api/pipeline_triggers' },
  },
  (
    call,
    input: OfProject & {
      readonly ref: string;
      readonly token: string;
      readonly variables?: Readonly<Record<string, string>>;
      readonly inputs?: Readonly<Record<string, unknown>>;
    },
  ): Promise<PipelineDetails> => {
    const { ref, token, variables, inputs } = input;
    return call.send(input, json(pipelineDetailsShape), {
      body: { json: { ref, token, variables, inputs } },
    });
  },
);
