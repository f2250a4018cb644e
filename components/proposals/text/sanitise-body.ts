import { sanitiseLines } from './blocks.ts';
import { normaliseCharacters } from './characters.ts';
import { beginningOf, fitLines } from './cut.ts';
import { isBlank } from './lines.ts';
import { createTally } from './tally.ts';
import type { Count, SafeBody, Sanitised, TextLimits } from './types.ts';

/**
 * Makes a Markdown text of a stranger harmless on GitLab: it runs no quick action, names no one and nothing, loads and
 * links nothing, holds no HTML, and ends with nothing open, so text of ours may stand around it behind an empty line.
 * Prose, lists, tables, emphasis and code stay readable. What is sanitised comes through as it is. Time is linear.
 */
export function sanitiseBody(untrusted: string, limits: TextLimits): Sanitised<SafeBody> {
  const tally = createTally();
  const lines = normaliseCharacters(untrusted, tally.count).split('\n');
  const start = lines.findIndex((line) => !isBlank(line));
  const content = start < 0 ? [] : lines.slice(start);
  const room = { lines: 400, ...limits };
  const read = beginningOf(content, room);
  const { text, isCut } = fitLines(sanitiseAll(read, tally.count), room, {
    isBeginning: read.length < content.length,
    again: (piece) => sanitiseAll(piece, () => undefined),
  });
  if (isCut) tally.count('cut');
  if (text === '') tally.count('empty');
  return { text: text as SafeBody, changes: tally.changes() };
}

function sanitiseAll(lines: readonly string[], count: Count): string {
  return sanitiseLines(withoutFrontMatter(lines, count), count).join('\n').trimEnd();
}

/** At the beginning, dashes would be front matter, or make a heading of the line above. */
function withoutFrontMatter(lines: readonly string[], count: Count): string[] {
  const result = [...lines];
  // GitLab allows a line that tells the encoding before it.
  const second = /coding:/.test(lines[0] ?? '') ? lines.findIndex((line, at) => at > 0 && !isBlank(line)) : 0;
  for (const at of new Set([0, second])) {
    const line = lines[at];
    if (line === undefined || !/^ {0,3}(?:---|===|\+\+\+|;;;|[=-]+\s*$)/.test(line)) continue;
    count('directive');
    result[at] = /^ {0,3}-{3,}\s*$/.test(line) ? '***' : line.replace(/\S/, (sign) => `\\${sign}`);
  }
  return result;
}
