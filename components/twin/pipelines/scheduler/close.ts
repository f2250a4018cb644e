import { cancelJobs } from './cancel.ts';
import { tellWaiters } from './settled.ts';
import type { Scheduler } from './state.ts';

/** Cancels everything, and resolves when the runner has let go of the last job and of all working folders. */
export async function close(scheduler: Scheduler): Promise<void> {
  scheduler.closed = true;
  for (const { pipeline } of scheduler.planned.values()) cancelJobs(scheduler, pipeline);
  scheduler.wake();
  // A pipeline that was being made when it closed may still come in, and is cancelled by `admit`'s caller.
  while (scheduler.running.size > 0 || scheduler.background.size > 0) {
    await Promise.all([...scheduler.background, ...[...scheduler.running.values()].map(({ done }) => done)]);
  }
  tellWaiters(scheduler);
  for (const { resolve } of scheduler.waiters) resolve();
  scheduler.waiters.clear();
  const planned = [...scheduler.planned.values()];
  await Promise.all(planned.map((one) => scheduler.parts.runner.forget(one)));
}
