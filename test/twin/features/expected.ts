import type {
  FailureReason,
  JobStatus,
  PipelineSource,
  PipelineStatus,
} from '../../../components/twin/world/pipeline.ts';

/** What is there in the end. */
export interface Expected {
  /** All of all projects in the order they were made, each followed by what its jobs triggered; none without. */
  readonly pipelines?: readonly ExpectedPipeline[];
  /** What the steps that were refused were told: a part of each message. */
  readonly refused?: readonly string[];
  /** Of `acme/app`. */
  readonly environments?: Readonly<Record<string, ExpectedEnvironment>>;
  /** Jobs that write `begin <time>` and `end <time>` to their logs, and of which no two ran at the same time. */
  readonly apart?: readonly string[];
  /** Such jobs, as `<pipeline>/<job>`, in the order they began. */
  readonly order?: readonly string[];
}

export interface ExpectedPipeline {
  /** `acme/app` without. */
  readonly project?: string;
  readonly source: PipelineSource;
  readonly status: PipelineStatus;
  readonly ref?: string;
  readonly name?: string;
  /** Part of what is wrong with its configuration. */
  readonly yaml_errors?: string;
  /** The job that triggered it. */
  readonly upstream?: string;
  /** All of them; a text is a status. */
  readonly jobs: Readonly<Record<string, JobStatus | ExpectedJob>>;
}

/** Of the last attempt of a job. */
export interface ExpectedJob {
  readonly status: JobStatus;
  readonly stage?: string;
  readonly failure_reason?: FailureReason;
  readonly exit_code?: number;
  readonly attempts?: number;
  readonly allow_failure?: boolean;
  /** Texts in its log. */
  readonly log?: readonly string[];
  /** Texts that are not in it. */
  readonly not_in_log?: readonly string[];
  /** All files of its artifacts. */
  readonly artifacts?: readonly string[];
  /** Files of its reports by kind. */
  readonly reports?: Readonly<Record<string, readonly string[]>>;
  readonly coverage?: number;
}

export interface ExpectedEnvironment {
  readonly state: 'available' | 'stopping' | 'stopped';
  readonly url?: string;
  /** Statuses of its deployments. */
  readonly deployments: readonly string[];
}
