import type { Twin } from '../../ports.ts';
import type { Artifacts, Job, Pipeline } from '../../world/pipeline.ts';
import { timeOf, type World } from '../../world/world.ts';
import { archiveSize, availableArtifacts, reportsSize } from '../artifact-archive.ts';
import { commitJson } from './commit.ts';
import { pipelineBasicJson, secondsBetween, urlOfProject } from './pipeline.ts';
import { userJson } from './user.ts';

type Json = Readonly<Record<string, unknown>>;

/** Jobs as GitLab shows them, in their order. Source: docs.gitlab.com/api/jobs */
export async function jobsJson(twin: Twin, jobs: readonly Job[]): Promise<Json[]> {
  // Reading a commit starts a process, and many jobs are of one.
  const commits = new Map<string, Promise<Json | null>>();
  return Promise.all(
    jobs.map(async (job) => {
      const key = `${job.projectId} ${twin.world.pipelines.get(job.pipelineId)?.sha}`;
      const commit = commits.get(key) ?? readCommit(twin, job);
      commits.set(key, commit);
      return oneJob(twin, job, await commit);
    }),
  );
}

export async function jobJson(twin: Twin, job: Job): Promise<Json> {
  return oneJob(twin, job, await readCommit(twin, job));
}

async function readCommit(twin: Twin, job: Job): Promise<Json | null> {
  const project = twin.world.projects.get(job.projectId);
  const sha = twin.world.pipelines.get(job.pipelineId)?.sha;
  if (project === undefined || sha === undefined) return null;
  const commit = await twin.repositories.commit(project, sha);
  return commit === undefined ? null : commitJson(twin.world, project, commit);
}

async function oneJob(twin: Twin, job: Job, commit: Json | null): Promise<Json> {
  const { world } = twin;
  const pipeline = world.pipelines.get(job.pipelineId);
  const basic = {
    ...{ id: job.id, status: job.status, stage: job.stage, name: job.name },
    ...{ ref: pipeline?.ref ?? null, tag: pipeline?.tag ?? false },
    coverage: job.coverage ?? null,
    allow_failure: job.allowFailure,
    ...timesJson(world, job),
    user: userJson(world, job.userId),
    commit,
    pipeline: pipeline === undefined ? null : pipelineBasicJson(world, pipeline),
    ...(job.failureReason !== undefined && { failure_reason: job.failureReason }),
    web_url: `${urlOfProject(world, job.projectId)}/-/jobs/${job.id}`,
    project: { ci_job_token_scope_enabled: false },
  };
  return job.kind === 'bridge'
    ? { ...basic, ...bridgeJson(world, job) }
    : { ...basic, ...(await buildJson(twin, job)) };
}

function timesJson(world: World, job: Job): Json {
  return {
    created_at: job.createdAt,
    started_at: job.startedAt ?? null,
    finished_at: job.finishedAt ?? null,
    erased_at: job.erasedAt ?? null,
    duration: secondsBetween(job.startedAt, job.finishedAt ?? timeOf(world)),
    queued_duration: secondsBetween(job.queuedAt, job.startedAt ?? timeOf(world)),
  };
}

function bridgeJson(world: World, { downstreamPipelineId }: Job): Json {
  const downstream: Pipeline | undefined = world.pipelines.get(downstreamPipelineId ?? 0);
  return { downstream_pipeline: downstream === undefined ? null : pipelineBasicJson(world, downstream) };
}

async function buildJson({ context, world }: Twin, job: Job): Promise<Json> {
  const artifacts = availableArtifacts(world, job);
  const files = artifacts === undefined ? [] : await artifactFiles(context.fs, artifacts);
  const archive = files.find(({ file_type }) => file_type === 'archive');
  const trace = {
    file_type: 'trace',
    size: Buffer.byteLength(job.trace),
    filename: 'job.log',
    file_format: null,
  };
  return {
    artifacts: [...files, ...(job.finishedAt !== undefined && job.trace !== '' ? [trace] : [])],
    ...(archive !== undefined && { artifacts_file: { filename: archive.filename, size: archive.size } }),
    artifacts_expire_at: job.artifacts?.expireAt ?? null,
    runner: job.startedAt === undefined ? null : runner,
    runner_manager: null,
    archived: false,
    tag_list: job.tags,
  };
}

interface ArtifactFile {
  readonly file_type: string;
  readonly size: number;
  readonly filename: string;
  readonly file_format: string;
}

async function artifactFiles(fs: Twin['context']['fs'], artifacts: Artifacts): Promise<ArtifactFile[]> {
  const reports = Object.entries(artifacts.reports).map(async ([kind, names]) => ({
    file_type: kind,
    size: await reportsSize(fs, artifacts, names),
    filename: `${kind}.gz`,
    file_format: 'gzip',
  }));
  const archive = {
    ...{ file_type: 'archive', filename: 'artifacts.zip', file_format: 'zip' },
    size: await archiveSize(fs, artifacts),
  };
  return [...(artifacts.files.length > 0 ? [archive] : []), ...(await Promise.all(reports))];
}

/** The machine all jobs run on. */
const runner = {
  ...{ id: 1, description: 'twin', ip_address: null, active: true, paused: false, is_shared: true },
  ...{ runner_type: 'instance_type', name: 'gitlab-runner', online: true, status: 'online' },
};
