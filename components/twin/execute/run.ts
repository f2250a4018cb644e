import { join } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { twinErrors } from '../errors.ts';
import type { FlatConfig, JobResult, Machine, PipelineEvent, PipelineResult } from '../types.ts';
import { collectArtifacts, collectLog, tailOf } from './collect.ts';
import type { EventFacts } from './event.ts';
import { listedConfig, runConfig } from './executable.ts';
import { createExecutor, type Executor } from './gitlab-ci-local.ts';
import { localLimits } from './notes.ts';
import { type PipelinePlan, planPipeline } from './plan.ts';
import type { JobEnd } from './progress.ts';
import { removeFolder } from './remove.ts';
import { closure, isAllowed, isBlocking, nextTurn, type PlannedJob, type Settled } from './schedule.ts';
import type { Workspace } from './workspace.ts';

export interface ExecuteRequest {
  readonly machine: Machine;
  readonly event: PipelineEvent;
  readonly facts: EventFacts;
  readonly config: FlatConfig;
  /** Predefined and given variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** The manual job to play. */
  readonly job?: string | undefined;
  /** Folder the results are written below. */
  readonly out: string;
}

/**
 * Runs a flat configuration as the pipeline of an event. A pipeline GitLab would not create and jobs that fail are
 * results. @throws TWIN_NO_JOB, TWIN_EXECUTOR
 */
export async function executePipeline(
  context: Context,
  workspace: Workspace,
  request: ExecuteRequest,
): Promise<PipelineResult> {
  const folder = await prepareResults(context, request);
  const executor = createExecutor(context, {
    machine: request.machine,
    tools: workspace.tools,
    temporary: workspace.temporary,
    variables: request.variables,
    comparesChanges: request.facts.compared !== undefined,
  });
  const listed = listedConfig(request.config);
  const plan = planPipeline(listed, await executor.list(listed));
  const notes = [...workspace.notes, ...localLimits(request.config)];
  if (!plan.ok) return { status: plan.status, message: plan.message, jobs: [], notes, folder };
  const ran = await runJobs(context, executor, runConfig(listed), plan, request.job);
  const jobs: JobResult[] = [];
  for (const job of plan.jobs) jobs.push(await resultOf(context, executor, folder, job, ran));
  for (const { name, stage } of plan.absent) {
    jobs.push({ name, stage, when: 'never', outcome: 'not in this pipeline', tail: [] });
  }
  return { ...verdictOf(plan.jobs, ran), jobs, notes, folder };
}

async function prepareResults(context: Context, { out, event, facts }: ExecuteRequest): Promise<string> {
  const folder = join(out, 'local', `${event.kind}-${facts.sha.slice(0, 8)}`);
  await removeFolder(context, folder);
  await context.fs.mkdir(folder, { recursive: true });
  // Results are no part of the project: the next run would take them for new files.
  await context.fs.writeFile(join(out, 'local', '.gitignore'), '*\n');
  return folder;
}

interface Ran {
  readonly settled: ReadonlyMap<string, Settled>;
  readonly ends: ReadonlyMap<string, JobEnd>;
}

async function runJobs(
  context: Context,
  executor: Executor,
  config: FlatConfig,
  plan: Extract<PipelinePlan, { ok: true }>,
  chosen: string | undefined,
): Promise<Ran> {
  const ends = new Map<string, JobEnd>();
  let settled: ReadonlyMap<string, Settled> = leftOut(plan, chosen);
  for (;;) {
    const turn = nextTurn(plan.jobs, plan.stages, settled, chosen);
    if (turn.start.length === 0 && turn.settled.size === settled.size) break;
    const after = new Map(turn.settled);
    if (turn.start.length > 0) {
      context.log.info(`running ${turn.start.map(({ name }) => name).join(', ')}`);
      const ended = await executor.run(
        config,
        turn.start.map(({ name }) => name),
      );
      for (const job of turn.start) {
        const end = ended.get(job.name);
        if (end === undefined) continue;
        ends.set(job.name, end);
        after.set(job.name, { outcome: outcomeOf(job, end.exitCode) });
      }
    }
    settled = after;
  }
  const stuck = plan.jobs.filter(({ name }) => !settled.has(name)).map(({ name }) => name);
  if (stuck.length > 0)
    throw twinErrors.EXECUTOR({ reason: `jobs wait for each other: ${stuck.join(', ')}` });
  return { settled, ends };
}

/** Playing one manual job runs it and what it waits for, nothing else. */
function leftOut(
  plan: Extract<PipelinePlan, { ok: true }>,
  chosen: string | undefined,
): ReadonlyMap<string, Settled> {
  if (chosen === undefined) return new Map();
  const job = plan.jobs.find(({ name, when }) => name === chosen && when === 'manual');
  if (job === undefined) {
    const manual = plan.jobs.filter(({ when }) => when === 'manual').map(({ name }) => name);
    throw twinErrors.NO_JOB({ job: chosen, manual });
  }
  const needed = closure(job, plan.jobs, plan.stages);
  const others = plan.jobs.filter(({ name }) => !needed.has(name));
  return new Map(
    others.map(({ name }) => [name, { outcome: 'skipped', reason: `${chosen} does not wait for it` }]),
  );
}

function outcomeOf(job: PlannedJob, exitCode: number): Settled['outcome'] {
  if (exitCode === 0) return 'success';
  return isAllowed(job, exitCode) ? 'failed (allowed)' : 'failed';
}

async function resultOf(
  context: Context,
  executor: Executor,
  folder: string,
  job: PlannedJob,
  ran: Ran,
): Promise<JobResult> {
  const { name, stage, when } = job;
  const settled = ran.settled.get(name) ?? { outcome: 'skipped' };
  const end = ran.ends.get(name);
  if (end === undefined) return { name, stage, when, ...settled, tail: [] };
  const lines = await collectLog(context, executor.logOf(name), folder, name);
  await collectArtifacts(context, executor.artifactsOf(name), folder, name);
  return {
    ...{ name, stage, when, ...settled, ...end },
    tail: end.exitCode === 0 ? [] : tailOf(lines),
  };
}

function verdictOf(
  jobs: readonly PlannedJob[],
  { settled }: Ran,
): Pick<PipelineResult, 'status' | 'message'> {
  const outcome = (job: PlannedJob) => settled.get(job.name)?.outcome;
  const failed = jobs.filter((job) => outcome(job) === 'failed').map(({ name }) => name);
  if (failed.length > 0) return { status: 'failed', message: `pipeline failed: ${failed.join(', ')}` };
  const blocking = jobs.filter((job) => outcome(job) === 'manual' && isBlocking(job)).map(({ name }) => name);
  if (blocking.length > 0) {
    return {
      status: 'blocked',
      message: `pipeline blocked: waits for the manual job ${blocking.join(', ')}`,
    };
  }
  return { status: 'success', message: 'pipeline passed' };
}
