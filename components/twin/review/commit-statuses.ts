import type { Twin } from '../ports.ts';
import type { User } from '../world/people.ts';
import type { Job, JobStatus, Pipeline } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import { isAtLeast, timeOf, type World } from '../world/world.ts';
import { addBarePipeline } from './bare-pipeline.ts';

export const statusStates = ['pending', 'running', 'success', 'failed', 'canceled', 'skipped'] as const;
export type StatusState = (typeof statusStates)[number];

export interface StatusRequest {
  readonly sha: string;
  readonly state: StatusState;
  readonly ref: string | undefined;
  readonly name: string;
  readonly targetUrl: string | undefined;
  readonly description: string | undefined;
  readonly coverage: number | undefined;
  readonly pipelineId: number | undefined;
}

export type StatusResult =
  | { readonly ok: true; readonly job: Job }
  | { readonly ok: false; readonly status: 400 | 404; readonly message: string };

/**
 * Sets a commit status: in the newest pipeline of the commit (and the ref), or in an external one made for it. A user's
 * own status of that name is changed while it waits or runs; after that a new one takes its place. Source:
 * docs.gitlab.com/api/commits, "Set commit pipeline status", docs.gitlab.com/ci/ci_cd_for_external_repos/external_commit_statuses.
 */
export async function setCommitStatus(
  twin: Twin,
  project: Project,
  user: User,
  request: StatusRequest,
): Promise<StatusResult> {
  const { world } = twin;
  const sha = (await twin.repositories.commit(project, request.sha))?.sha;
  if (sha === undefined) return refuse(404, '404 Commit Not Found');
  const matching = findPipeline(world, project, sha, request);
  if (matching === undefined && request.pipelineId !== undefined)
    return refuse(404, '404 Pipeline for pipeline_id, sha and ref Not Found');
  const ref = request.ref ?? matching?.ref ?? (await findBranch(twin, project, sha));
  if (ref === undefined) return refuse(404, '404 References for commit Not Found');
  const pipeline = matching ?? addExternal(world, project, user, sha, ref);
  const running = pipeline.jobs.find((job) => isSame(job, user, request) && isActive(job));
  const from = running?.status ?? 'created';
  if (from === request.state && isAtLeast(world, '18.3') && running !== undefined)
    return finish(twin, pipeline, describe(running, request));
  const event = eventTo(request.state);
  if (!isAllowed(from, request.state)) {
    const reason = `Cannot transition status via :${event} from :${from} (Reason(s): Status cannot transition via "${event}")`;
    return refuse(400, reason);
  }
  const job = describe(running ?? addStatus(world, pipeline, user, request), request);
  move(world, job, request.state);
  return finish(twin, pipeline, job);
}

function refuse(status: 400 | 404, message: string): StatusResult {
  return { ok: false, status, message };
}

function finish(twin: Twin, pipeline: Pipeline, job: Job): StatusResult {
  twin.pipelines.touch(pipeline);
  return { ok: true, job };
}

function findPipeline(
  { pipelines }: World,
  project: Project,
  sha: string,
  { ref, pipelineId }: StatusRequest,
): Pipeline | undefined {
  return (
    [...pipelines.values()]
      .filter((pipeline) => pipeline.projectId === project.id && pipeline.sha === sha)
      .filter((pipeline) => ref === undefined || pipeline.ref === ref)
      // Children are no pipelines of a commit of their own.
      .filter(({ source }) => source !== 'parent_pipeline')
      .filter(({ id }) => pipelineId === undefined || id === pipelineId)
      .sort((a, b) => b.id - a.id)[0]
  );
}

/** The first branch that has the commit. */
async function findBranch(
  { repositories }: Twin,
  project: Project,
  sha: string,
): Promise<string | undefined> {
  for (const [name, tip] of await repositories.branches(project)) {
    if (tip === sha || (await repositories.mergeBase(project, tip, sha)) === sha) return name;
  }
  return undefined;
}

function addExternal(world: World, project: Project, user: User, sha: string, ref: string): Pipeline {
  const beforeSha = '0'.repeat(sha.length);
  return addBarePipeline(world, {
    ...{ project, ref, tag: false, sha, beforeSha, source: 'external', user, status: 'created' },
  });
}

function isSame(job: Job, user: User, { name }: StatusRequest): boolean {
  return job.kind === 'status' && job.name === name && job.userId === user.id && !job.retried;
}

function isActive({ status }: Job): boolean {
  return status === 'pending' || status === 'running';
}

function addStatus(world: World, pipeline: Pipeline, user: User, { name }: StatusRequest): Job {
  // A newer status of the name takes the place of the older ones, whoever set them.
  for (const older of pipeline.jobs) if (older.kind === 'status' && older.name === name) older.retried = true;
  const job: Job = {
    ...{ id: world.nextId('job'), pipelineId: pipeline.id, projectId: pipeline.projectId, userId: user.id },
    ...{ name, key: name, stage: 'external', kind: 'status', status: 'created', allowFailure: false },
    ...{ when: 'on_success', retried: false, failureReason: undefined, exitCode: undefined },
    ...{ createdAt: timeOf(world), queuedAt: undefined, startedAt: undefined, finishedAt: undefined },
    ...{ timeout: 0, environment: undefined, resourceGroup: undefined, tags: [], trace: '' },
    ...{ artifacts: undefined, dotenv: [], coverage: undefined, downstreamPipelineId: undefined },
    playVariables: [],
    external: { targetUrl: undefined, description: undefined, coverage: undefined },
  };
  pipeline.jobs.push(job);
  world.jobs.set(job.id, job);
  return job;
}

function describe(job: Job, { targetUrl, description, coverage }: StatusRequest): Job {
  if (job.external === undefined) return job;
  job.external.targetUrl = targetUrl ?? job.external.targetUrl;
  job.external.description = description ?? job.external.description;
  job.external.coverage = coverage ?? job.external.coverage;
  return job;
}

function move(world: World, job: Job, state: StatusState): void {
  const now = timeOf(world);
  job.status = state;
  job.failureReason = state === 'failed' ? 'api_failure' : undefined;
  job.queuedAt ??= now;
  if (state === 'running') job.startedAt ??= now;
  if (state !== 'pending' && state !== 'running') job.finishedAt = now;
}

const events = {
  pending: 'enqueue',
  running: 'run',
  success: 'success',
  failed: 'drop',
  canceled: 'cancel',
  skipped: 'skip',
} as const;

function eventTo(state: StatusState): (typeof events)[StatusState] {
  return events[state];
}

/** GitLab's state machine of jobs; of a status only these beginnings occur. */
function isAllowed(from: JobStatus, to: StatusState): boolean {
  if (to === 'pending') return from === 'created';
  if (to === 'running') return from === 'created' || from === 'pending';
  if (to === 'skipped') return from === 'created' || from === 'pending';
  return ['created', 'pending', 'running'].includes(from);
}

/** The statuses of a commit: jobs of its pipelines and what others set; newest attempts only unless `all`. */
export function statusesOf(
  { pipelines }: World,
  project: Project,
  sha: string,
  {
    all,
    ...wanted
  }: {
    readonly all: boolean;
    readonly ref?: string | undefined;
    readonly stage?: string | undefined;
    readonly name?: string | undefined;
    readonly pipelineId?: number | undefined;
  },
): { readonly pipeline: Pipeline; readonly job: Job }[] {
  return [...pipelines.values()]
    .filter((pipeline) => pipeline.projectId === project.id && pipeline.sha === sha)
    .filter(
      ({ ref, id }) => [undefined, ref].includes(wanted.ref) && [undefined, id].includes(wanted.pipelineId),
    )
    .flatMap((pipeline) => pipeline.jobs.map((job) => ({ pipeline, job })))
    .filter(({ job }) => all || !job.retried)
    .filter(
      ({ job }) =>
        [undefined, job.stage].includes(wanted.stage) && [undefined, job.name].includes(wanted.name),
    );
}
