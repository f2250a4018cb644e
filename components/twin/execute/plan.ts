import { isMapping, keyOf, type Mapping, stagesOf } from '../config.ts';
import type { FlatConfig } from '../types.ts';
import { workflowProbe } from './executable.ts';
import type { ListedJob } from './gitlab-ci-local.ts';
import type { PlannedJob } from './schedule.ts';

export type PipelinePlan =
  | {
      readonly ok: true;
      readonly stages: readonly string[];
      readonly jobs: readonly PlannedJob[];
      /** Jobs whose rules leave them out. */
      readonly absent: readonly { readonly name: string; readonly stage: string }[];
    }
  /** GitLab would create no pipeline: there is nothing to run, or (`failed`) the configuration is wrong. */
  | { readonly ok: false; readonly status: 'none' | 'failed'; readonly message: string };

// GitLab's own words (lib/gitlab/ci/pipeline/chain).
const filteredByWorkflow = 'Pipeline filtered out by workflow rules.';
const filteredByRules =
  'Pipeline will not run for the selected trigger. The rules configuration prevented any jobs from being added to the pipeline.';

/** Plans the pipeline from its configuration and the listing that has evaluated its rules. */
export function planPipeline(config: FlatConfig, listed: readonly ListedJob[]): PipelinePlan {
  if (listed.some(({ name, when }) => name === workflowProbe && when === 'never')) {
    return { ok: false, status: 'none', message: filteredByWorkflow };
  }
  const all = listed.filter(({ name }) => name !== workflowProbe);
  const jobs = all.filter(({ when }) => when !== 'never').map((job) => planJob(config, job));
  if (jobs.every(({ stage }) => stage === '.pre' || stage === '.post')) {
    return { ok: false, status: 'none', message: filteredByRules };
  }
  const missing = missingNeed(jobs);
  if (missing !== undefined) return { ok: false, status: 'failed', message: missing };
  const absent = all.filter(({ when }) => when === 'never').map(({ name, stage }) => ({ name, stage }));
  return { ok: true, stages: stagesOf(config), jobs, absent };
}

function planJob(config: FlatConfig, listed: ListedJob): PlannedJob {
  const { name, stage, when } = listed;
  const key = keyOf(config, name);
  const job: Mapping = isMapping(config[key]) ? config[key] : {};
  return {
    ...{ name, key, stage, when },
    allowFailure: allowFailureOf(listed, job),
    needs: listed.needs?.map((need) => ({ key: need.job, optional: need.optional === true })),
    trigger: job.trigger !== undefined,
  };
}

// A job that is manual by itself may fail, one that a rule makes manual may not, unless it says so.
function allowFailureOf(listed: ListedJob, job: Mapping): PlannedJob['allowFailure'] {
  const { allow_failure: allowed, when } = listed;
  if (when === 'manual' && job.rules === undefined && job.allow_failure === undefined) return true;
  return typeof allowed === 'boolean' ? allowed : [allowed.exit_codes].flat();
}

function missingNeed(jobs: readonly PlannedJob[]): string | undefined {
  for (const { name, needs } of jobs) {
    const missing = needs?.find(({ key, optional }) => !optional && !jobs.some((job) => job.key === key));
    if (missing === undefined) continue;
    return (
      `'${name}' job needs '${missing.key}' job, but '${missing.key}' does not exist in the pipeline. This might be ` +
      'because of the only, except, or rules keywords. To need a job that sometimes does not exist in the pipeline, use needs:optional.'
    );
  }
  return undefined;
}
