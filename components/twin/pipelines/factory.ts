import type { LintResult, PipelineRequest, Pipelines } from '../ports.ts';
import type { Job } from '../world/pipeline.ts';
import { type CreatedPlan, createPipeline, type FactoryParts, preparePipeline } from './create.ts';
import { type Downstream, type DownstreamParts, downstreamRequest } from './downstream.ts';
import { readFacts } from './facts.ts';
import { lintConfiguration } from './lint.ts';
import type { JobSpec, JobVariable, PlannedPipeline } from './types.ts';
import { type AttemptGiven, jobVariables } from './variables.ts';

export type { Configuration, ConfigurationFile, ConfigurationLook } from './configuration.ts';

/** Makes pipelines from configurations; whoever runs them asks it for all that the configuration decides. */
export interface PipelineFactory {
  readonly create: (request: PipelineRequest) => Promise<CreatedPlan>;
  /** Does what `create` does up to the pipeline itself: whoever looks on is shown the configuration. */
  readonly inspect: (request: PipelineRequest) => Promise<void>;
  /** The variables of one attempt. Asked for when it starts: some say when that was. */
  readonly variables: (
    planned: PlannedPipeline,
    spec: JobSpec,
    job: Job,
    given: AttemptGiven,
  ) => Promise<readonly JobVariable[]>;
  /** The pipeline a trigger job asks for. */
  readonly downstream: (
    planned: PlannedPipeline,
    spec: JobSpec,
    job: Job,
    dotenv?: AttemptGiven['dotenv'],
  ) => Promise<Downstream>;
  readonly lint: (...args: Parameters<Pipelines['lint']>) => Promise<LintResult>;
}

export function createPipelineFactory(parts: FactoryParts & DownstreamParts): PipelineFactory {
  const { world } = parts;
  return {
    create: (request) => createPipeline(parts, request),
    inspect: async (request) => {
      await preparePipeline(parts, request, parts.look);
    },
    variables: async (planned, spec, job, given) => {
      const project = world.projects.get(planned.pipeline.projectId);
      if (project === undefined) return [];
      const facts = await readFacts(parts, project, planned.pipeline);
      return jobVariables(facts, planned, spec, job, given);
    },
    downstream: (planned, spec, job, dotenv) => downstreamRequest(parts, planned, spec, job, dotenv),
    lint: (project, request) => lintConfiguration(parts, project, request),
  };
}
