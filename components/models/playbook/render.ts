import { withoutControls } from '../../kernel/log.ts';
import { cut } from '../../kernel/schema-terms.ts';
import type { Diagnosis, FailedJob } from './diagnose.ts';
import { placeholder } from './parse.ts';

/** A job and what is known of why it failed. */
export interface Diagnosed {
  readonly job: FailedJob;
  readonly diagnosis: Diagnosis;
}

/** What there is to say besides. */
export interface Told {
  /** Jobs that failed and were not looked at. */
  readonly unread: number;
  /** Jobs that have not ended. */
  readonly running: number;
}

const [longestGroup, longestShown] = [120, 300];

/** The text of a note: a section for each cause, with its jobs, and one for each job whose cause is not known. */
export function renderNote(diagnosed: readonly Diagnosed[], { unread, running }: Told): string {
  const failed = diagnosed.length + unread;
  const sections = groupByCause(diagnosed).map(renderSection);
  const rest = [
    ...(unread > 0
      ? [`${jobs(unread)} more failed and ${unread === 1 ? 'was' : 'were'} not looked at.`]
      : []),
    ...(running > 0 ? [`${jobs(running)} had not ended when this was written.`] : []),
  ];
  return [`**${jobs(failed)} of the pipeline failed.**`, ...sections, ...rest].join('\n\n');
}

/** The text of a thread where a cause names a line. */
export function renderThread({ job, diagnosis }: Diagnosed): string {
  if (!diagnosis.known) return '';
  const { cause, groups, line } = diagnosis;
  return [
    `**${fill(cause.title, groups)}** (job ${code(job.name)})`,
    fill(cause.explanation, groups),
    ...(line === undefined ? [] : [fenced([line.text])]),
    fill(cause.fix, groups),
  ].join('\n\n');
}

/** The heading of a cause, with what its groups took; empty where none is known. */
export function titleOf({ diagnosis }: Diagnosed): string {
  return diagnosis.known ? fill(diagnosis.cause.title, diagnosis.groups) : '';
}

function jobs(count: number): string {
  return count === 1 ? '1 job' : `${count} jobs`;
}

/** Jobs that failed for one cause, with the same words, stand together. */
function groupByCause(diagnosed: readonly Diagnosed[]): readonly (readonly Diagnosed[])[] {
  const groups = new Map<string, Diagnosed[]>();
  for (const one of diagnosed) {
    const { diagnosis, job } = one;
    const key = diagnosis.known ? `${diagnosis.cause.id} ${JSON.stringify(diagnosis.groups)}` : `${job.id}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function renderSection(group: readonly Diagnosed[]): string {
  const [first] = group;
  if (first === undefined) return '';
  const { diagnosis, job } = first;
  const names = group.map((each) => `${code(each.job.name)} (${each.job.id})`).join(', ');
  if (!diagnosis.known) return renderUnknown(job, names, diagnosis.lines);
  const { cause, groups, line } = diagnosis;
  const seen =
    line === undefined ? [] : [`Line ${line.number} of the log of ${job.id}:`, fenced([line.text])];
  return [
    `### ${fill(cause.title, groups)}`,
    `${names}: ${fill(cause.explanation, groups)}`,
    ...seen,
    `**What helps:** ${fill(cause.fix, groups)}`,
  ].join('\n\n');
}

function renderUnknown(
  { reason, lines: read }: FailedJob,
  names: string,
  lines: readonly { readonly text: string }[],
): string {
  const why = reason === undefined ? '' : ` GitLab's reason is ${code(reason)}.`;
  const said =
    read === undefined
      ? 'its log could not be read'
      : lines.length === 0
        ? 'its log says nothing'
        : 'the last lines that look like errors:';
  const shown = lines.length === 0 ? [] : [fenced(lines.map(({ text }) => text))];
  return [
    '### No known cause',
    `${names}: no cause of the table fits.${why} Of its log, ${said}`,
    ...shown,
  ].join('\n\n');
}

/** Puts what groups took in their places, as code. */
function fill(text: string, groups: Readonly<Record<string, string>>): string {
  return text.trim().replace(placeholder, (whole, name: string) => {
    const value = groups[name];
    return value === undefined ? whole : code(value);
  });
}

/** A stranger's words as a code span that they cannot leave; the side that acts makes all of it harmless once more. */
function code(text: string): string {
  const plain = onOneLine(text).replaceAll('`', "'").trim();
  return plain === '' ? '(nothing)' : `\`${cut(plain, longestGroup)}\``;
}

function fenced(lines: readonly string[]): string {
  const shown = lines.map((line) => cut(onOneLine(line), longestShown));
  return ['```', ...shown.map((line) => line.replace(/`{3,}/g, "'''")), '```'].join('\n');
}

export function onOneLine(text: string): string {
  return withoutControls(text).replace(/\s+/g, ' ');
}
