import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Context } from '../../kernel/context.ts';
import { writeFileAtomic } from '../../kernel/files.ts';
import { withoutControls } from '../../kernel/log.ts';
import { jobsOf } from '../config.ts';
import type { RunningTwin } from '../twin.ts';
import type { JobOutcome, JobResult, PipelineResult } from '../types.ts';
import type { Job, Pipeline } from '../world/pipeline.ts';

const tailLines = 20;

/** Writes logs and artifacts of a pipeline's jobs below `folder` and says what became of each. @throws FILE_UNWRITABLE */
export async function collectResults(
  context: Context,
  twin: RunningTwin,
  pipeline: Pipeline,
  folder: string,
): Promise<PipelineResult> {
  const planned = twin.pipelines.plannedOf(pipeline);
  const jobs: JobResult[] = [];
  for (const job of inOrder(pipeline, planned?.stages ?? [])) {
    jobs.push(await resultOf(context, twin, pipeline, job, folder));
  }
  const keys = new Set(planned === undefined ? [] : [...planned.specs.values()].map(({ key }) => key));
  const absent = planned === undefined ? [] : jobsOf(planned.config).filter(([key]) => !keys.has(key));
  for (const [name, { stage }] of absent) {
    const where = typeof stage === 'string' ? stage : 'test';
    jobs.push({ name, stage: where, when: 'never', outcome: 'not in this pipeline', tail: [] });
  }
  const path = twin.world.projects.get(pipeline.projectId)?.path;
  const title = `${path} pipeline ${pipeline.id} of ${withoutControls(pipeline.ref)} (${pipeline.source})`;
  return { ...verdictOf(pipeline), title, jobs, notes: planned?.notes ?? [], folder };
}

/** The last attempt of each job, stage by stage. */
function inOrder(pipeline: Pipeline, stages: readonly string[]): readonly Job[] {
  const latest = pipeline.jobs.filter(({ retried }) => !retried);
  return latest.toSorted((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
}

async function resultOf(
  context: Context,
  twin: RunningTwin,
  pipeline: Pipeline,
  job: Job,
  folder: string,
): Promise<JobResult> {
  const { name, stage, when, exitCode, startedAt, finishedAt } = job;
  const attempts = pipeline.jobs.filter((other) => other.name === name).length;
  const reason = reasonOf(twin, job, attempts);
  const lines = await writeLog(context, job, folder);
  await copyArtifacts(context, job, folder);
  return {
    ...{ name, stage, when, outcome: outcomeOf(job) },
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(startedAt === undefined || finishedAt === undefined
      ? {}
      : { seconds: (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 }),
    ...(reason === undefined ? {} : { reason }),
    tail: job.status === 'failed' ? saidByScript(lines).slice(-tailLines) : [],
  };
}

function outcomeOf({ status, allowFailure, kind }: Job): JobOutcome {
  switch (status) {
    case 'failed':
      return allowFailure ? 'failed (allowed)' : 'failed';
    case 'created':
    case 'waiting_for_resource':
      return 'skipped';
    case 'canceling':
      return 'canceled';
    default:
      return kind === 'bridge' && status === 'pending' ? 'running' : status;
  }
}

function reasonOf(twin: RunningTwin, job: Job, attempts: number): string | undefined {
  const said = twin.pipelines.reasonOf(job);
  const failure =
    job.failureReason === 'script_failure' ? undefined : job.failureReason?.replaceAll('_', ' ');
  const tried = attempts > 1 ? `${attempts} attempts` : undefined;
  const parts = [said, failure, tried].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** Without secrets and terminal codes: what a job prints is a stranger's text. */
async function writeLog(context: Context, job: Job, folder: string): Promise<readonly string[]> {
  if (job.trace === '') return [];
  const plain = stripVTControlCharacters(context.redact(job.trace))
    .replace(/section_(start|end):\d+:\w+\r/g, '')
    .replace(/\r+\n/g, '\n');
  const lines = withoutControls(plain.replace(/\n$/, '')).split('\n');
  const text = lines.map((line) => `${line}\n`).join('');
  await writeFileAtomic(context, join(folder, 'logs', `${folderOf(job.name)}.log`), text);
  return lines;
}

/** With what a runner goes on after the script. */
const runnerLine =
  /^(Running after_script|Uploading artifacts for (failed|successful) job|ERROR: Job failed)/;

/** Lines of a log without those of the runner itself around the script's. */
function saidByScript(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((line) => line.startsWith('Executing "step_script" stage'));
  const own = lines.slice(start + 1);
  const end = own.findIndex((line) => runnerLine.test(line));
  return end < 0 ? own : own.slice(0, end);
}

async function copyArtifacts(context: Context, { name, artifacts }: Job, folder: string): Promise<void> {
  if (artifacts === undefined) return;
  const to = join(folder, 'artifacts', folderOf(name));
  const reports = Object.keys(artifacts.reports).map((kind) => join(artifacts.reportsFolder, kind));
  // Reports lie where the job wrote them, too.
  for (const from of [artifacts.folder, ...reports]) {
    if ((await context.fs.readdir(from).catch(() => [])).length === 0) continue;
    const reason = await copyInto(context, from, to);
    if (reason !== '') context.log.warning(`artifacts of ${name} are not complete: ${reason}`);
  }
}

/** Gives why not all is there, or nothing. */
async function copyInto(context: Context, from: string, to: string): Promise<string> {
  const made = await context.fs.mkdir(to, { recursive: true }).catch((error: Error) => error);
  if (made instanceof Error) return made.message;
  const env = { PATH: context.env.PATH ?? '/usr/bin:/bin' };
  // cp, since it copies links as links: what they point to may lie outside.
  const copied = await context.exec('cp', ['-RPp', '--', `${from}/.`, to], { cwd: to, env });
  return copied.exitCode === 0 ? '' : copied.stderr.trim();
}

const longestName = 200;

/** Name of a job as one name of a file: what is not `[\w-]` in base64url, very long names cut. */
export function folderOf(job: string): string {
  const encoded = job.replace(/[^\w-]+/g, (part) => Buffer.from(part).toString('base64url'));
  if (encoded.length <= longestName) return encoded;
  return `${encoded.slice(0, longestName)}-${createHash('sha256').update(job).digest('hex').slice(0, 16)}`;
}

function verdictOf(pipeline: Pipeline): Pick<PipelineResult, 'status' | 'message'> {
  const { status, yamlErrors } = pipeline;
  if (yamlErrors !== undefined) return { status: 'failed', message: `pipeline failed: ${yamlErrors}` };
  const latest = pipeline.jobs.filter(({ retried }) => !retried);
  const named = (found: (job: Job) => boolean) =>
    latest
      .filter(found)
      .map(({ name }) => name)
      .join(', ');
  if (status === 'failed') {
    const failed = named((job) => job.status === 'failed' && !job.allowFailure);
    return { status: 'failed', message: `pipeline failed: ${failed}` };
  }
  if (status === 'success') return { status: 'success', message: 'pipeline passed' };
  const waiting = named((job) => job.status === 'manual' && !job.allowFailure);
  if (status === 'manual') {
    return { status: 'blocked', message: `pipeline blocked: waits for the manual job ${waiting}` };
  }
  return { status: 'blocked', message: `pipeline ${status.replaceAll('_', ' ')}` };
}
