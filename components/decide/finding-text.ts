import { createHash } from 'node:crypto';
import type Handlebars from 'handlebars';
import runtime from 'handlebars/runtime.js';
import { template as findingTemplate } from '#texts/decide/finding';
import type { Finding } from '../kernel/finding.ts';
import { withoutControls } from '../kernel/log.ts';
import { findUnsafe } from '../proposals/text/find-unsafe.ts';
import { sanitiseBody } from '../proposals/text/sanitise-body.ts';
import { errors } from './errors.ts';
import type { Text } from './texts.ts';

// The types of the runtime are empty; it is the part of the package without the compiler.
const handlebars = runtime as unknown as Pick<typeof Handlebars, 'template'>;

/** How the markers of all threads about findings begin. */
export const findingMarker = '<!-- pipewright:finding:';

const next =
  'Next: mend it and push, and this thread is resolved. Resolved by hand it stays so, and the finding still counts.';

/** Of a line; and of what stands in the block. */
const longestLine = 500;
const block = { characters: 4_000, lines: 20 } as const;

/** Where a thread stands that is about a finding. */
export type Stands = 'on its line' | 'on another line' | 'on no line';

/**
 * The markers of findings, in their order: each is known by its file, its code and its path in the document, of equal ones by
 * their order. A line number is no part of it, so what only moved keeps its thread.
 */
export function markFindings(findings: readonly Finding[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ file, code, path }) => {
    const identity = JSON.stringify([file, code, path]);
    const ordinal = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, ordinal);
    const hash = createHash('sha256').update(`${identity}${ordinal}`).digest('hex').slice(0, 32);
    return `${findingMarker}${hash} -->`;
  });
}

/**
 * Renders the thread of a finding. Names and values in it are a stranger's: they stand in a block of code, are sanitised
 * there, and the finished text is looked at once more. @throws DECIDE_UNSAFE_TEXT
 */
export function renderFindingThread(
  finding: Finding,
  { marker, stands, more }: { readonly marker: string; readonly stands: Stands; readonly more: number },
): Text {
  const { code, line } = finding;
  const { text: body } = sanitiseBody(`\`\`\`text\n${linesOf(finding).join('\n')}\n\`\`\``, block);
  const template = handlebars.template(findingTemplate);
  const facts = { code, body, next, elsewhere: elsewhere(stands, line), more: restOf(more), marker: '' };
  const found = findUnsafe(template(facts).trimEnd());
  if (found.length > 0) throw errors.UNSAFE_TEXT({ kind: 'a finding', found: found.join(', ') });
  return { marker, text: template({ ...facts, marker }).trimEnd() };
}

function elsewhere(stands: Stands, line: number): string {
  if (stands === 'on its line') return '';
  const here = stands === 'on another line' ? ', and the nearest is this one' : '';
  return `It is at line ${line}, which the merge request does not change${here}.`;
}

function restOf(more: number): string {
  if (more === 0) return '';
  return `${more} more ${more === 1 ? 'finding counts, and has' : 'findings count, and have'} no thread.`;
}

function linesOf({ file, line, column, path, ...finding }: Finding): readonly string[] {
  const { message, expected, got, suggestion, fix, deviation } = finding;
  const isNew = got !== undefined && !message.includes(got);
  return [
    `${file}:${line}:${column}${path === '' ? '' : ` ${path}`}`,
    message,
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(isNew ? [`got ${got}`] : []),
    ...(suggestion === undefined ? [] : [`did you mean "${suggestion}"?`]),
    ...(fix === undefined ? [] : [fix]),
    ...(deviation === undefined ? [] : [`stricter than the published schema: ${deviation}`]),
  ].map(oneLine);
}

/** What a stranger wrote is one line, and not a long one. */
function oneLine(text: string): string {
  const line = withoutControls(text.replace(/\s+/g, ' ')).toWellFormed();
  return line.length > longestLine ? `${line.slice(0, longestLine).toWellFormed()}…` : line;
}
