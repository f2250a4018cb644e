import { json, text as plainText } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import type { NewVariable } from './pipeline.ts';
import type { OfPipeline } from './pipelines.ts';
import { commitId, flag, integer, list, optional, record, text } from './shape.ts';
import { type User, userShape } from './user.ts';

const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'guest',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/jobs',
} as const;
const reads = { ...common, method: 'GET' } as const;
const writes = { ...common, method: 'POST', role: 'developer', scope: 'api' } as const;
const one = '/projects/:project/jobs/:job';

export interface OfJob extends OfProject {
  readonly job: number;
}

export interface Job {
  readonly id: number;
  readonly name: string;
  readonly stage: string;
  /** GitLab's word, such as `created`, `manual`, `running`, `success`, `failed`. */
  readonly status: string;
  readonly ref: string;
  readonly allowFailure: boolean;
  readonly failureReason: string | undefined;
  readonly webUrl: string;
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
  readonly pipeline: { readonly id: number; readonly sha: string };
  /** Who started, played or retried it. */
  readonly user: User | undefined;
  /** The archive of its artifacts, as long as files can be had from it. */
  readonly artifactsFile: { readonly filename: string; readonly size: number } | undefined;
  /** ISO 8601. Those of the latest successful pipeline of a ref may stay longer. */
  readonly artifactsExpireAt: string | undefined;
  /** When somebody took its log and artifacts away. */
  readonly erasedAt: string | undefined;
}

const fields = {
  ...{ id: integer, name: text, stage: text, status: text, ref: text, allowFailure: flag },
  ...{ failureReason: optional(text), webUrl: text, startedAt: optional(text), finishedAt: optional(text) },
  pipeline: record({ id: integer, sha: commitId }),
  user: optional(userShape),
  artifactsFile: optional(record({ filename: text, size: integer })),
  ...{ artifactsExpireAt: optional(text), erasedAt: optional(text) },
};
const jobShape = record<Job>(fields);

/** A job that triggers another pipeline. */
export interface Bridge extends Job {
  readonly downstreamPipeline:
    | { readonly id: number; readonly projectId: number; readonly status: string }
    | undefined;
}

const bridgeShape = record<Bridge>({
  ...fields,
  downstreamPipeline: optional(record({ id: integer, projectId: integer, status: text })),
});

/** Of the whole project, the newest first. */
export const listJobs = defineEndpoint(
  { ...reads, about: 'List the jobs of a project', path: '/projects/:project/jobs', jobToken: true },
  (call, input: OfProject & { readonly scope?: readonly string[] }) =>
    call.list(input, json(list(jobShape)), { scope: input.scope }),
);

export const listPipelineJobs = defineEndpoint(
  {
    ...{ ...reads, about: 'List the jobs of a pipeline', jobToken: true },
    path: '/projects/:project/pipelines/:pipeline/jobs',
  },
  (call, input: OfPipeline & { readonly retried?: boolean }) =>
    call.list(input, json(list(jobShape)), { include_retried: input.retried }),
);

export const listBridges = defineEndpoint(
  {
    ...{ ...reads, about: 'List the jobs of a pipeline that trigger others' },
    path: '/projects/:project/pipelines/:pipeline/bridges',
  },
  (call, input: OfPipeline) => call.list(input, json(list(bridgeShape))),
);

export const getJob = defineEndpoint(
  { ...reads, about: 'Get a job', path: one },
  (call, input: OfJob): Promise<Job> => call.send(input, json(jobShape)),
);

/** The log as it stands, at most 32 MiB of it. */
export const readTrace = defineEndpoint(
  { ...reads, about: 'Read the log of a job', path: `${one}/trace` },
  (call, input: OfJob) => call.send(input, plainText),
);

/** The job whose token is used: only a job token has one. */
export const getOwnJob = defineEndpoint(
  {
    ...reads,
    about: 'Get the job of the job token',
    path: '/job',
    jobToken: true,
    role: 'user',
    scope: 'none',
  },
  (call) => call.send({}, json(jobShape)),
);

/** Starts a manual or delayed job; one that no longer waits is refused (400), unless our lost request started it. */
export const playJob = defineEndpoint(
  { ...writes, about: 'Start a manual job', path: `${one}/play`, replay: 'marker' },
  (call, input: OfJob & { readonly variables?: readonly NewVariable[] }): Promise<Job> => {
    const found = async () => {
      const job = await getJob(call.gitlab, input);
      return ['manual', 'scheduled'].includes(job.status) ? undefined : job;
    };
    const body = { json: { job_variables_attributes: input.variables } };
    return call.send(input, json(jobShape), { body, found });
  },
);

/** Runs a job again, as a new job, which is the result. */
export const retryJob = defineEndpoint(
  { ...writes, about: 'Run a job again', path: `${one}/retry`, replay: 'never' },
  (call, input: OfJob) => call.send(input, json(jobShape)),
);

export const cancelJob = defineEndpoint(
  { ...writes, about: 'Cancel a job', path: `${one}/cancel` },
  (call, input: OfJob) => call.send(input, json(jobShape)),
);
