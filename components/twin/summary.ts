import type { Context } from '../kernel/context.ts';
import type { Finding } from '../kernel/finding.ts';
import { withoutControls } from '../kernel/log.ts';
import type { StepResult } from './local/run-step.ts';
import type { JobResult, PipelineResult } from './types.ts';

export interface StepView {
  readonly dryRun: boolean;
  /** Whether the step is told before what became of it. */
  readonly titled: boolean;
  readonly renderFinding: (finding: Finding) => string;
}

/** Prints what became of a step: what is wrong with configurations, what the step says, its pipelines. */
export function printStep(context: Context, result: StepResult, view: StepView): void {
  const { title, text, seen, pipelines } = result;
  const said = text === '' || text.includes('\n') ? '' : `: ${text}`;
  if (view.titled && title !== '') context.print(`${withoutControls(title)}${said}\n\n`);
  for (const notice of new Set(seen.flatMap(({ notices }) => notices))) context.log.info(notice);
  for (const finding of seen.flatMap(({ findings }) => findings)) {
    if (view.dryRun) context.log[finding.severity](view.renderFinding(finding).trimEnd());
    else context.print(view.renderFinding(finding));
  }
  for (const { yaml } of seen) if (view.dryRun && yaml !== undefined) context.print(yaml);
  if (text.includes('\n')) context.print(`${text}\n\n`);
  for (const pipeline of pipelines) {
    const head = pipeline.title === undefined || !view.titled ? '' : `${pipeline.title}\n`;
    context.print(`${head}${renderPipeline(pipeline)}${view.titled ? '\n' : ''}`);
  }
}

/** A pipeline's results for people: a table of jobs, the last lines of those that failed, where the rest lies. */
export function renderPipeline(pipeline: PipelineResult): string {
  const parts = [
    renderTable(pipeline.jobs),
    ...pipeline.jobs.filter(({ tail }) => tail.length > 0).map(renderTail),
    renderNotes(pipeline),
    pipeline.message,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function renderTable(jobs: readonly JobResult[]): string {
  if (jobs.length === 0) return '';
  const rows = jobs.map((job) => [
    withoutControls(job.name),
    withoutControls(job.stage),
    `${job.outcome}${job.reason === undefined ? '' : `: ${withoutControls(job.reason)}`}`,
    job.exitCode === undefined ? '' : String(job.exitCode),
    job.seconds === undefined ? '' : job.seconds.toFixed(2),
  ]);
  const all = [['job', 'stage', 'result', 'exit', 'seconds'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function renderTail(job: JobResult): string {
  return [`${withoutControls(job.name)} ended with:`, ...job.tail.map((line) => `  ${line}`)].join('\n');
}

function renderNotes({ notes, folder, jobs }: PipelineResult): string {
  const lines = notes.length === 0 ? [] : ['Not as on GitLab:', ...notes.map((note) => `  ${note}`)];
  return [...lines, ...(jobs.length === 0 ? [] : [`Artifacts and logs: ${folder}`])].join('\n');
}
