import type { FlatConfig } from '../types.ts';
import type { Artifacts, Job, Pipeline } from '../world/pipeline.ts';

/** What the configuration says of one job of a pipeline, beyond what its record shows; equal for all its attempts. */
export interface JobSpec {
  /** As GitLab shows it: `test 1/3`, `test: [linux, 24]`. */
  readonly name: string;
  /** Its key in the configuration. */
  readonly key: string;
  readonly stage: string;
  readonly kind: 'build' | 'bridge';
  readonly when: 'on_success' | 'on_failure' | 'always' | 'manual' | 'delayed';
  readonly allowFailure: boolean | readonly number[];
  /** Undefined: it waits for all earlier stages. Names of jobs, single ones of a `parallel` too. */
  readonly needs: readonly Need[] | undefined;
  /** Names of jobs whose artifacts it takes; undefined: of its needs, else of all earlier stages. */
  readonly dependencies: readonly string[] | undefined;
  readonly retry: RetrySpec;
  /** Expanded. */
  readonly resourceGroup: string | undefined;
  /** Seconds; the project's where it says none. */
  readonly timeoutSeconds: number;
  /** Seconds of `start_in` of a delayed job. */
  readonly startInSeconds: number | undefined;
  readonly interruptible: boolean;
  readonly trigger: TriggerSpec | undefined;
  /** Of `parallel`. */
  readonly node: { readonly index: number; readonly total: number } | undefined;
  /** `variables:` of the job, its rule and its matrix together, unexpanded; `expand: false` is raw. */
  readonly variables: readonly YamlVariable[];
  /** `inherit:variables`: which of the configuration's own variables it takes. */
  readonly inheritVariables: boolean | readonly string[];
  readonly idTokens: Readonly<Record<string, { readonly aud: readonly string[] }>>;
  /** The job as resolved, with what it inherits from `default:`: scripts, artifacts, environment, cache and so on. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface YamlVariable {
  readonly key: string;
  readonly value: string;
  readonly raw: boolean;
}

export type Need =
  | { readonly kind: 'job'; readonly name: string; readonly artifacts: boolean; readonly optional: boolean }
  /** `needs:project`, Premium. */
  | {
      readonly kind: 'project';
      readonly project: string;
      readonly ref: string;
      readonly job: string;
      readonly artifacts: boolean;
    }
  /** `needs:pipeline` with a job: of the parent pipeline. */
  | {
      readonly kind: 'pipeline';
      readonly pipeline: string;
      readonly job: string;
      readonly artifacts: boolean;
    };

export interface RetrySpec {
  /** 0 to 2. */
  readonly max: number;
  /** GitLab's names; `always` is any failure. Empty with exit codes means those only. */
  readonly when: readonly string[];
  readonly exitCodes: readonly number[];
}

export type TriggerSpec = {
  readonly strategy: 'none' | 'depend' | 'mirror';
  readonly forward: { readonly yamlVariables: boolean; readonly pipelineVariables: boolean };
  readonly inputs: Readonly<Record<string, unknown>>;
} & (
  | { readonly kind: 'project'; readonly project: string; readonly branch: string | undefined }
  | { readonly kind: 'local'; readonly files: readonly string[] }
  | { readonly kind: 'artifact'; readonly file: string; readonly job: string }
);

/** A pipeline with what its jobs are; kept beside its record by the scheduler. */
export interface PlannedPipeline {
  readonly pipeline: Pipeline;
  readonly config: FlatConfig;
  readonly stages: readonly string[];
  /** By name. */
  readonly specs: ReadonlyMap<string, JobSpec>;
  /** Commit `rules:changes` compared with. */
  readonly compared: string | undefined;
  /** Sentences on what the twin cannot honour. */
  readonly notes: readonly string[];
}

/** A variable as the job gets it: expanded, of the highest precedence. */
export interface JobVariable {
  readonly key: string;
  readonly value: string;
  /** A file variable's value is the content of a file whose path the job gets. */
  readonly file: boolean;
  readonly masked: boolean;
  /** Its value stays as it is also where it names a file variable, whose path only the runner knows. */
  readonly raw?: boolean;
}

/** One attempt, ready to run. */
export interface Attempt {
  readonly planned: PlannedPipeline;
  readonly job: Job;
  readonly spec: JobSpec;
  readonly variables: readonly JobVariable[];
  /** Artifacts laid into its folder before it starts, in this order. */
  readonly artifacts: readonly { readonly job: string; readonly artifacts: Artifacts }[];
}

export type AttemptEnd =
  | {
      readonly kind: 'exit';
      readonly exitCode: number;
      /** What its rules of upload (`when`, reports always) let it keep. */
      readonly artifacts: Artifacts | undefined;
      readonly dotenv: readonly { readonly key: string; readonly value: string }[];
      readonly coverage: number | undefined;
    }
  /** Ran beyond its timeout: ended by SIGTERM, then SIGKILL; artifacts as after a failure. */
  | { readonly kind: 'timeout'; readonly artifacts: Artifacts | undefined }
  | { readonly kind: 'canceled' }
  /** The runner vanished: killed at once, nothing is kept. */
  | { readonly kind: 'lost' }
  /** The machine's fault, not the script's. */
  | { readonly kind: 'system'; readonly message: string };

export interface Runner {
  /**
   * Runs one attempt to its end; never rejects for what the job does.
   *
   * @param stop - aborted with reason `'cancel'` or `'lost'`
   * @param trace - gets pieces of the log as they come, masked
   */
  readonly run: (attempt: Attempt, stop: AbortSignal, trace: (text: string) => void) => Promise<AttemptEnd>;
  /** Forgets the working folder of a pipeline. */
  readonly forget: (planned: PlannedPipeline) => Promise<void>;
}
