import { onTestFinished } from 'vitest';
import type { Clock } from '../../../components/kernel/context.ts';
import { createPipelines, type RunningPipelines } from '../../../components/twin/pipelines/pipelines.ts';
import type { DownstreamAsked, Planning } from '../../../components/twin/pipelines/scheduler/types.ts';
import type {
  Attempt,
  AttemptEnd,
  JobSpec,
  Need,
  PlannedPipeline,
  Runner,
} from '../../../components/twin/pipelines/types.ts';
import type { PipelineRequest } from '../../../components/twin/ports.ts';
import type { User } from '../../../components/twin/world/people.ts';
import type { Artifacts, Job, JobEnvironment, Pipeline } from '../../../components/twin/world/pipeline.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import { addProject, addUser } from '../../../components/twin/world/seed.ts';
import {
  createWorld,
  nextIid,
  timeOf,
  type World,
  type WorldOptions,
} from '../../../components/twin/world/world.ts';
import { testContext } from '../../support/cli.ts';

/** A job as a test writes it; what it leaves out is as GitLab has it by default. */
export interface JobSketch extends Partial<Omit<JobSpec, 'needs' | 'trigger'>> {
  readonly needs?: readonly (string | Need)[];
  readonly environment?: Partial<JobEnvironment>;
  readonly trigger?: { readonly strategy?: 'none' | 'depend' | 'mirror'; readonly to: string };
}

export interface Sketch {
  readonly stages?: readonly string[];
  readonly jobs: Readonly<Record<string, JobSketch>>;
  /** `workflow:auto_cancel`. */
  readonly autoCancel?: Readonly<Record<string, string>>;
  readonly yamlErrors?: string;
}

/** A clock that stands until the test moves it. */
export function handClock(): Clock & { readonly advance: (milliseconds: number) => void } {
  let now = Date.UTC(2026, 0, 5, 12);
  const sleepers = new Set<{ at: number; resolve: () => void }>();
  return {
    now: () => now,
    monotonic: () => now,
    sleep: (milliseconds, cancel) =>
      new Promise((resolve, reject) => {
        sleepers.add({ at: now + milliseconds, resolve });
        cancel?.addEventListener('abort', () => reject(cancel.reason), { once: true });
      }),
    advance: (milliseconds) => {
      now += milliseconds;
      for (const sleeper of sleepers) {
        if (sleeper.at > now) continue;
        sleepers.delete(sleeper);
        sleeper.resolve();
      }
    },
  };
}

/** A runner that ends jobs as the test says: by rule at once, or by hand. */
export function fakeRunner() {
  const ends: Record<string, AttemptEnd | ((attempt: Attempt) => AttemptEnd)> = {};
  const held = new Set<string>();
  const waiting = new Map<string, ((call: RunnerCall) => void)[]>();
  const calls = new Map<string, RunnerCall>();
  const log: string[] = [];
  let most = 0;
  let active = 0;
  const runner: Runner = {
    run: async (attempt, stop, trace) => {
      const { name } = attempt.job;
      log.push(name);
      most = Math.max(most, ++active);
      const rule = ends[name];
      const end = await new Promise<AttemptEnd>((resolve) => {
        const call: RunnerCall = { attempt, stop, trace, end: (how) => resolve(how ?? exit(0)) };
        calls.set(name, call);
        for (const told of waiting.get(name)?.splice(0) ?? []) told(call);
        stop.addEventListener('abort', () => resolve({ kind: stop.reason === 'lost' ? 'lost' : 'canceled' }));
        if (!held.has(name)) resolve(typeof rule === 'function' ? rule(attempt) : (rule ?? exit(0)));
      });
      active--;
      calls.delete(name);
      return end;
    },
    forget: async ({ pipeline }) => {
      log.push(`forget ${pipeline.id}`);
    },
  };
  return {
    ...{ runner, ends, log },
    most: () => most,
    /** Lets a job run until the test ends it. */
    hold: (...names: readonly string[]) => {
      for (const name of names) held.add(name);
    },
    /** The call of a job, once it has been started. */
    started: (name: string) =>
      new Promise<RunnerCall>((resolve) => {
        const call = calls.get(name);
        if (call !== undefined) resolve(call);
        else waiting.set(name, [...(waiting.get(name) ?? []), resolve]);
      }),
  };
}

export interface RunnerCall {
  readonly attempt: Attempt;
  readonly stop: AbortSignal;
  readonly trace: (text: string) => void;
  readonly end: (how?: AttemptEnd) => void;
}

export function exit(
  exitCode: number,
  more: Partial<Extract<AttemptEnd, { kind: 'exit' }>> = {},
): AttemptEnd {
  return { kind: 'exit', exitCode, artifacts: undefined, dotenv: [], coverage: undefined, ...more };
}

export function artifacts(change: Partial<Artifacts> = {}): Artifacts {
  const empty = { folder: 'kept', files: ['a'], reports: {}, reportsFolder: 'reports' };
  return { ...empty, expireAt: undefined, access: 'all', ...change };
}

export interface Rig {
  readonly world: World;
  readonly project: Project;
  readonly user: User;
  readonly pipelines: RunningPipelines;
  readonly runner: ReturnType<typeof fakeRunner>;
  readonly clock: ReturnType<typeof handClock>;
  readonly errors: unknown[];
  /** Starts a pipeline of a sketch. */
  readonly start: (sketch: Sketch, change?: Partial<PipelineRequest>) => Promise<Pipeline>;
  /** Starts one and waits until it has settled. */
  readonly run: (sketch: Sketch, change?: Partial<PipelineRequest>) => Promise<Pipeline>;
  /** Sketches that trigger jobs may start, by name, and requests that are refused. */
  readonly downstream: Record<string, Sketch | Extract<DownstreamAsked, { ok: false }>>;
}

/** A twin's pipelines over a runner that obeys; everything is closed when the test ends. */
export function rig(options: Partial<WorldOptions> & { readonly concurrency?: number } = {}): Rig {
  const clock = handClock();
  const context = testContext('/', { clock });
  const world = createWorld({ folder: '/nowhere', clock, ...options });
  const user = addUser(world, { username: 'ada' });
  const project = addProject(world, { path: 'group/project', defaultBranch: 'main', creatorId: user.id });
  const runner = fakeRunner();
  const errors: unknown[] = [];
  const downstream: Rig['downstream'] = {};
  let next: Sketch = { jobs: {} };
  const pipelines = createPipelines({
    ...{ context, world, runner: runner.runner, concurrency: options.concurrency ?? 4 },
    repositories: { resolve: async () => undefined },
    onError: (error) => errors.push(error),
    lint: async () => ({ valid: true, errors: [], warnings: [], mergedYaml: '', jobs: [] }),
    plan: async (request) => {
      const { config } = request;
      const below = config !== undefined && 'text' in config ? downstream[config.text] : undefined;
      return plan(world, request, below !== undefined && 'jobs' in below ? below : next);
    },
    variablesOf: async (_planned, _job, _spec, { token, dotenv }) => [
      { key: 'CI_JOB_TOKEN', value: token, file: false, masked: true },
      ...dotenv.map(({ key, value }) => ({ key, value, file: false, masked: false })),
    ],
    downstreamRequest: async (_job, { trigger }, { pipeline }, dotenv) => {
      const to = trigger?.kind === 'local' ? (trigger.files[0] ?? '') : '';
      const wanted = downstream[to];
      if (wanted !== undefined && 'ok' in wanted) return wanted;
      const { ref, sha } = pipeline;
      const source = to.startsWith('other') ? 'pipeline' : 'parent_pipeline';
      const variables = dotenv.map((one) => ({ ...one, variableType: 'env_var' as const }));
      return { ok: true, request: { project, ref, sha, source, user, variables, config: { text: to } } };
    },
  });
  onTestFinished(() => pipelines.close());
  const start: Rig['start'] = async (sketch, change = {}) => {
    next = sketch;
    const created = await pipelines.create({
      project,
      ref: 'main',
      sha: 'a'.repeat(40),
      source: 'push',
      user,
      ...change,
    });
    if (!created.ok) throw new Error(created.messages.join());
    return created.pipeline;
  };
  const run: Rig['run'] = async (sketch, change) => {
    const pipeline = await start(sketch, change);
    await pipelines.settled(pipeline);
    return pipeline;
  };
  return { world, project, user, pipelines, runner, clock, errors, start, run, downstream };
}

/** The latest attempt of a job. */
export function jobOf(pipeline: Pipeline, name: string): Job {
  const job = pipeline.jobs.find((one) => one.name === name && !one.retried);
  if (job === undefined) throw new Error(`no job ${name}`);
  return job;
}

/** Statuses of the latest attempts: `build success, test failed`. */
export function statuses(pipeline: Pipeline): string {
  const latest = pipeline.jobs.filter(({ retried }) => !retried);
  return latest.map(({ name, status }) => `${name} ${status}`).join(', ');
}

function plan(world: World, request: PipelineRequest, sketch: Sketch): Planning {
  const { stages = ['build', 'test', 'deploy'] } = sketch;
  const specs = new Map(Object.entries(sketch.jobs).map(([name, job]) => [name, specOf(name, job, stages)]));
  const { project, ref, sha, source, user } = request;
  const now = timeOf(world);
  const pipeline: Pipeline = {
    ...{ id: world.nextId('pipeline'), iid: nextIid(project, 'pipeline'), projectId: project.id },
    ...{ ref, sha, source, tag: false, beforeSha: '0'.repeat(40), userId: user.id, protectedRef: false },
    ...{ name: undefined, jobs: [], yamlErrors: sketch.yamlErrors, variables: request.variables ?? [] },
    ...{ mergeRequest: request.mergeRequest, scheduleId: request.scheduleId, config: undefined },
    ...{ upstreamJobId: request.upstreamJobId, createdAt: now, updatedAt: now },
    ...{ startedAt: undefined, finishedAt: undefined, status: sketch.yamlErrors ? 'failed' : 'created' },
  };
  world.pipelines.set(pipeline.id, pipeline);
  if (sketch.yamlErrors !== undefined) return { ok: true, pipeline, planned: undefined };
  for (const [name, spec] of specs) {
    const job = recordOf(world, pipeline, spec, sketch.jobs[name]?.environment);
    pipeline.jobs.push(job);
    world.jobs.set(job.id, job);
  }
  const config = { workflow: { auto_cancel: sketch.autoCancel ?? {} } };
  const planned: PlannedPipeline = {
    ...{ pipeline, config, stages: ['.pre', ...stages, '.post'], specs },
    ...{ compared: undefined, notes: [] },
  };
  return { ok: true, pipeline, planned };
}

function specOf(name: string, sketch: JobSketch, stages: readonly string[]): JobSpec {
  const { needs, trigger, environment: _, ...rest } = sketch;
  const allowFailure = sketch.when === 'manual';
  return {
    ...{ name, key: name, stage: stages[0] ?? 'build', kind: trigger === undefined ? 'build' : 'bridge' },
    ...{ when: 'on_success', allowFailure, dependencies: undefined },
    ...{ retry: { max: 0, when: [], exitCodes: [] }, resourceGroup: undefined, timeoutSeconds: 3600 },
    ...{ startInSeconds: undefined, interruptible: false, node: undefined, variables: [] },
    ...{ inheritVariables: true, idTokens: {}, config: {} },
    needs: needs?.map((need) =>
      typeof need === 'string' ? { kind: 'job', name: need, artifacts: true, optional: false } : need,
    ),
    trigger:
      trigger === undefined
        ? undefined
        : {
            ...{ kind: 'local', files: [trigger.to], strategy: trigger.strategy ?? 'none', inputs: {} },
            forward: { yamlVariables: true, pipelineVariables: false },
          },
    ...rest,
  };
}

function recordOf(
  world: World,
  pipeline: Pipeline,
  spec: JobSpec,
  environment: Partial<JobEnvironment> | undefined,
): Job {
  const { name, key, stage, kind, when, resourceGroup } = spec;
  const place = { action: 'start', url: undefined, onStop: undefined, tier: undefined };
  return {
    ...{ id: world.nextId('job'), pipelineId: pipeline.id, projectId: pipeline.projectId },
    ...{ name, key, stage, kind, when, resourceGroup, status: 'created', retried: false },
    allowFailure: spec.allowFailure === true,
    ...{ failureReason: undefined, exitCode: undefined, userId: pipeline.userId, createdAt: timeOf(world) },
    ...{ queuedAt: undefined, startedAt: undefined, finishedAt: undefined, timeout: spec.timeoutSeconds },
    environment: environment === undefined ? undefined : { name: 'production', ...place, ...environment },
    ...{ tags: [], trace: '', artifacts: undefined, dotenv: [], coverage: undefined },
    ...{ downstreamPipelineId: undefined, playVariables: [], external: undefined },
  };
}
