import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { refusalOf } from '../../../components/twin/pipelines/permissions.ts';
import type { Created, PipelineRequest, Pipelines } from '../../../components/twin/ports.ts';
import type { Route } from '../../../components/twin/server/types.ts';
import type { Role, User } from '../../../components/twin/world/people.ts';
import { accessLevels } from '../../../components/twin/world/people.ts';
import type { Artifacts, Job, Pipeline } from '../../../components/twin/world/pipeline.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import { nextIid, timeOf, type World } from '../../../components/twin/world/world.ts';
import { writeFiles } from '../../support/workspace.ts';
import {
  type Api,
  type ApiOptions,
  addPersonalToken,
  addProject,
  addUser,
  protectBranch,
  startApi,
} from '../server/harness.ts';

export interface CiProject extends Api {
  readonly project: Project;
  /** Path of the project in the API. */
  readonly at: string;
  /** Commit of main. */
  readonly sha: string;
  /** Users by role; each has a token of that name. */
  readonly users: Readonly<Record<Person, User>>;
  readonly tokens: Readonly<Record<Person, string>>;
  /** What the scheduler was asked for, in order. */
  readonly asked: string[];
  readonly requests: PipelineRequest[];
}

/** GitLab's description of its API, where it is at hand. */
export const openApiFile = join(import.meta.dirname, '../../../../shared/data/gitlab/openapi-excerpt.yaml');

const people = ['owner', 'maintainer', 'developer', 'reporter', 'guest'] as const satisfies readonly Role[];
type Person = (typeof people)[number] | 'stranger';

export interface CiOptions extends Omit<ApiOptions, 'routes' | 'repositories'> {
  readonly refuse?: Extract<Created, { ok: false }>;
  /** Holds requests against GitLab's description too; reading that takes a while. */
  readonly described?: boolean;
}

/** A private project with a commit on a protected main, a branch `topic` and a tag, and somebody of every role. */
export async function startCi(routes: readonly Route[], options: CiOptions = {}): Promise<CiProject> {
  const asked: string[] = [];
  const requests: PipelineRequest[] = [];
  const described = options.described === true && existsSync(openApiFile) ? { openApiFile } : {};
  const api = await startApi({ ...described, ...options, routes, repositories: 'real', pipelines: {} });
  const { world } = api;
  Object.assign(api.twin.pipelines, fakePipelines(world, asked, requests, options));
  const users = Object.fromEntries(
    [...people, 'stranger'].map((username) => [username, addUser(world, { username })]),
  ) as CiProject['users'];
  const tokens = Object.fromEntries(
    Object.entries(users).map(([name, { id }]) => [
      name,
      addPersonalToken(world, { userId: id, scopes: ['api'] }).value,
    ]),
  ) as CiProject['tokens'];
  const project = addProject(world, { path: 'acme/app', creatorId: users.owner.id, defaultBranch: 'main' });
  for (const role of people) project.members.set(users[role].id, accessLevels[role]);
  protectBranch(world, project, 'main');
  const sha = await firstCommit(api, project);
  return { ...api, project, at: `/projects/${project.id}`, sha, users, tokens, asked, requests };
}

async function firstCommit({ twin }: Api, project: Project): Promise<string> {
  const { repositories } = twin;
  const who = { name: 'Ada', email: 'ada@example.com' };
  await repositories.create(project);
  const content = new TextEncoder().encode('job: {script: echo}\n');
  const written = await repositories.write(project, {
    ...{ branch: 'main', message: 'first', author: who, committer: who },
    actions: [{ action: 'create', path: '.gitlab-ci.yml', content }],
  });
  if (!written.ok) throw new Error(written.message);
  for (const ref of ['refs/heads/topic', 'refs/tags/1.0.0']) {
    await repositories.updateRef(project, ref, written.sha, undefined);
  }
  return written.sha;
}

/** A scheduler that runs nothing and writes down what it is asked for. */
function fakePipelines(
  world: World,
  asked: string[],
  requests: PipelineRequest[],
  { refuse, pipelines = {} }: CiOptions,
): Partial<Pipelines> {
  return {
    create: async (request) => {
      requests.push(request);
      const tag = request.ref === '1.0.0';
      const refusal = refusalOf(world, request, tag);
      if (refusal !== undefined) return { ok: false, filtered: false, messages: [refusal] };
      if (refuse !== undefined) return refuse;
      const { sha, ref, source, user, project, scheduleId, upstreamJobId, variables = [] } = request;
      const given = { sha, ref, tag, source, userId: user.id, scheduleId, upstreamJobId, variables };
      return { ok: true, pipeline: addPipeline(world, project, given) };
    },
    play: async (job, user, variables) => {
      asked.push(`play ${job.name} by ${user.username} ${JSON.stringify(variables)}`);
      if (job.status !== 'manual') return undefined;
      job.status = 'pending';
      return job;
    },
    retry: async (job) => {
      asked.push(`retry ${job.name}`);
      return job.status === 'failed' ? addJob(world, pipelineOf(world, job), { name: job.name }) : undefined;
    },
    cancel: async (job) => {
      job.status = 'canceled';
      return true;
    },
    retryPipeline: async (pipeline) => void asked.push(`retry pipeline ${pipeline.id}`),
    cancelPipeline: async (pipeline) => {
      pipeline.status = 'canceled';
    },
    touch: ({ id }) => void asked.push(`look at pipeline ${id}`),
    ...pipelines,
  };
}

function pipelineOf(world: World, job: Job): Pipeline {
  const pipeline = world.pipelines.get(job.pipelineId);
  if (pipeline === undefined) throw new Error('a job without a pipeline');
  return pipeline;
}

export function addPipeline(world: World, project: Project, given: Partial<Pipeline> = {}): Pipeline {
  const pipeline: Pipeline = {
    id: world.nextId('pipeline'),
    iid: nextIid(project, 'pipeline'),
    projectId: project.id,
    ...{ ref: 'main', tag: false, sha: '0'.repeat(40), beforeSha: '0'.repeat(40), source: 'push' },
    ...{ userId: project.creatorId, protectedRef: true, name: undefined, jobs: [], yamlErrors: undefined },
    ...{ variables: [], mergeRequest: undefined, scheduleId: undefined, upstreamJobId: undefined },
    ...{ config: undefined, createdAt: timeOf(world), updatedAt: timeOf(world) },
    ...{ startedAt: undefined, finishedAt: undefined, status: 'success' },
    ...given,
  };
  world.pipelines.set(pipeline.id, pipeline);
  return pipeline;
}

export function addJob(world: World, pipeline: Pipeline, given: Partial<Job> = {}): Job {
  const now = timeOf(world);
  const job: Job = {
    id: world.nextId('job'),
    ...{ pipelineId: pipeline.id, projectId: pipeline.projectId, name: 'test', key: 'test', stage: 'test' },
    ...{ kind: 'build', status: 'success', allowFailure: false, when: 'on_success', retried: false },
    ...{ failureReason: undefined, exitCode: 0, userId: pipeline.userId, createdAt: now, queuedAt: now },
    ...{ startedAt: now, finishedAt: now, timeout: 3600, environment: undefined, resourceGroup: undefined },
    ...{ tags: [], trace: 'hello\n', artifacts: undefined, dotenv: [], coverage: undefined },
    ...{ downstreamPipelineId: undefined, playVariables: [], external: undefined },
    ...given,
  };
  pipeline.jobs.push(job);
  world.jobs.set(job.id, job);
  return job;
}

/** Artifacts that lie in the twin's folder, as a runner leaves them. */
export function storeArtifacts(
  world: World,
  files: Readonly<Record<string, string>>,
  given: Partial<Artifacts> = {},
): Artifacts {
  const folder = join(world.folder, 'artifacts', `${world.nextId('artifacts')}`);
  writeFiles(folder, { ...files, '.keep': '' });
  return {
    ...{ folder, files: Object.keys(files), reports: {}, reportsFolder: folder, expireAt: undefined },
    ...{ access: 'all' },
    ...given,
  };
}

/** The token of a job, as its script would have it. */
export function jobTokenOf(world: World, job: Job): string {
  const value = `glcbt-64_${job.id}`;
  world.tokens.set(value, { kind: 'job', id: world.nextId('token'), value, jobId: job.id });
  return value;
}
