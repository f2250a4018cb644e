/** What happened to the project; the pipeline is the one GitLab would create for it. */
export const events = ['push', 'merge-request', 'schedule', 'manual'] as const;
export type EventKind = (typeof events)[number];

/** A GitLab CI configuration without includes, inputs and `extends`, as the renderer gives it. */
export type FlatConfig = Readonly<Record<string, unknown>>;

/** What of this machine jobs are run with; `scripts/` fills it in. */
export interface Machine {
  /** Path of the Node that runs everything. */
  readonly node: string;
  /** Path of what a job gets as the command `pipewright`: main.ts or its bundle. */
  readonly entry: string;
  /** Folder where Node keeps what it has compiled of a main.ts, which costs half a second otherwise. */
  readonly compileCache?: string;
  /** Folder for temporary files. */
  readonly temporary: string;
  /** Folders jobs find programs in; nothing of the caller's own PATH reaches them. */
  readonly programs: readonly string[];
}

export type JobOutcome =
  | 'success'
  | 'failed'
  | 'failed (allowed)'
  | 'skipped'
  | 'canceled'
  | 'running'
  | 'pending'
  | 'scheduled'
  | 'manual'
  | 'not in this pipeline';

export interface JobResult {
  readonly name: string;
  readonly stage: string;
  readonly when: string;
  readonly outcome: JobOutcome;
  /** Of the script; undefined for a job that did not run. */
  readonly exitCode?: number;
  readonly seconds?: number;
  /** Why it did not run. */
  readonly reason?: string;
  /** Last lines of a failed job's log, without control characters and secrets. */
  readonly tail: readonly string[];
}

export interface PipelineResult {
  /** Project, number and source, `acme/shop pipeline 3 (merge_request_event)`; undefined of one that there is not. */
  readonly title?: string;
  /** `none`: GitLab would create no pipeline; `message` says it in GitLab's words. */
  readonly status: 'success' | 'failed' | 'blocked' | 'none';
  readonly message: string;
  readonly jobs: readonly JobResult[];
  /** What this pipeline uses and the twin cannot honour. */
  readonly notes: readonly string[];
  /** Folder with `artifacts` and `logs` of the jobs. */
  readonly folder: string;
}
