import type { Context } from '../../kernel/context.ts';
import type { SetUp } from '../setup/apply-twin-file.ts';
import type { RunningTwin } from '../twin.ts';
import { findProject, timeOf } from '../world/world.ts';
import { holdCheckout, rewindBranches } from './branches.ts';
import { eventSchedule, type LocalPlan } from './plan.ts';
import type { Sources } from './stage.ts';

/** Where projects came from, their branches put where they stand before anything happens. */
export async function prepareSources(
  context: Context,
  twin: RunningTwin,
  plan: LocalPlan,
  { imported }: SetUp,
): Promise<Sources> {
  const sources = new Map<string, Sources extends ReadonlyMap<string, infer Value> ? Value : never>();
  for (const [path, folder] of imported) {
    const project = findProject(twin.world, path);
    const { checkout } = folder;
    if (project === undefined || checkout === undefined) continue;
    sources.set(path, { checkout, imported: folder });
    const steps = plan.steps.filter((step) => (step.project ?? plan.path) === path);
    if (path === plan.path || steps.length > 0) {
      await rewindBranches(context, twin, project, { checkout, steps }, folder);
    }
    if (path === plan.path && plan.branch !== undefined) {
      await holdCheckout(twin, project, plan.branch, folder);
    }
  }
  return sources;
}

/** The schedule that event `schedule` stands for. */
export function addEventSchedule(twin: RunningTwin, plan: LocalPlan): void {
  const step = plan.steps.find((one) => one.do === 'schedule' && one.name === eventSchedule);
  const project = findProject(twin.world, plan.path);
  if (step === undefined || project === undefined) return;
  const id = twin.world.nextId('schedule');
  project.schedules.set(id, {
    ...{ id, description: eventSchedule, ref: plan.branch ?? project.defaultBranch ?? 'main' },
    ...{ cron: '0 0 1 1 *', cronTimezone: 'UTC', active: false, ownerId: project.creatorId },
    ...{ variables: [], inputs: [], createdAt: timeOf(twin.world), updatedAt: timeOf(twin.world) },
    lastPipelineId: undefined,
  });
}
