/** Something that happens to a project: one of the actions, and where and by whom. */
export type Step = {
  /** `local` without, who owns everything. */
  readonly as?: string;
  /** Path of the project; `acme/app` without. */
  readonly in?: string;
  /** It happens while what was started before still goes on. */
  readonly meanwhile?: boolean;
} & { [Name in keyof Actions]: Pick<Actions, Name> }[keyof Actions];

export interface Actions {
  readonly push: PushStep | null;
  /** Pushes a branch, of which nothing is told but by the merge request that is opened for it. */
  readonly open: OpenStep;
  /** As by "New pipeline". */
  readonly run: RunStep | null;
  /** By a trigger token of the user. */
  readonly trigger: RunStep | null;
  /** Starts the schedule of that description. */
  readonly schedule: string;
  readonly play: JobStep & { readonly variables?: Readonly<Record<string, string>> };
  readonly retry: JobStep;
  readonly cancel: JobStep;
  readonly erase: JobStep;
  readonly lose_runner: JobStep;
  /** Number of the project's pipeline, 1 the first. */
  readonly cancel_pipeline: number;
  readonly retry_pipeline: number;
  readonly stop_environment: string;
  /** Premium: the level of those who may deploy to it. */
  readonly protect_environment: { readonly name: string; readonly level: number };
  readonly status: { readonly name: string; readonly state: string };
  readonly process_mode: { readonly group: string; readonly mode: string };
  /** Settings as the projects API names them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Waits until the log of a running job has the text; that is meanwhile. */
  readonly until: JobStep & { readonly log: string };
  readonly seconds: number;
}

export interface PushStep {
  /** main without. */
  readonly branch?: string;
  readonly tag?: string;
  readonly message?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
}

export interface OpenStep {
  readonly branch: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Path of the project it goes into; the one it comes from without. */
  readonly into?: string;
}

export interface RunStep {
  readonly ref?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** A name is of the newest pipeline. */
export type JobStep = { readonly job: string; readonly pipeline?: number };
