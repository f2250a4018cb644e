import { linesOfLog } from './logs/plain-log.ts';
import { createLineMatcher, longestLine } from './matching/lines.ts';
import { answered, counted, refused, usualLimit } from './text.ts';
import type { Tool, ToolResult } from './types.ts';

const [usualLines, mostMatches] = [200, 200];

/** Steps of an expression over characters of a log. */
const mostWork = 200_000_000;

interface Asked {
  readonly job: number;
  readonly from?: number;
  readonly to?: number;
  readonly pattern?: string;
  readonly regex?: boolean;
  readonly ignore_case?: boolean;
}

export const tool: Tool = {
  id: 'read-job-log',
  description: `Gives lines of the log of a job of the pipeline, each with its number: the last ${usualLines}, a range, or those that hold a pattern.`,
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['job'],
    properties: {
      job: { type: 'integer', minimum: 1, description: 'Number of the job, as it is listed' },
      from: { type: 'integer', minimum: 1, description: 'First line, from 1' },
      to: { type: 'integer', minimum: 1, description: 'Last line' },
      pattern: { type: 'string', minLength: 1, maxLength: 1000, description: 'Text that a line holds' },
      regex: {
        type: 'boolean',
        description: 'Whether the pattern is a regular expression, in the syntax of RE2',
      },
      ignore_case: { type: 'boolean' },
    },
  },
  source: 'job-log',
  timeout: 60_000,
  outputLimit: usualLimit,
  readOn: 'ask for fewer lines by `from` and `to`, or for a `pattern`',
  kind: 'function',
  permission: 'read_logs',
  risk: 'low',
  replay: 'pure',
  needs: 'jobLogs',
  run: async (input, { jobLogs }) => {
    if (jobLogs === undefined) throw new TypeError('it is not offered without logs');
    const asked = input as unknown as Asked;
    // Only of this pipeline: the token that reads them may see more than the agent should.
    if (!(await jobLogs.list()).some(({ id }) => id === asked.job))
      return refused(`The pipeline has no job ${asked.job}; list its jobs.`);
    const text = await jobLogs.read(asked.job);
    const lines = text === undefined ? [] : linesOfLog(text);
    if (lines.length === 0) return refused('The job has written no log yet, or it was erased.');
    return asked.pattern === undefined
      ? range(lines, asked)
      : find(lines, { ...asked, pattern: asked.pattern });
  },
};

function range(lines: readonly string[], { from, to }: Asked): ToolResult {
  const last = Math.min(to ?? (from === undefined ? lines.length : from + usualLines - 1), lines.length);
  const first = from ?? Math.max(1, last - usualLines + 1);
  if (first > last)
    return refused(`The log has ${lines.length} lines: there is no line from ${first} to ${last}.`);
  const shown = lines.slice(first - 1, last).map((line, index) => numbered(first + index, line));
  const around = `(lines ${first} to ${last} of ${lines.length})`;
  return answered([...shown, around].join('\n'));
}

async function find(
  lines: readonly string[],
  { pattern, regex, ignore_case: ignoreCase, from = 1, to }: Asked & { readonly pattern: string },
): Promise<ToolResult> {
  const matcher = await createLineMatcher({ pattern, regex, ignoreCase });
  if (!matcher.ok) return refused(`The pattern is no expression that is searched for: ${matcher.reason}.`);
  const found: string[] = [];
  let work = 0;
  for (const [index, line] of lines.slice(from - 1, to).entries()) {
    const at = from + index;
    if (found.length === mostMatches || work > mostWork)
      return answered([...found, `(not looked at from line ${at} on: go on by \`from\`)`].join('\n'));
    const looked = line.slice(0, longestLine);
    work += (looked.length + 1) * matcher.cost;
    if (matcher.matches(looked)) found.push(numbered(at, line));
  }
  return answered([...found, `(${counted(found.length, 'line')} of ${lines.length})`].join('\n'));
}

function numbered(number: number, line: string): string {
  const shown = line.length <= longestLine ? line : `${line.slice(0, longestLine).toWellFormed()}…`;
  return `${number}: ${shown}`;
}
