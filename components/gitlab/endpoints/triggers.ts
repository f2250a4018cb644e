import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { pipelineShape } from './pipeline.ts';

/**
 * Starts a pipeline with a trigger token, or a job token, which stands in the body: an address is written to logs. The
 * role is that of the token's owner.
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
  ) => {
    const { ref, token, variables, inputs } = input;
    return call.send(input, json(pipelineShape), { body: { json: { ref, token, variables, inputs } } });
  },
);
