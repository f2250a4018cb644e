import { answered, counted, onOneLine, usualLimit } from './text.ts';
import type { JobFacts, Tool } from './types.ts';

const mostJobs = 300;

export const tool: Tool = {
  id: 'list-pipeline-jobs',
  description: `Lists the jobs of the pipeline: number, status, stage and name, ${mostJobs} at most.`,
  parameters: { type: 'object', additionalProperties: false, properties: {} },
  source: 'job-log',
  timeout: 60_000,
  outputLimit: usualLimit,
  readOn: 'the rest is not to be had',
  kind: 'function',
  permission: 'read_logs',
  risk: 'low',
  replay: 'pure',
  needs: 'jobs',
  run: async (_input, { jobs }) => {
    if (jobs === undefined) throw new TypeError('it is not offered without a pipeline');
    const all = await jobs.list();
    const more = all.length - mostJobs;
    const lines = [
      counted(all.length, 'job'),
      ...all.slice(0, mostJobs).map(line),
      ...(more > 0 ? [`(and ${more} more)`] : []),
    ];
    return answered(lines.join('\n'));
  },
};

function line({ id, name, stage, status, failureReason, allowFailure }: JobFacts): string {
  const why = status === 'failed' && failureReason !== undefined ? ` (${failureReason})` : '';
  const allowed = status === 'failed' && allowFailure ? ', which is allowed' : '';
  return `${id} ${status}${why}${allowed} ${onOneLine(stage)}: ${onOneLine(name)}`;
}
