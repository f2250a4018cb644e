import type { Schedule } from '../../world/pipeline.ts';
import type { Project } from '../../world/project.ts';
import type { World } from '../../world/world.ts';
import { nextRun } from '../cron.ts';
import { type Scheduler, tell } from './state.ts';

/** When a schedule was last started or, at first, written; by its number. */
export type LastLooks = Map<number, number>;

/**
 * Starts the pipelines of all schedules that have come due since they were last looked at, each once however often it
 * would have come, as GitLab does after a pause. Gives the numbers of the pipelines.
 *
 * @param nowMs - milliseconds since the epoch
 */
export async function runDueSchedules(
  scheduler: Scheduler,
  looks: LastLooks,
  nowMs: number,
): Promise<readonly number[]> {
  const started: number[] = [];
  for (const { project, schedule } of dueSchedules(scheduler.world, looks, nowMs)) {
    looks.set(schedule.id, nowMs);
    try {
      const id = await runSchedule(scheduler, project, schedule);
      if (id !== undefined) started.push(id);
    } catch (error) {
      // One that cannot be started must not keep the others from it.
      tell(scheduler, error);
    }
  }
  return started;
}

function dueSchedules(world: World, looks: LastLooks, nowMs: number) {
  return [...world.projects.values()].flatMap((project) =>
    [...project.schedules.values()]
      .filter((schedule) => {
        if (!schedule.active) return false;
        const since = Math.max(looks.get(schedule.id) ?? 0, Date.parse(schedule.updatedAt));
        const next = nextRun(schedule.cron, schedule.cronTimezone, since);
        return next !== undefined && next <= nowMs;
      })
      .map((schedule) => ({ project, schedule })),
  );
}

/** Starts one schedule now, in its owner's name; undefined where it makes no pipeline. */
export async function runSchedule(
  scheduler: Scheduler,
  project: Project,
  schedule: Schedule,
): Promise<number | undefined> {
  const { world, parts } = scheduler;
  const user = world.users.get(schedule.ownerId);
  const sha = await parts.repositories.resolve(project, schedule.ref);
  if (user === undefined || user.state === 'blocked' || sha === undefined) return undefined;
  const created = await scheduler.create({
    ...{ project, ref: schedule.ref, sha, source: 'schedule', user, scheduleId: schedule.id },
    variables: schedule.variables,
    inputs: Object.fromEntries(schedule.inputs.map(({ name, value }) => [name, value])),
  });
  if (!created.ok) return undefined;
  schedule.lastPipelineId = created.pipeline.id;
  return created.pipeline.id;
}
