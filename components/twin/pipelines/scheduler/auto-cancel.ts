import { isMapping } from '../../config.ts';
import type { Pipeline } from '../../world/pipeline.ts';
import type { PlannedPipeline } from '../types.ts';
import { cancelJobs } from './cancel.ts';
import { rootOf } from './hierarchy.ts';
import { isComplete, type Scheduler } from './state.ts';

type OnNewCommit = 'conservative' | 'interruptible' | 'none';

/** `workflow:auto_cancel`. Source: docs.gitlab.com/ci/yaml/#workflowauto_cancelon_new_commit. */
function autoCancelOf(planned: PlannedPipeline | undefined): {
  readonly onNewCommit: OnNewCommit;
  readonly onJobFailure: 'all' | 'none';
} {
  const workflow = planned?.config.workflow;
  const written = isMapping(workflow) && isMapping(workflow.auto_cancel) ? workflow.auto_cancel : {};
  const { on_new_commit: onNewCommit, on_job_failure: onJobFailure } = written;
  return {
    onNewCommit: onNewCommit === 'interruptible' || onNewCommit === 'none' ? onNewCommit : 'conservative',
    onJobFailure: onJobFailure === 'all' ? 'all' : 'none',
  };
}

/**
 * Cancels older pipelines of the same branch for other commits, and their children, once a new one has been made.
 * Source: app/services/ci/pipeline_creation/cancel_redundant_pipelines_service.rb.
 *
 * @param head - commit the branch is at: its pipelines stay
 */
export function cancelRedundant(scheduler: Scheduler, pipeline: Pipeline, head: string | undefined): void {
  if (pipeline.source === 'parent_pipeline') return;
  for (const other of scheduler.world.pipelines.values()) {
    if (other.projectId !== pipeline.projectId || other.ref !== pipeline.ref) continue;
    if (rootOf(scheduler.world, other).id >= pipeline.id || isComplete(other)) continue;
    if (other.sha === pipeline.sha || other.sha === head) continue;
    cancelOne(scheduler, other);
  }
}

function cancelOne(scheduler: Scheduler, pipeline: Pipeline): void {
  const planned = scheduler.planned.get(pipeline.id);
  const isInterruptible = (name: string) => planned?.specs.get(name)?.interruptible === true;
  const { onNewCommit } = autoCancelOf(planned);
  if (onNewCommit === 'interruptible') cancelJobs(scheduler, pipeline, ({ name }) => isInterruptible(name));
  if (onNewCommit !== 'conservative') return;
  const started: readonly string[] = ['running', 'success', 'failed'];
  const stays = pipeline.jobs.some(
    ({ kind, name, status }) => kind !== 'status' && started.includes(status) && !isInterruptible(name),
  );
  if (!stays) cancelJobs(scheduler, pipeline);
}

/** Cancels the rest of a pipeline one of whose jobs has just failed, where the configuration says so. */
export function cancelOnFailure(scheduler: Scheduler, pipeline: Pipeline): void {
  const failed = [...scheduler.failed].filter(({ pipelineId }) => pipelineId === pipeline.id);
  for (const job of failed) scheduler.failed.delete(job);
  if (!failed.some(({ allowFailure, retried }) => !allowFailure && !retried)) return;
  if (autoCancelOf(scheduler.planned.get(pipeline.id)).onJobFailure !== 'all') return;
  cancelJobs(scheduler, pipeline);
}
