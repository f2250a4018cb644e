import { withoutControls } from '../kernel/log.ts';
import type { JobResult, PipelineResult } from './types.ts';

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
