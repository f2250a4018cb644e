import type { Context } from '../../../kernel/context.ts';
import type { Project } from '../../world/project.ts';
import type { World } from '../../world/world.ts';
import { parseDuration } from '../durations.ts';
import type { Attempt, AttemptEnd } from '../types.ts';
import type { Caches } from './caches.ts';
import { scriptVariables, writeControl } from './control.ts';
import { copyFiles } from './copy-files.ts';
import { readCoverage } from './coverage.ts';
import type { Desk } from './desk.ts';
import { type Executed, executeJob } from './execute.ts';
import type { AttemptFolders } from './folders.ts';
import { type Kept, keepArtifacts } from './keep.ts';
import { checkOut, sourceWish } from './sources.ts';
import { green, red, type Trace } from './trace.ts';

/** All one attempt needs. */
export interface AttemptRun {
  readonly attempt: Attempt;
  readonly stop: AbortSignal;
  readonly trace: Trace;
  readonly folders: AttemptFolders;
  readonly world: World;
  readonly project: Project;
  readonly caches: Caches;
  readonly desk: Desk;
  readonly graceSeconds: number;
  readonly maxArtifactBytes: number;
  /** Fetches the pipeline's commit with that much history, once for all its jobs, and says where. @throws TWIN_GIT */
  readonly fetch: (depth: number) => Promise<string>;
}

/** Runs an attempt through a runner's stages: sources, cache, artifacts, script, cache, artifacts. @throws TWIN_GIT */
export async function runAttempt(context: Context, run: AttemptRun): Promise<AttemptEnd> {
  const { attempt, trace, folders, caches, desk, graceSeconds, stop } = run;
  const own = { CI_BUILDS_DIR: folders.builds, CI_PROJECT_DIR: folders.project };
  const variables = scriptVariables(attempt.variables, folders, own);
  trace.say('Running with pipewright on this machine');
  if (attempt.spec.config.script === undefined) {
    trace.say(red('ERROR: Job failed (system failure): the twin runs scripts, and no steps (`run`)'));
    return { kind: 'system', message: 'it has no script' };
  }
  await context.fs.mkdir(folders.control, { recursive: true, mode: 0o700 });
  await getSources(context, run, variables);
  const place = { ...run, variables, cache: attempt.spec.config.cache };
  await caches.restore(place);
  await layInArtifacts(context, run);
  await writeControl(context, folders, attempt.spec.config, attempt.variables, { path: run.desk.path, own });
  const { timeoutSeconds } = attempt.spec;
  const scriptSeconds = scriptTimeout(trace, variables.RUNNER_SCRIPT_TIMEOUT, timeoutSeconds);
  const executed = await executeJob(context, {
    ...{ desk, folders, graceSeconds, stop, output: trace.take },
    ...{ timeoutSeconds, scriptSeconds },
  });
  const succeeded = executed.kind === 'exit' && executed.exitCode === 0;
  if (executed.kind !== 'exit' && executed.kind !== 'timeout') return ended(run, executed);
  await caches.save(place, succeeded);
  return ended(run, executed, await keep(context, run, variables, succeeded));
}

async function getSources(
  context: Context,
  run: AttemptRun,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const { trace, folders, world, project } = run;
  const { pipeline } = run.attempt.planned;
  const wish = sourceWish(variables);
  trace.open('get_sources', 'Getting source from Git repository');
  if (wish.strategy === 'clone') {
    const origin = variables.CI_REPOSITORY_URL ?? `${world.url}/${project.path}.git`;
    const sources = await run.fetch(wish.depth);
    await checkOut(context, sources, folders.project, pipeline, { origin, checkout: wish.checkout });
    trace.say(green(`Checking out ${pipeline.sha.slice(0, 8)} as detached HEAD (ref is ${pipeline.ref})...`));
  } else {
    await context.fs.mkdir(folders.project, { recursive: true });
    trace.say('Skipping Git repository setup');
  }
  trace.close('get_sources');
}

async function layInArtifacts(context: Context, { attempt, trace, folders }: AttemptRun): Promise<void> {
  if (attempt.artifacts.length === 0) return;
  trace.open('download_artifacts', 'Downloading artifacts');
  for (const { job, artifacts } of attempt.artifacts) {
    trace.say(`Downloading artifacts for ${job}...`);
    const laid = await copyFiles(context, artifacts.folder, artifacts.files, folders.project);
    for (const skipped of laid.skipped) trace.say(`WARNING: ${skipped}`);
  }
  trace.close('download_artifacts');
}

async function keep(
  context: Context,
  { attempt, world, trace, folders, maxArtifactBytes }: AttemptRun,
  variables: Readonly<Record<string, string>>,
  succeeded: boolean,
): Promise<Kept> {
  const config = attempt.spec.config.artifacts;
  if (config === undefined) return { artifacts: undefined, dotenv: [], refused: false };
  const section = succeeded ? 'upload_artifacts_on_success' : 'upload_artifacts_on_failure';
  trace.open(section, `Uploading artifacts for ${succeeded ? 'successful' : 'failed'} job`);
  const kept = await keepArtifacts(context, {
    ...{ folders, config, variables, succeeded, trace, tier: world.tier },
    maxBytes: maxArtifactBytes,
    now: world.clock.now(),
  });
  trace.close(section);
  return kept;
}

/**
 * Seconds of `RUNNER_SCRIPT_TIMEOUT`; undefined where the job's own timeout is the limit.
 * Source: docs.gitlab.com/ci/runners/configure_runners/#set-script-and-after_script-timeouts
 */
function scriptTimeout(trace: Trace, text: string | undefined, job: number): number | undefined {
  if (text === undefined || text === '') return undefined;
  const seconds = /^(\d+(\.\d+)?[hms])+$/.test(text) ? parseDuration(text) : undefined;
  if (seconds !== undefined && seconds < job) return seconds;
  const why = seconds === undefined ? 'is no duration' : "is not shorter than the job's timeout";
  trace.say(`WARNING: RUNNER_SCRIPT_TIMEOUT ${why}, and is ignored`);
  return undefined;
}

/** Says the last line of the log, and how the attempt ended. */
function ended({ trace, attempt }: AttemptRun, executed: Executed, kept?: Kept): AttemptEnd {
  const { config } = attempt.spec;
  const failed = (how: string) => trace.say(red(`ERROR: Job failed: ${how}`));
  switch (executed.kind) {
    case 'cancel':
      failed('canceled');
      return { kind: 'canceled' };
    case 'lost':
      return { kind: 'lost' };
    case 'system':
      trace.say(red(`ERROR: Job failed (system failure): ${executed.message}`));
      return executed;
    case 'timeout':
      failed(`execution took longer than ${goDuration(executed.seconds)} seconds`);
      return { kind: 'timeout', artifacts: kept?.artifacts };
    case 'exit': {
      // A refused upload fails a job whose script did not.
      const exitCode = executed.exitCode === 0 && kept?.refused === true ? 1 : executed.exitCode;
      const { artifacts, dotenv = [] } = kept ?? {};
      const found = readCoverage(config.coverage, trace.text());
      if (exitCode === 0) trace.say(green('Job succeeded'));
      else failed(`exit code ${exitCode}`);
      return { kind: 'exit', exitCode, artifacts, dotenv, coverage: found };
    }
  }
}

/** As Go writes a duration of seconds, and so the runner: `1h0m0s`. */
function goDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const large = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : '';
  return `${large}${seconds % 60}s`;
}
