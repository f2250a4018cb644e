import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import {
  type NewVariable,
  type Pipeline,
  type PipelineDetails,
  pipelineDetailsShape,
  pipelineShape,
} from './pipeline.ts';
import { list, record, text } from './shape.ts';

const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'guest',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/pipelines',
} as const;
const writes = { ...common, method: 'POST', role: 'developer', scope: 'api' } as const;
const all = '/projects/:project/pipelines';
const one = `${all}/:pipeline` as const;

export interface OfPipeline extends OfProject {
  readonly pipeline: number;
}

export interface PipelineFilter extends OfProject {
  readonly ref?: string | undefined;
  readonly sha?: string | undefined;
  readonly status?: string | undefined;
  readonly source?: string | undefined;
  /** ISO 8601. */
  readonly updatedAfter?: string | undefined;
}

/** The newest first. */
export const listPipelines = defineEndpoint(
  { ...common, about: 'List pipelines', method: 'GET', path: all, jobToken: { since: '19.0' } },
  (call, input: PipelineFilter): AsyncGenerator<Pipeline> => {
    const { ref, sha, status, source, updatedAfter } = input;
    const query = { ref, sha, status, source, updated_after: updatedAfter };
    return call.list(input, json(list(pipelineShape)), query);
  },
);

/** With the user who started it. */
export const getPipeline = defineEndpoint(
  { ...common, about: 'Get a pipeline', method: 'GET', path: one, jobToken: { since: '19.0' } },
  (call, input: OfPipeline): Promise<PipelineDetails> => call.send(input, json(pipelineDetailsShape)),
);

/** The newest pipeline of a branch's last commit; the default branch's without `ref`. */
export const getLatestPipeline = defineEndpoint(
  { ...common, about: 'Get the latest pipeline of a branch', method: 'GET', path: `${all}/latest` },
  (call, input: OfProject & { readonly ref?: string }): Promise<PipelineDetails> =>
    call.send(input, json(pipelineDetailsShape), { query: { ref: input.ref } }),
);

/** Starts a pipeline. Where the answer is lost nobody can tell whether it runs, so it is not repeated. */
export const createPipeline = defineEndpoint(
  { ...writes, about: 'Start a pipeline', path: '/projects/:project/pipeline', replay: 'never' },
  (
    call,
    input: OfProject & {
      readonly ref: string;
      readonly variables?: readonly NewVariable[];
      readonly inputs?: Readonly<Record<string, unknown>>;
    },
  ): Promise<PipelineDetails> => {
    const { ref, variables, inputs } = input;
    return call.send(input, json(pipelineDetailsShape), { body: { json: { ref, variables, inputs } } });
  },
);

/** Retries the failed and canceled jobs, in place. */
export const retryPipeline = defineEndpoint(
  { ...writes, about: 'Retry the failed jobs of a pipeline', path: `${one}/retry`, replay: 'never' },
  (call, input: OfPipeline) => call.send(input, json(pipelineShape)),
);

export const cancelPipeline = defineEndpoint(
  { ...writes, about: 'Cancel the jobs of a pipeline', path: `${one}/cancel` },
  (call, input: OfPipeline) => call.send(input, json(pipelineShape)),
);

/** The names alone: values never leave this function. Developers see those of the pipelines they started. */
export const listPipelineVariables = defineEndpoint(
  {
    ...{ ...common, about: 'List the names of the variables a pipeline was given', method: 'GET' },
    ...{ path: `${one}/variables`, role: 'maintainer' },
  },
  async (call, input: OfPipeline): Promise<readonly string[]> => {
    const keys = await call.send(input, json(list(record({ key: text }))));
    return keys.map(({ key }) => key);
  },
);
