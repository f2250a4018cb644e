import type { Job, JobStatus } from '../../world/pipeline.ts';
import type { JobSpec, PlannedPipeline } from '../types.ts';
import { cancelFamily } from './cancel.ts';
import { dependenciesOf } from './dependencies.ts';
import { isHierarchyFull } from './hierarchy.ts';
import { failJob, moveJob } from './move.ts';
import { inBackground, plannedOf, type Scheduler, specOf, tell } from './state.ts';

/** Lets a trigger job start its pipeline; it waits for that where its strategy says so. No runner is needed. */
export function startBridge(scheduler: Scheduler, job: Job): void {
  const planned = plannedOf(scheduler, job);
  const spec = specOf(planned, job);
  if (isHierarchyFull(scheduler.world, planned.pipeline)) {
    failJob(scheduler, job, 'reached_max_pipeline_hierarchy_size');
    return;
  }
  moveJob(scheduler, job, 'running');
  inBackground(scheduler, async () => {
    try {
      await trigger(scheduler, job, spec, planned);
    } catch (error) {
      tell(scheduler, error);
      if (hasStatus(job, 'running')) failJob(scheduler, job, 'data_integrity_failure');
    }
    scheduler.wake();
  });
}

async function trigger(
  scheduler: Scheduler,
  job: Job,
  spec: JobSpec,
  planned: PlannedPipeline,
): Promise<void> {
  const { dotenv } = dependenciesOf(scheduler, job, spec, planned);
  const asked = await scheduler.parts.downstreamRequest(job, spec, planned, dotenv);
  if (!hasStatus(job, 'running')) return;
  if (!asked.ok) {
    job.trace += asked.messages.map((message) => `${message}\n`).join('');
    failJob(scheduler, job, asked.reason);
    return;
  }
  const created = await scheduler.create({ ...asked.request, upstreamJobId: job.id });
  // Cancelled meanwhile: its child must not live on.
  if (hasStatus(job, 'canceled') && created.ok && created.pipeline.source === 'parent_pipeline') {
    cancelFamily(scheduler, created.pipeline);
  }
  // Its pipeline may have come to its end already, and taken it along.
  if (!hasStatus(job, 'running')) return;
  if (!created.ok || created.pipeline.yamlErrors !== undefined) {
    const messages = created.ok ? [created.pipeline.yamlErrors ?? ''] : created.messages;
    job.trace += messages.map((message) => `${message}\n`).join('');
    failJob(scheduler, job, 'downstream_pipeline_creation_failed');
  } else if (spec.trigger?.strategy === 'none') {
    moveJob(scheduler, job, 'success');
  }
}

/** Asked anew each time: others change the job while this one waits. */
function hasStatus({ status }: Job, wanted: JobStatus): boolean {
  return status === wanted;
}
