import type { JobStatus, PipelineStatus } from '../../world/pipeline.ts';

/** What of a job counts for the status of what it is part of. */
export interface Counted {
  readonly status: JobStatus;
  readonly allowFailure: boolean;
}

/** A status as it counts: what may fail and did is a warning, what is manual and optional is not looked at. */
type Weight = JobStatus | 'warning' | 'ignored';

const harmless: readonly Weight[] = ['warning', 'ignored'];

/** The first rule that holds says the status; the last resort is `failed`. */
const rules: readonly {
  readonly status: PipelineStatus;
  /** Holds where all jobs are among these. */
  readonly only?: readonly Weight[];
  /** Holds where one job is among these. */
  readonly any?: readonly Weight[];
}[] = [
  { status: 'skipped', only: ['skipped', 'ignored'] },
  { status: 'success', only: ['success', 'skipped', ...harmless] },
  { status: 'created', only: ['created', ...harmless] },
  { status: 'canceled', only: ['canceled', 'success', 'skipped', ...harmless] },
  { status: 'pending', only: ['pending', 'created', 'skipped', ...harmless] },
  { status: 'running', any: ['running', 'pending'] },
  { status: 'waiting_for_resource', any: ['waiting_for_resource'] },
  { status: 'manual', any: ['manual'] },
  { status: 'scheduled', any: ['scheduled'] },
  { status: 'running', any: ['created'] },
  { status: 'canceling', any: ['canceling'] },
];

/**
 * The status of a pipeline or a stage by its jobs, as GitLab composes it; undefined where there are none.
 * Source: lib/gitlab/ci/status/composite.rb.
 */
export function compositeStatus(jobs: readonly Counted[]): PipelineStatus | undefined {
  if (jobs.length === 0) return undefined;
  const weights = new Set(jobs.map(weightOf));
  const rule = rules.find(({ only, any }) =>
    only === undefined
      ? any?.some((weight) => weights.has(weight))
      : [...weights].every((weight) => only.includes(weight)),
  );
  return rule?.status ?? 'failed';
}

/**
 * The status of the jobs that another one needs. Unlike that of stages it is `skipped` as soon as one of them does
 * not run, even where others still do, and `pending` until all have ended.
 */
export function statusOfNeeds(jobs: readonly Counted[]): PipelineStatus | undefined {
  const weights = jobs.map(weightOf);
  if (weights.some((weight) => weight === 'skipped' || weight === 'ignored')) return 'skipped';
  const ended: readonly Weight[] = ['success', 'failed', 'canceled', 'warning'];
  return weights.every((weight) => ended.includes(weight)) ? compositeStatus(jobs) : 'pending';
}

function weightOf({ status, allowFailure }: Counted): Weight {
  if (!allowFailure) return status;
  if (status === 'failed' || status === 'canceled') return 'warning';
  return status === 'manual' ? 'ignored' : status;
}
