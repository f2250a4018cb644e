import type { Context } from '../../../kernel/context.ts';
import type { Created, PipelineRequest, Pipelines, Repositories } from '../../ports.ts';
import type { FailureReason, Job, Pipeline } from '../../world/pipeline.ts';
import type { World } from '../../world/world.ts';
import type { JobSpec, JobVariable, PlannedPipeline, Runner } from '../types.ts';

/** A pipeline that has been made, with its record and its jobs, all of them created, in the world. */
export type Planning =
  /** `planned` is undefined of a record that nothing runs of: of a mistake, or a pipeline the commit skips. */
  | { readonly ok: true; readonly pipeline: Pipeline; readonly planned: PlannedPipeline | undefined }
  | Extract<Created, { ok: false }>;

/** What a trigger job asks for, or why it may not. */
export type DownstreamAsked =
  | { readonly ok: true; readonly request: PipelineRequest }
  | { readonly ok: false; readonly reason: FailureReason; readonly messages: readonly string[] };

/** What the scheduler needs of the parts around it. */
export interface PipelinesParts {
  readonly context: Context;
  readonly world: World;
  readonly repositories: Pick<Repositories, 'resolve'>;
  readonly runner: Runner;
  /** Makes a pipeline of a request and plans it; starts nothing. */
  readonly plan: (request: PipelineRequest) => Promise<Planning>;
  readonly lint: Pipelines['lint'];
  /** The variables of an attempt that is about to start. */
  readonly variablesOf: (
    planned: PlannedPipeline,
    job: Job,
    spec: JobSpec,
    given: {
      /** Its `CI_JOB_TOKEN`. */
      readonly token: string;
      /** Variables of the reports of jobs it takes artifacts from; later ones win. */
      readonly dotenv: Job['dotenv'];
    },
  ) => Promise<readonly JobVariable[]>;
  /** Which pipeline a trigger job starts, in the name of its user; `dotenv` as in `variablesOf`. */
  readonly downstreamRequest: (
    job: Job,
    spec: JobSpec,
    planned: PlannedPipeline,
    dotenv: Job['dotenv'],
  ) => Promise<DownstreamAsked>;
  /** Jobs of all pipelines together that run at a time. Default 4. */
  readonly concurrency?: number;
  /** Told of mistakes of the twin itself, after the pipeline they hit was failed. Default: an error in the log. */
  readonly onError?: (error: unknown) => void;
}
