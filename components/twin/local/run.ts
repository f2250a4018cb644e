import { join, resolve } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { assertNoLinks } from '../../kernel/files.ts';
import type { Finding } from '../../kernel/finding.ts';
import { ciSchemaOf } from '../check/schema.ts';
import { removeFolder } from '../remove-folder.ts';
import { applyTwinFile } from '../setup/apply-twin-file.ts';
import { localUser } from '../setup/check-names.ts';
import { type RunningTwin, startTwin } from '../twin.ts';
import type { Machine } from '../types.ts';
import type { Pipeline } from '../world/pipeline.ts';
import { createObserver, type Observer } from './look.ts';
import { type LocalPlan, planLocal } from './plan.ts';
import { addEventSchedule, prepareSources, tagOwnProjects } from './prepare.ts';
import type { LocalRequest } from './request.ts';
import { hasError, isResultName, runStep, type StepResult } from './run-step.ts';
import { serveTwin } from './serve.ts';
import type { Stage } from './stage.ts';

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
 *   TWIN_PORT
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
  await tagOwnProjects(twin, request, setUp);
  const sources = await prepareSources(context, twin, plan, setUp);
  const out = join(resolve(context.cwd, request.out), 'local');
  await assertNoLinks(context, join(request.out, 'local'));
  const stage: Stage = { context, twin, sources, path: plan.path, user: localUser };
  addEventSchedule(twin, plan);
  if (!request.dryRun) await forgetResults(context, out);
  const results: StepResult[] = [];
  for (const step of plan.steps) {
    const result = await runStep(stage, step, observer, out, request.dryRun);
    if (failures.length > 0) throw failures[0];
    listener.onStep(result, plan);
    results.push(result);
  }
  if (request.serve) {
    await serveTwin(stage, setUp, observer, out, {
      onServe: (file) => listener.onServe(twin.url, file),
      onResult: (result) => listener.onStep(result, plan),
    });
    if (failures.length > 0) throw failures[0];
  }
  const wrong = results.some(({ seen }) => seen.some(hasError));
  return wrong || lastOfEach(twin).some(({ status }) => status === 'failed');
}

/** Removes what earlier runs wrote, known by its name: the folder may be one that people keep other things in. */
async function forgetResults(context: Context, out: string): Promise<void> {
  for (const name of await context.fs.readdir(out).catch(() => [])) {
    if (isResultName(name)) await removeFolder(context, join(out, name));
  }
}

/** The last pipeline of each branch, as a branch shows it. */
function lastOfEach({ world }: RunningTwin): readonly Pipeline[] {
  const last = new Map<string, Pipeline>();
  for (const pipeline of world.pipelines.values()) {
    if (pipeline.source !== 'parent_pipeline') last.set(`${pipeline.projectId} ${pipeline.ref}`, pipeline);
  }
  return [...last.values()];
}
