import { join } from 'node:path';
import { writeFileAtomic } from '../../kernel/files.ts';
import type { PipelineResult } from '../types.ts';
import type { Pipeline } from '../world/pipeline.ts';
import type { Observer, Seen } from './look.ts';
import { performStep } from './perform.ts';
import { collectResults } from './results.ts';
import type { Stage } from './stage.ts';
import type { Step } from './step.ts';

/** What there is to tell of one step, or of what happens while the twin is up. */
export interface StepResult {
  /** The step as it was written; empty where nobody wrote any. */
  readonly title: string;
  /** What the step itself says: a merge request it opened, notes. */
  readonly text: string;
  readonly seen: readonly Seen[];
  readonly pipelines: readonly PipelineResult[];
}

/** Makes a step happen and waits for all pipelines that it starts, directly or not. @throws TWIN_STEP_IMPOSSIBLE */
export async function runStep(
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
    results.push(await writeResults(stage, pipeline, out));
  }
  const isSilent = results.length === 0 && !dryRun && !seen.some(hasError);
  const messages = isSilent ? refusals.slice(refused) : [];
  const none = [...new Set(messages)].map((message): PipelineResult => {
    return { status: 'none', message, jobs: [], notes: [], folder: out };
  });
  return { title: step.text, text, seen, pipelines: [...results, ...none] };
}

export function isActive(status: Pipeline['status']): boolean {
  return ['created', 'pending', 'running', 'waiting_for_resource', 'canceling'].includes(status);
}

export function hasError({ findings }: Seen): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** Writes what became of a pipeline to a folder of its own. @throws FILE_UNWRITABLE */
export async function writeResults(
  { context, twin }: Pick<Stage, 'context' | 'twin'>,
  pipeline: Pipeline,
  out: string,
): Promise<PipelineResult> {
  const { id, source, sha } = pipeline;
  // Results are no part of the project: the next run would take them for new files.
  await writeFileAtomic(context, join(out, '.gitignore'), '*\n');
  const folder = join(out, `${id}-${source.replaceAll('_', '-')}-${sha.slice(0, 8)}`);
  return collectResults(context, twin, pipeline, folder);
}

/** Whether a folder is called as {@link writeResults} calls them. */
export function isResultName(name: string): boolean {
  return /^\d+-[a-z-]+-[0-9a-f]{8}$/.test(name);
}
