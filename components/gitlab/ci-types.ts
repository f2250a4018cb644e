/** What a job knows of the project its pipeline runs in: for a merge request from a fork that is the fork, or the target. */
export interface ProjectPart {
  readonly id: number;
  readonly path: string;
  readonly url: string;
  readonly defaultBranch: string;
}

export interface RefPart {
  readonly kind: 'branch' | 'tag' | 'merge-request';
  /** Of a merge request the source branch. */
  readonly name: string;
  readonly protected: boolean;
  /** The checkout; in pipelines of merged results a commit that is on no branch. */
  readonly sha: string;
}

export interface MergeRequestPart {
  readonly iid: number;
  readonly event: 'detached' | 'merged_result' | 'merge_train';
  readonly target: {
    readonly projectId: number;
    readonly projectPath: string;
    readonly branch: string;
    /** What the source branch was merged with, in pipelines of merged results and of merge trains. */
    readonly sha: string | undefined;
  };
  readonly source: {
    readonly projectId: number;
    readonly projectPath: string;
    readonly branch: string;
    /** Last commit of the branch when the pipeline was created. */
    readonly sha: string;
  };
  /** Where its own changes begin; absent before GitLab has computed the diff. */
  readonly diffBaseSha: string | undefined;
  /** Whether it comes from another project, whose members decide what its pipeline runs. */
  readonly fork: boolean;
}

export interface PipelinePart {
  readonly id: number;
  /** Within the project. */
  readonly iid: number;
  /** Such as push, merge_request_event, schedule, web, api, trigger, pipeline, parent_pipeline. */
  readonly source: string;
  readonly url: string;
  /** The pipeline that started it; unknown below GitLab 18.9. */
  readonly upstream: { readonly pipelineId: number; readonly projectId: number } | undefined;
}

export interface JobPart {
  readonly id: number;
  readonly name: string;
  readonly stage: string;
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** When GitLab ends it: milliseconds since the epoch. */
  readonly deadline: number;
  /** Its place among parallel copies, from 1. */
  readonly node: { readonly index: number; readonly total: number } | undefined;
  readonly environment:
    | { readonly name: string; readonly url: string | undefined; readonly tier: string | undefined }
    | undefined;
}

export interface ServerPart {
  readonly url: string;
  readonly apiUrl: string;
  /** Such as `18.5.1-ee`. */
  readonly version: string;
  /** The authorities the runner trusts it by. */
  readonly caFile: string | undefined;
}

/** Who started the pipeline: the job's token has their rights. */
export interface UserPart {
  readonly id: number;
  readonly login: string;
  readonly name: string | undefined;
}

export interface CiParts {
  readonly project: ProjectPart;
  readonly ref: RefPart;
  readonly mergeRequest: MergeRequestPart;
  readonly pipeline: PipelinePart;
  readonly job: JobPart;
  readonly server: ServerPart;
  readonly user: UserPart;
}
