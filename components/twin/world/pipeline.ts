import type { FlatConfig } from '../types.ts';

/** GitLab's `CI_PIPELINE_SOURCE`, the part the twin makes. */
export type PipelineSource =
  | 'push'
  | 'web'
  | 'trigger'
  | 'schedule'
  | 'api'
  | 'external'
  | 'pipeline'
  | 'parent_pipeline'
  | 'merge_request_event';

export type JobStatus =
  | 'created'
  | 'waiting_for_resource'
  | 'pending'
  | 'running'
  | 'success'
  | 'failed'
  | 'canceling'
  | 'canceled'
  | 'skipped'
  | 'manual'
  | 'scheduled';

export type PipelineStatus = Exclude<JobStatus, 'canceling'> | 'canceling';

/** GitLab's names of why a job failed, the part the twin makes. */
export type FailureReason =
  | 'script_failure'
  | 'job_execution_timeout'
  | 'runner_system_failure'
  | 'missing_dependency_failure'
  | 'stuck_or_timeout_failure'
  | 'api_failure'
  | 'downstream_pipeline_creation_failed'
  | 'upstream_bridge_project_not_found'
  | 'downstream_bridge_project_not_found'
  | 'invalid_bridge_trigger'
  | 'insufficient_bridge_permissions'
  | 'pipeline_loop_detected'
  | 'reached_max_descendant_pipelines_depth'
  | 'reached_max_pipeline_hierarchy_size'
  | 'forward_deployment_failure'
  | 'failed_outdated_deployment_job'
  | 'protected_environment_failure'
  | 'data_integrity_failure';

/** A variable given with a pipeline, by a trigger, a schedule or a person. */
export interface GivenVariable {
  readonly key: string;
  readonly value: string;
  readonly variableType: 'env_var' | 'file';
}

/** The merge request that a pipeline is of. */
export interface OfMergeRequest {
  readonly projectId: number;
  readonly iid: number;
  /** Where the commit is a merge of both branches: what it was made of. */
  readonly merged?: {
    readonly event: 'merged_result' | 'merge_train';
    readonly sourceSha: string;
    readonly targetSha: string;
  };
}

export interface Pipeline {
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  /** Branch or tag; of a merge request pipeline `refs/merge-requests/7/head`, of one of merged results `…/merge`. */
  readonly ref: string;
  readonly tag: boolean;
  readonly sha: string;
  /** What the branch was before a push; zeros where there is none. */
  readonly beforeSha: string;
  readonly source: PipelineSource;
  readonly userId: number;
  /** Whether it sees protected variables and runners. */
  readonly protectedRef: boolean;
  name: string | undefined;
  /** Empty for one that exists only for its mistake. */
  readonly jobs: Job[];
  /** Where the configuration cannot be used: GitLab creates the pipeline as failed, without jobs. */
  readonly yamlErrors: string | undefined;
  readonly variables: readonly GivenVariable[];
  readonly mergeRequest: OfMergeRequest | undefined;
  readonly scheduleId: number | undefined;
  /** The job of another pipeline that triggered it. */
  readonly upstreamJobId: number | undefined;
  /** As rendered and resolved; undefined of external pipelines and of ones with `yamlErrors`. */
  readonly config: FlatConfig | undefined;
  readonly createdAt: string;
  updatedAt: string;
  startedAt: string | undefined;
  finishedAt: string | undefined;
  /** Kept up to date by the scheduler. */
  status: PipelineStatus;
}

/** One attempt of a job; a retry is a new one of the same name. */
export interface Job {
  readonly id: number;
  readonly pipelineId: number;
  readonly projectId: number;
  /** As GitLab shows it: `test 1/3`, `test: [linux, 24]`. */
  readonly name: string;
  /** Its key in the configuration. */
  readonly key: string;
  readonly stage: string;
  readonly kind: 'build' | 'bridge' | 'status';
  status: JobStatus;
  allowFailure: boolean;
  /** `on_success`, `on_failure`, `always`, `manual`, `delayed`. */
  readonly when: string;
  /** A newer attempt has taken its place. */
  retried: boolean;
  failureReason: FailureReason | undefined;
  exitCode: number | undefined;
  /** User who played or retried it, else the pipeline's. */
  userId: number;
  readonly createdAt: string;
  queuedAt: string | undefined;
  startedAt: string | undefined;
  finishedAt: string | undefined;
  /** When its log and artifacts were taken away by hand. */
  erasedAt?: string;
  /** Seconds; the project's where the job has none. */
  readonly timeout: number;
  readonly environment: JobEnvironment | undefined;
  readonly resourceGroup: string | undefined;
  readonly tags: readonly string[];
  /** Its log; grows while it runs. */
  trace: string;
  /** Undefined while it has none, or they are gone. */
  artifacts: Artifacts | undefined;
  /** Variables of `artifacts:reports:dotenv`. */
  dotenv: readonly { readonly key: string; readonly value: string }[];
  coverage: number | undefined;
  downstreamPipelineId: number | undefined;
  /** Variables given when it was played. */
  playVariables: readonly GivenVariable[];
  /** Of an external commit status. */
  readonly external: ExternalStatus | undefined;
}

export interface JobEnvironment {
  readonly name: string;
  readonly action: string;
  readonly url: string | undefined;
  readonly onStop: string | undefined;
  readonly tier: string | undefined;
}

export interface ExternalStatus {
  targetUrl: string | undefined;
  description: string | undefined;
  coverage: number | undefined;
}

/** What a job left: `paths` and files of reports, apart. */
export interface Artifacts {
  /** Folder with the files of `artifacts:paths`. */
  readonly folder: string;
  /** Files below it, with `/`. */
  readonly files: readonly string[];
  /** Files of reports by kind (`junit`, `codequality`), below `reportsFolder`. */
  readonly reports: Readonly<Record<string, readonly string[]>>;
  readonly reportsFolder: string;
  /** ISO 8601; undefined is kept for ever. */
  readonly expireAt: string | undefined;
  /** `artifacts:access`. */
  readonly access: 'all' | 'developer' | 'maintainer' | 'none';
}

export interface Environment {
  readonly id: number;
  name: string;
  readonly slug: string;
  externalUrl: string | undefined;
  tier: string;
  description: string | undefined;
  state: 'available' | 'stopping' | 'stopped';
  readonly createdAt: string;
  updatedAt: string;
}

export interface Deployment {
  readonly id: number;
  readonly iid: number;
  readonly environmentId: number;
  readonly ref: string;
  readonly tag: boolean;
  readonly sha: string;
  readonly userId: number;
  /** The job that deploys; undefined where the API made it. */
  readonly jobId: number | undefined;
  status: 'created' | 'running' | 'success' | 'failed' | 'canceled' | 'skipped' | 'blocked';
  readonly createdAt: string;
  updatedAt: string;
  readonly approvals: {
    readonly userId: number;
    readonly status: 'approved' | 'rejected';
    readonly comment: string;
  }[];
}

export interface Schedule {
  readonly id: number;
  description: string;
  ref: string;
  cron: string;
  cronTimezone: string;
  active: boolean;
  ownerId: number;
  readonly variables: GivenVariable[];
  inputs: readonly { readonly name: string; readonly value: unknown }[];
  readonly createdAt: string;
  updatedAt: string;
  lastPipelineId: number | undefined;
}

/** One at a time of the jobs that name it. */
export interface ResourceGroup {
  readonly id: number;
  readonly key: string;
  processMode: 'unordered' | 'oldest_first' | 'newest_first' | 'newest_ready_first';
  /** The job that holds it. */
  heldBy: number | undefined;
  readonly createdAt: string;
}
