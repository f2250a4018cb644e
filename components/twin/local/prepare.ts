import { relative } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import type { SetUp } from '../setup/apply-twin-file.ts';
import type { RunningTwin } from '../twin.ts';
import { findProject, timeOf } from '../world/world.ts';
import { holdCheckout, rewindBranches } from './branches.ts';
import { eventSchedule, type LocalPlan } from './plan.ts';
import type { LocalRequest } from './request.ts';
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

/** The version that pages and files of ours name is the one that runs; a checkout has a tag of it once it is released. */
export async function tagOwnProjects(
  { world, repositories }: RunningTwin,
  { ownProjects, ownVersion }: Pick<LocalRequest, 'ownProjects' | 'ownVersion'>,
  { imported }: SetUp,
): Promise<void> {
  for (const [path, folder] of ownProjects) {
    const [project, from] = [findProject(world, path), imported.get(path)];
    // A project of that path that somebody gives has the versions it has.
    if (project === undefined || from?.sha === undefined || relative(folder, from.root) !== '') continue;
    if ((await repositories.tags(project)).has(ownVersion)) continue;
    await repositories.updateRef(project, `refs/tags/${ownVersion}`, from.sha, undefined);
  }
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
