import type Handlebars from 'handlebars';
import runtime from 'handlebars/runtime.js';
import { template } from '#texts/formats/note';
import { defineFormat } from './types.ts';

// The types of the runtime are empty; it is the part of the package without the compiler.
const handlebars = runtime as unknown as Pick<typeof Handlebars, 'template'>;

const shownFindings = 20;

/** Text of the merge request's note: only what the verdict was taken from, errors first, twenty at most. */
export const format = defineFormat({
  id: 'markdown',
  fileName: 'note.md',
  render: ({ title, judged, verdict, links }) => {
    const all = judged.flatMap((file) => file.findings).filter((finding) => finding.severity !== 'info');
    const sorted = [...all.filter(isError), ...all.filter((finding) => !isError(finding))];
    const findings = sorted.slice(0, shownFindings).map((finding) => ({
      ...finding,
      place: `${finding.file}:${finding.line}`,
    }));
    const more = Math.max(0, all.length - shownFindings);
    const facts = { title, verdict, findings, more, links };
    return handlebars.template(template)(facts, { helpers: { code: codeSpan } });
  },
});

function isError(finding: { readonly severity: string }): boolean {
  return finding.severity === 'error';
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
