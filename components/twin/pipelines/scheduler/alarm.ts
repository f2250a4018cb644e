import { enqueue } from './enqueue.ts';
import { inBackground, type Scheduler } from './state.ts';

/** One sleep, until the first of the delayed jobs. */
export interface Alarm {
  /** Milliseconds of the clock. */
  readonly at: number;
  readonly stop: AbortController;
}

/** Sets the alarm for the next delayed job, or stops it where there is none left. */
export function watchDelayed(scheduler: Scheduler): void {
  const { startsAt } = scheduler;
  const at = scheduler.closed || startsAt.size === 0 ? undefined : Math.min(...startsAt.values());
  if (scheduler.alarm?.at === at) return;
  scheduler.alarm?.stop.abort();
  scheduler.alarm = at === undefined ? undefined : { at, stop: new AbortController() };
  const { alarm } = scheduler;
  if (alarm !== undefined) inBackground(scheduler, () => ring(scheduler, alarm));
}

async function ring(scheduler: Scheduler, alarm: Alarm): Promise<void> {
  const { world, parts } = scheduler;
  try {
    await world.clock.sleep(Math.max(0, alarm.at - world.clock.now()), alarm.stop.signal);
  } catch (error) {
    // Another alarm has been set, or everything was cancelled: nothing starts because of this one.
    if (alarm.stop.signal.aborted || parts.context.cancel.aborted) return;
    throw error;
  }
  if (scheduler.alarm !== alarm) return;
  scheduler.alarm = undefined;
  for (const [id, at] of scheduler.startsAt) {
    if (at > world.clock.now()) continue;
    const job = world.jobs.get(id);
    if (job?.status === 'scheduled') enqueue(scheduler, job);
    scheduler.startsAt.delete(id);
  }
  scheduler.wake();
}
