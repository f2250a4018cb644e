import type { RunningTwin } from '../../../components/twin/twin.ts';
import type { Job, Pipeline } from '../../../components/twin/world/pipeline.ts';
import { findProject } from '../../../components/twin/world/world.ts';
import { mainProject } from './case-file.ts';
import type { Expected, ExpectedJob, ExpectedPipeline } from './expected.ts';

/** What is there in the end, in the words of what is expected and of nothing that this does not ask for. */
export function observe(twin: RunningTwin, refused: readonly string[], expected: Expected): Expected {
  const pipelines = inFamilies(twin);
  const { environments, apart, order } = expected;
  return {
    ...(expected.pipelines === undefined && pipelines.length === 0
      ? {}
      : {
          pipelines: pipelines.map((pipeline, at) => showPipeline(twin, pipeline, expected.pipelines?.[at])),
        }),
    ...(expected.refused === undefined && refused.length === 0
      ? {}
      : { refused: containing(refused, expected.refused) }),
    ...(environments === undefined ? {} : { environments: showEnvironments(twin) }),
    ...(apart === undefined
      ? {}
      : { apart: disjoint(spans(twin).filter(({ job }) => apart.includes(job.name))) }),
    ...(order === undefined ? {} : { order: inOrder(twin, pipelines) }),
  };
}

/** Each pipeline and then what its jobs triggered, in the order of these: which comes first in time is chance. */
function inFamilies({ world }: RunningTwin): readonly Pipeline[] {
  const all = [...world.pipelines.values()];
  const family = (pipeline: Pipeline): readonly Pipeline[] => {
    const below = pipeline.jobs.flatMap(({ id }) => all.filter(({ upstreamJobId }) => upstreamJobId === id));
    return [pipeline, ...below.flatMap(family)];
  };
  return all.filter(({ upstreamJobId }) => upstreamJobId === undefined).flatMap(family);
}

/** A message that has the expected part is shown as that part. */
function containing(messages: readonly string[], parts: readonly string[] = []): readonly string[] {
  return messages.map((message, at) => {
    const part = parts[at];
    return part !== undefined && message.includes(part) ? part : message;
  });
}

/** Of one that nobody expects everything that tells it. */
const plainly: ExpectedPipeline = { source: 'push', status: 'success', ref: '?', jobs: {} };

function showPipeline(twin: RunningTwin, pipeline: Pipeline, wanted = plainly): ExpectedPipeline {
  const { source, status, ref, name, yamlErrors, upstreamJobId, jobs } = pipeline;
  const project = twin.world.projects.get(pipeline.projectId)?.path ?? '?';
  const upstream = upstreamJobId === undefined ? undefined : twin.world.jobs.get(upstreamJobId)?.name;
  const latest = jobs.filter(({ retried }) => !retried);
  const asked = {
    ...(wanted.project === undefined && project === mainProject ? {} : { project }),
    ...(wanted.ref === undefined ? {} : { ref }),
    ...(wanted.name === undefined || name === undefined ? {} : { name }),
    ...(yamlErrors === undefined
      ? {}
      : { yaml_errors: containing([yamlErrors], [wanted.yaml_errors ?? ''])[0] || yamlErrors }),
    ...(wanted.upstream === undefined || upstream === undefined ? {} : { upstream }),
  };
  const shown = latest.map((job) => [job.name, showJob(pipeline, job, wanted.jobs[job.name])] as const);
  return { ...asked, source, status, jobs: Object.fromEntries(shown) };
}

function showJob(
  { jobs }: Pipeline,
  job: Job,
  wanted: ExpectedPipeline['jobs'][string] | undefined,
): ExpectedJob | Job['status'] {
  if (wanted === undefined || typeof wanted === 'string') return job.status;
  const { artifacts } = job;
  const all: Readonly<Record<keyof ExpectedJob, unknown>> = {
    ...{ status: job.status, stage: job.stage, failure_reason: job.failureReason, exit_code: job.exitCode },
    attempts: jobs.filter(({ name }) => name === job.name).length,
    allow_failure: job.allowFailure,
    log:
      wanted.log?.map((text) => (job.trace.includes(text) ? text : `not "${text}" but:\n${job.trace}`)) ?? [],
    not_in_log:
      wanted.not_in_log?.map((text) => (job.trace.includes(text) ? `there is ${text}` : text)) ?? [],
    artifacts: artifacts?.files ?? [],
    reports: artifacts?.reports ?? {},
    coverage: job.coverage,
  };
  const keys = Object.keys(wanted);
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => keys.includes(key)),
  ) as Partial<ExpectedJob> as ExpectedJob;
}

function showEnvironments({ world }: RunningTwin): NonNullable<Expected['environments']> {
  const project = findProject(world, mainProject);
  const all = [...(project?.environments.values() ?? [])];
  const shown = all.map(({ id, name, state, externalUrl }) => {
    const deployments = [...(project?.deployments.values() ?? [])].filter(
      ({ environmentId }) => environmentId === id,
    );
    const statuses = deployments.map(({ status }) => status);
    return [
      name,
      { state, ...(externalUrl === undefined ? {} : { url: externalUrl }), deployments: statuses },
    ] as const;
  });
  return Object.fromEntries(shown);
}

interface Span {
  readonly job: Job;
  readonly begin: bigint;
  readonly end: bigint;
}

/** When jobs ran by their own clocks. */
function spans({ world }: RunningTwin): readonly Span[] {
  return [...world.jobs.values()].flatMap((job) => {
    const [, begin] = /^begin (\d+)$/m.exec(job.trace) ?? [];
    const [, end] = /^end (\d+)$/m.exec(job.trace) ?? [];
    return begin === undefined || end === undefined ? [] : [{ job, begin: BigInt(begin), end: BigInt(end) }];
  });
}

/** Names of the jobs that ran while no other of them did. */
function disjoint(all: readonly Span[]): readonly string[] {
  return all
    .filter((one) => !all.some((other) => other !== one && one.begin < other.end && other.begin < one.end))
    .map(({ job }) => job.name);
}

function inOrder(twin: RunningTwin, pipelines: readonly Pipeline[]): readonly string[] {
  const sorted = spans(twin).toSorted((a, b) => (a.begin < b.begin ? -1 : 1));
  return sorted.map(({ job }) => {
    return `${pipelines.findIndex(({ id }) => id === job.pipelineId) + 1}/${job.name}`;
  });
}
