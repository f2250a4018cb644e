import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Context } from '../../../components/kernel/context.ts';
import { createRunner, type RunnerOptions } from '../../../components/twin/pipelines/runner/runner.ts';
import type {
  Attempt,
  AttemptEnd,
  JobSpec,
  JobVariable,
  PlannedPipeline,
} from '../../../components/twin/pipelines/types.ts';
import { createRepositories } from '../../../components/twin/repositories/repositories.ts';
import type { Machine } from '../../../components/twin/types.ts';
import type { Artifacts, Job, Pipeline } from '../../../components/twin/world/pipeline.ts';
import { addProject, addUser } from '../../../components/twin/world/seed.ts';
import { createWorld, type Tier, timeOf } from '../../../components/twin/world/world.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { testMachine } from '../harness.ts';

export type JobConfig = Readonly<Record<string, unknown>>;

export interface Try {
  readonly variables?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly masked?: readonly string[];
  readonly raw?: readonly string[];
  readonly timeoutSeconds?: number;
  readonly stop?: AbortSignal;
  readonly artifacts?: readonly { readonly job: string; readonly artifacts: Artifacts }[];
  readonly protectedRef?: boolean;
  /** Commit of the pipeline; that of the beginning without. */
  readonly sha?: string | undefined;
  /** Gets the log as it grows. */
  readonly onTrace?: (text: string) => void;
}

export interface Tried {
  readonly end: AttemptEnd;
  /** The log as a person sees it: without sections and colours. */
  readonly log: string;
  readonly trace: string;
  readonly planned: PlannedPipeline;
}

/** A twin's runner with one project of one commit, and jobs that are run on it one by one or together. */
export async function makeRunner(
  files: Readonly<Record<string, string>> = {},
  options: RunnerOptions & {
    readonly context?: Context;
    readonly tier?: Tier;
    readonly machine?: Partial<Machine>;
  } = {},
) {
  const folder = join(workspace(), 'world');
  mkdirSync(folder);
  const context = options.context ?? testContext(folder);
  const machine = testMachine(options.machine);
  const world = createWorld({ folder, clock: context.clock, tier: options.tier ?? 'free' });
  const user = addUser(world, { username: 'ada' });
  const project = addProject(world, { path: 'acme/app', creatorId: user.id, defaultBranch: 'main' });
  const repositories = createRepositories(context, world);
  await repositories.create(project);
  const person = { name: 'Ada', email: 'ada@example.com' };
  const written = await repositories.write(project, {
    branch: 'main',
    message: 'begin',
    author: person,
    committer: person,
    actions: Object.entries({ 'readme.md': 'hello\n', ...files }).map(([path, content]) => ({
      action: 'create',
      path,
      content: Buffer.from(content),
    })),
  });
  if (!written.ok) throw new Error(written.message);
  const runner = createRunner(context, machine, world, repositories, options);
  const run = async (config: JobConfig, wish: Try = {}): Promise<Tried> => {
    const attempt = makeAttempt(wish.sha ?? written.sha, world.nextId('job'), timeOf(world), config, wish);
    let trace = '';
    const end = await runner.run(attempt, wish.stop ?? new AbortController().signal, (text) => {
      trace += text;
      wish.onTrace?.(trace);
    });
    return { end, trace, log: plain(trace), planned: attempt.planned };
  };
  return { run, runner, world, project, repositories, machine, folder, sha: written.sha };
}

function makeAttempt(sha: string, id: number, now: string, config: JobConfig, wish: Try): Attempt {
  const variables: JobVariable[] = [
    ...Object.entries(wish.variables ?? {}).map(([key, value]) => ({ key, value, file: false })),
    ...Object.entries(wish.files ?? {}).map(([key, value]) => ({ key, value, file: true })),
  ].map((variable) => ({
    ...variable,
    masked: wish.masked?.includes(variable.key) === true,
    raw: wish.raw?.includes(variable.key) === true,
  }));
  const pipeline: Pipeline = {
    ...{ id: 7, iid: 1, projectId: 1, ref: 'main', tag: false, sha, beforeSha: '0'.repeat(40) },
    ...{ source: 'push', userId: 1, protectedRef: wish.protectedRef === true, name: undefined, jobs: [] },
    ...{ yamlErrors: undefined, variables: [], mergeRequest: undefined, scheduleId: undefined },
    ...{ upstreamJobId: undefined, config: undefined, createdAt: now, updatedAt: now },
    ...{ startedAt: now, finishedAt: undefined, status: 'running' },
  };
  const job: Job = {
    ...{ id, pipelineId: 7, projectId: 1, name: 'job: [a, b]', key: 'job', stage: 'test', kind: 'build' },
    ...{ status: 'running', allowFailure: false, when: 'on_success', retried: false, userId: 1 },
    ...{ failureReason: undefined, exitCode: undefined, createdAt: now, queuedAt: now, startedAt: now },
    ...{ finishedAt: undefined, timeout: 3600, environment: undefined, resourceGroup: undefined, tags: [] },
    ...{ trace: '', artifacts: undefined, dotenv: [], coverage: undefined, playVariables: [] },
    ...{ downstreamPipelineId: undefined, external: undefined },
  };
  const spec: JobSpec = {
    ...{ name: job.name, key: 'job', stage: 'test', kind: 'build', when: 'on_success', allowFailure: false },
    ...{ needs: undefined, dependencies: undefined, retry: { max: 0, when: [], exitCodes: [] } },
    ...{ resourceGroup: undefined, timeoutSeconds: wish.timeoutSeconds ?? 3600, startInSeconds: undefined },
    ...{ interruptible: false, trigger: undefined, node: undefined, variables: [], inheritVariables: true },
    ...{ idTokens: {}, config },
  };
  const planned = {
    pipeline,
    config: {},
    stages: ['test'],
    specs: new Map(),
    compared: undefined,
    notes: [],
  };
  return { planned, job, spec, variables, artifacts: wish.artifacts ?? [] };
}

function plain(trace: string): string {
  return stripVTControlCharacters(trace.replace(/section_(?:start|end):\d+:\w+\r/g, ''));
}

/** The artifacts of an attempt that has some. */
export function artifactsOf({ end, log }: Tried): Artifacts {
  const artifacts = 'artifacts' in end ? end.artifacts : undefined;
  if (artifacts === undefined) throw new Error(`no artifacts: ${JSON.stringify(end)}\n${log}`);
  return artifacts;
}

export function readArtifact(tried: Tried, file: string): Promise<string> {
  return readFile(join(artifactsOf(tried).folder, file), 'utf8');
}

/** The environment a job with `script: ['cat /proc/self/environ']`-like output tells, of `env -0` kept as an artifact. */
export async function readEnvironment(tried: Tried): Promise<ReadonlyMap<string, string>> {
  const pairs = (await readArtifact(tried, 'env')).split('\0').filter((pair) => pair !== '');
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/** A job that keeps its environment, for {@link readEnvironment}. */
export const environmentJob = { script: ['env -0 > env'], artifacts: { paths: ['env'] } };
