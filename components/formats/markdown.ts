import type Handlebars from 'handlebars';
import runtime from 'handlebars/runtime.js';
import { template } from '#texts/formats/note';
import type { Finding } from '../kernel/finding.ts';
import { withoutControls } from '../kernel/log.ts';
import { encodePath } from './text.ts';
import { defineFormat } from './types.ts';

// The types of the runtime are empty; it is the part of the package without the compiler.
const handlebars = runtime as unknown as Pick<typeof Handlebars, 'template'>;

/** A note is read on one screen: so many findings, and of each text so many characters. */
const shownFindings = 10;
const shownCharacters = 160;

/** Text of the merge request's note: what counts in what the verdict was taken from, errors first. */
export const format = defineFormat({
  id: 'markdown',
  fileName: 'note.md',
  render: ({ title, judged, verdict, links, old, mendable, uses, source }) => {
    const all = judged
      .flatMap((file) => file.findings)
      .filter((finding) => finding.severity !== 'info' && !old?.has(finding));
    const sorted = [...all.filter(isError), ...all.filter((finding) => !isError(finding))];
    const findings = sorted.slice(0, shownFindings).map((finding) => ({
      severity: finding.severity,
      place: placeOf(finding, source),
      message: cut(finding.message),
      suggestion: finding.suggestion === undefined ? undefined : cut(finding.suggestion),
    }));
    const facts = {
      ...{ title, findings, links, mendable, uses },
      // In Markdown a line feed alone does not end a line.
      verdict: verdict.split('\n').join('\\\n'),
      total: all.length,
      more: Math.max(0, all.length - shownFindings),
    };
    return handlebars.template(template)(facts, { helpers: { code: codeSpan } });
  },
});

function isError(finding: { readonly severity: string }): boolean {
  return finding.severity === 'error';
}

/** File and line, as a link where there is a page of them; what lies outside of the repository has none. */
function placeOf({ file, line }: Finding, source: string | undefined): string {
  const place = codeSpan(`${cut(file)}:${line}`);
  const isOutside = file.startsWith('../') || file.startsWith('/');
  return source === undefined || isOutside ? place : `[${place}](${source}${encodePath(file)}#L${line})`;
}

function cut(text: string): string {
  const shown = withoutControls(text);
  if (shown.length <= shownCharacters) return shown;
  return `${shown.slice(0, shownCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * Quotes text that strangers wrote. Inside a code span GitLab renders no mention, reference, image or HTML, and a
 * quick action only acts at the start of a line; the fence is longer than any run of backticks within.
 */
export function codeSpan(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const runs = line.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}
