import { join, resolve } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { writeFileAtomic } from '../../kernel/files.ts';
import type { Finding } from '../../kernel/finding.ts';
import { ciSchemaOf } from '../check/schema.ts';
import { removeFolder } from '../remove-folder.ts';
import { readCheckout } from '../repositories/checkout.ts';
import { applyTwinFile, type SetUp } from '../setup/apply-twin-file.ts';
import { localUser } from '../setup/check-names.ts';
import { type RunningTwin, startTwin } from '../twin.ts';
import type { Machine, PipelineResult } from '../types.ts';
import type { Pipeline } from '../world/pipeline.ts';
import { findProject, timeOf } from '../world/world.ts';
import { holdCheckout, rewindBranches } from './branches.ts';
import { createObserver, type Observer, type Seen } from './look.ts';
import { performStep } from './perform.ts';
import { eventSchedule, type LocalPlan, planLocal } from './plan.ts';
import type { LocalRequest } from './request.ts';
import { collectResults } from './results.ts';
import { serveTwin } from './serve.ts';
import type { Sources, Stage } from './stage.ts';
import type { Step } from './step.ts';

/** What there is to tell of one step. */
export interface StepResult {
  readonly step: Step;
  /** What the step itself says: a merge request it opened, notes. */
  readonly text: string;
  readonly seen: readonly Seen[];
  readonly pipelines: readonly PipelineResult[];
}

export interface LocalResult {
  /** Mistakes of the twin file; nothing happened then. */
  readonly findings: readonly Finding[];
  /** Whether a configuration is wrong, or the last pipeline of a branch failed. */
  readonly failed: boolean;
}

/** Takes what a run tells while it goes on. */
export interface LocalListener {
  readonly onStep: (result: StepResult, plan: LocalPlan) => void;
  /** The twin is up, its addresses and tokens are in a file. */
  readonly onServe: (url: string, file: string) => void;
}

/**
 * Sets a twin up and lets steps happen on it, each until its pipelines have settled. What is wrong with a configuration
 * is told, not thrown.
 *
 * @throws TWIN_NO_REPOSITORY, TWIN_NO_TARGET, TWIN_NO_JOB, TWIN_JOB_REQUIRED, TWIN_FORM, TWIN_STEP, TWIN_STEP_IMPOSSIBLE,
 *   TWIN_EXECUTOR, TWIN_PORT
 */
export async function runLocal(
  context: Context,
  machine: Machine,
  request: LocalRequest,
  listener: LocalListener,
): Promise<LocalResult> {
  const planned = await planLocal(context, request);
  if (!planned.ok) return { findings: planned.findings, failed: true };
  const { plan } = planned;
  const temporary = await context.fs.mkdtemp(join(machine.temporary, 'pipewright-local-'));
  const schema = ciSchemaOf(context, request.schemaFile);
  const observer = createObserver(context, plan.path, schema, temporary);
  const failures: unknown[] = [];
  try {
    const twin = await startTwin(context, {
      ...{ machine, schema, serverAliases: plan.aliases, port: request.port },
      ...{ tier: plan.file.tier, version: plan.file.version, strict: false, dryRun: request.dryRun },
      look: observer.look,
      // What goes wrong once the command is cancelled goes wrong for that.
      onError: (error) => context.cancel.aborted || failures.push(error),
    });
    try {
      return {
        findings: [],
        failed: await runSteps(context, twin, request, plan, observer, listener, failures),
      };
    } finally {
      await twin.close();
    }
  } finally {
    await removeFolder(context, temporary);
  }
}

async function runSteps(
  context: Context,
  twin: RunningTwin,
  request: LocalRequest,
  plan: LocalPlan,
  observer: Observer,
  listener: LocalListener,
  failures: readonly unknown[],
): Promise<boolean> {
  const setUp = await applyTwinFile(context, twin, plan.file, plan.base);
  const sources = await prepareSources(context, twin, plan, setUp);
  const out = join(resolve(context.cwd, request.out), 'local');
  const stage: Stage = { context, twin, sources, path: plan.path, user: localUser };
  await addEventSchedule(twin, plan);
  if (!request.dryRun) await removeFolder(context, out);
  const results: StepResult[] = [];
  for (const step of plan.steps) {
    const result = await runStep(stage, step, observer, out, request.dryRun);
    if (failures.length > 0) throw failures[0];
    listener.onStep(result, plan);
    results.push(result);
  }
  if (request.serve) {
    await serveTwin(context, twin, setUp, out, (file) => listener.onServe(twin.url, file));
    if (failures.length > 0) throw failures[0];
  }
  const wrong = results.some(({ seen }) =>
    seen.some(({ findings }) => findings.some(({ severity }) => severity === 'error')),
  );
  return wrong || lastOfEach(twin).some(({ status }) => status === 'failed');
}

async function prepareSources(
  context: Context,
  twin: RunningTwin,
  plan: LocalPlan,
  { imported }: SetUp,
): Promise<Sources> {
  const sources = new Map<string, Sources extends ReadonlyMap<string, infer Value> ? Value : never>();
  for (const [path, folder] of imported) {
    const project = findProject(twin.world, path);
    const checkout =
      path === plan.path ? plan.checkout : await readCheckout(context, folder.root).catch(() => undefined);
    if (project === undefined || checkout === undefined) continue;
    sources.set(path, { checkout, imported: folder });
    const steps = plan.steps.filter((step) => (step.project ?? plan.path) === path);
    if (path === plan.path || steps.length > 0) {
      await rewindBranches(context, twin, project, { checkout, steps }, folder);
    }
    if (path === plan.path && plan.branch !== undefined) {
      await holdCheckout(twin, project, plan.branch, folder);
    }
  }
  return sources;
}

/** The schedule that event `schedule` stands for. */
async function addEventSchedule(twin: RunningTwin, plan: LocalPlan): Promise<void> {
  const step = plan.steps.find((one) => one.do === 'schedule' && one.name === eventSchedule);
  const project = findProject(twin.world, plan.path);
  if (step === undefined || project === undefined) return;
  const id = twin.world.nextId('schedule');
  project.schedules.set(id, {
    ...{ id, description: eventSchedule, ref: plan.branch ?? project.defaultBranch ?? 'main' },
    ...{ cron: '0 0 1 1 *', cronTimezone: 'UTC', active: false, ownerId: project.creatorId },
    ...{ variables: [], inputs: [], createdAt: timeOf(twin.world), updatedAt: timeOf(twin.world) },
    lastPipelineId: undefined,
  });
}

async function runStep(
  stage: Stage,
  step: Step,
  observer: Observer,
  out: string,
  dryRun: boolean,
): Promise<StepResult> {
  const { context, twin } = stage;
  const { world, pipelines, refusals } = twin;
  const known = new Set(world.pipelines.keys());
  const refused = refusals.length;
  const started = context.clock.monotonic();
  const active = () =>
    [...world.pipelines.values()].filter(({ id, status }) => !known.has(id) || isActive(status));
  const text = await performStep(stage, step);
  const touched = new Set<Pipeline>();
  // What a pipeline triggers or a job asks for is new again.
  for (let next = active(); next.some((pipeline) => !touched.has(pipeline)); next = active()) {
    for (const pipeline of next) {
      touched.add(pipeline);
      await pipelines.settled(pipeline);
      context.cancel.throwIfAborted();
    }
  }
  context.log.debug(`${step.text} took ${Math.round(context.clock.monotonic() - started)} ms`);
  const seen = observer.take();
  const results: PipelineResult[] = [];
  for (const pipeline of touched) {
    if (pipeline.yamlErrors !== undefined && seen.some(hasError)) continue;
    const folder = join(
      out,
      `${pipeline.id}-${pipeline.source.replaceAll('_', '-')}-${pipeline.sha.slice(0, 8)}`,
    );
    // Results are no part of the project: the next run would take them for new files.
    await writeFileAtomic(context, join(out, '.gitignore'), '*\n');
    results.push(await collectResults(context, twin, pipeline, folder));
  }
  const isSilent = results.length === 0 && !dryRun && !seen.some(hasError);
  const messages = isSilent ? refusals.slice(refused) : [];
  const none = [...new Set(messages)].map((message): PipelineResult => {
    return { status: 'none', message, jobs: [], notes: [], folder: out };
  });
  return { step, text, seen, pipelines: [...results, ...none] };
}

function isActive(status: Pipeline['status']): boolean {
  return ['created', 'pending', 'running', 'waiting_for_resource', 'canceling'].includes(status);
}

function hasError({ findings }: Seen): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** The last pipeline of each branch, as a branch shows it. */
function lastOfEach({ world }: RunningTwin): readonly Pipeline[] {
  const last = new Map<string, Pipeline>();
  for (const pipeline of world.pipelines.values()) {
    if (pipeline.source !== 'parent_pipeline') last.set(`${pipeline.projectId} ${pipeline.ref}`, pipeline);
  }
  return [...last.values()];
}
