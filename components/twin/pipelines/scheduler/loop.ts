import type { Created, PipelineRequest } from '../../ports.ts';
import type { Pipeline } from '../../world/pipeline.ts';
import { timeOf } from '../../world/world.ts';
import type { PlannedPipeline } from '../types.ts';
import { watchDelayed } from './alarm.ts';
import { cancelOnFailure } from './auto-cancel.ts';
import { compositeStatus } from './composite.ts';
import { decide } from './decide.ts';
import { takeStep, unblock } from './enqueue.ts';
import { ensureEnvironments } from './environments.ts';
import { mirrorUpstream } from './hierarchy.ts';
import { failJob, moveJob } from './move.ts';
import { assignResources, ensureResourceGroups } from './resource-groups.ts';
import { startBridge } from './run-bridge.ts';
import { startJob } from './run-job.ts';
import { tellWaiters } from './settled.ts';
import { consider, isComplete, pipelineOf, type Scheduler, tell } from './state.ts';
import type { PipelinesParts } from './types.ts';

/** An empty scheduler; `create` makes pipelines, for trigger jobs too. */
export function createScheduler(
  parts: PipelinesParts,
  create: (scheduler: Scheduler, request: PipelineRequest) => Promise<Created>,
): Scheduler {
  let awake = false;
  const scheduler: Scheduler = {
    ...{ parts, world: parts.world, planned: new Map(), running: new Map(), queue: [], dirty: new Set() },
    ...{ broken: new Set(), immediate: new Set(), startsAt: new Map(), hadArtifacts: new Set() },
    ...{ failed: new Set(), waiters: new Set(), background: new Set() },
    ...{ alarm: undefined, closed: false },
    create: (request) => create(scheduler, request),
    wake: () => {
      if (awake) return;
      awake = true;
      try {
        pass(scheduler);
      } catch (error) {
        tell(scheduler, error);
      } finally {
        awake = false;
      }
    },
  };
  return scheduler;
}

/** Takes in a pipeline that has just been made: from here on its jobs start as their turn comes. */
export function admit(scheduler: Scheduler, planned: PlannedPipeline): void {
  const { world } = scheduler;
  const { pipeline } = planned;
  scheduler.planned.set(pipeline.id, planned);
  ensureEnvironments(world, pipeline);
  ensureResourceGroups(world, pipeline);
  scheduler.dirty.add(pipeline.id);
}

/** One pass: decides until nothing changes any more, then starts what can start. Takes no time of its own. */
function pass(scheduler: Scheduler): void {
  do {
    for (const id of scheduler.dirty) {
      scheduler.dirty.delete(id);
      const pipeline = scheduler.world.pipelines.get(id);
      if (pipeline !== undefined) guard(scheduler, pipeline, () => processPipeline(scheduler, pipeline));
    }
    for (const job of assignResources(scheduler)) moveJob(scheduler, job, 'pending');
    startPending(scheduler);
  } while (scheduler.dirty.size > 0);
  watchDelayed(scheduler);
  tellWaiters(scheduler);
}

/** Does something for a pipeline; a mistake of ours in it fails that pipeline and is told. */
function guard(scheduler: Scheduler, pipeline: Pipeline, work: () => void): void {
  try {
    if (scheduler.broken.has(pipeline.id)) failAll(scheduler, pipeline);
    else work();
  } catch (error) {
    tell(scheduler, error);
    scheduler.broken.add(pipeline.id);
    failAll(scheduler, pipeline);
  }
}

function processPipeline(scheduler: Scheduler, pipeline: Pipeline): void {
  const planned = scheduler.planned.get(pipeline.id);
  cancelOnFailure(scheduler, pipeline);
  if (planned !== undefined) {
    for (const job of consider(pipeline, planned, scheduler.immediate)) unblock(scheduler, job);
    const jobs = consider(pipeline, planned, scheduler.immediate);
    for (const [job, step] of decide(jobs, planned.stages)) takeStep(scheduler, job, step);
  }
  const status = compositeStatus(pipeline.jobs.filter(({ retried }) => !retried));
  if (status !== undefined && status !== pipeline.status) setStatus(scheduler, pipeline, status);
  mirrorUpstream(scheduler, pipeline);
}

function setStatus(scheduler: Scheduler, pipeline: Pipeline, status: Pipeline['status']): void {
  const now = timeOf(scheduler.world);
  pipeline.status = status;
  pipeline.updatedAt = now;
  if (status === 'running') pipeline.startedAt ??= now;
  pipeline.finishedAt = isComplete({ status }) ? now : undefined;
}

/** A mistake of ours must not look like a pipeline that waits: everything of it that is open fails. */
function failAll(scheduler: Scheduler, pipeline: Pipeline): void {
  for (const job of pipeline.jobs) {
    scheduler.running.get(job.id)?.stop.abort('cancel');
    if (job.retried || job.kind === 'status' || isComplete(job)) continue;
    try {
      failJob(scheduler, job, 'data_integrity_failure');
    } catch (error) {
      tell(scheduler, error);
      job.status = 'failed';
    }
  }
  if (pipeline.status !== 'failed') setStatus(scheduler, pipeline, 'failed');
}

/** Trigger jobs start at once, others as there is room for them on this machine. */
function startPending(scheduler: Scheduler): void {
  const { queue, parts } = scheduler;
  for (const job of queue.splice(0)) {
    if (job.status !== 'pending') continue;
    const isTrigger = job.kind === 'bridge';
    if (!isTrigger && scheduler.running.size >= (parts.concurrency ?? 4)) queue.push(job);
    else {
      guard(scheduler, pipelineOf(scheduler.world, job), () =>
        isTrigger ? startBridge(scheduler, job) : startJob(scheduler, job),
      );
    }
  }
}
