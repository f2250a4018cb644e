import { onProject } from '../server/on-project.ts';
import { forbidden, Refusal } from '../server/reply.ts';
import type { Access, OwnSchema, ProjectCall, Route } from '../server/types.ts';
import { isAtLeastRole } from '../world/access.ts';
import type { Pipeline, Schedule } from '../world/pipeline.ts';
import { timeOf } from '../world/world.ts';
import { recordOf, userOf } from './find-in-call.ts';
import { textOf } from './given.ts';
import { pipelineBasicJson } from './json/pipeline.ts';
import { scheduleDetailsJson, scheduleJson } from './json/schedule.ts';
import { filterPipelines } from './pipeline-filter.ts';
import { runSchedule } from './run-schedule.ts';
import { createSchedule, updateSchedule } from './schedule-changes.ts';

const read: Access = { role: 'guest', anonymous: false };
const write: Access = { role: 'developer' };
const all = '/projects/:id/pipeline_schedules';
const one = `${all}/:pipeline_schedule_id`;

const text = { type: 'string' };

/** GitLab's description wants a value of inputs that are to go, too; GitLab itself does not. */
const update: OwnSchema = {
  source: 'docs.gitlab.com/api/pipeline_schedules',
  body: {
    type: 'object',
    properties: {
      ...{ description: text, ref: text, cron: text, cron_timezone: text, active: { type: 'boolean' } },
      inputs: { type: 'array', items: { type: 'object', required: ['name'] } },
    },
  },
};

export const schedulesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: all,
    access: read,
    handle: onProject(({ twin, project, query }) => {
      const scope = textOf(query.scope);
      const found = [...project.schedules.values()].filter(
        ({ active }) => scope === undefined || active === (scope === 'active'),
      );
      return { list: found.map((schedule) => scheduleJson(twin.world, schedule)) };
    }),
  },
  {
    method: 'POST',
    path: all,
    access: write,
    handle: onProject(async (call) => ({ json: details(call, await createSchedule(call)), status: 201 })),
  },
  {
    method: 'GET',
    path: one,
    access: read,
    handle: onProject((call) => ({ json: details(call, scheduleOf(call)) })),
  },
  {
    method: 'PUT',
    path: one,
    access: write,
    schema: update,
    handle: onProject(async (call) => {
      const schedule = scheduleOf(call);
      const user = userOf(call);
      if (schedule.ownerId !== user.id && !user.admin) throw forbidden();
      return { json: details(call, await updateSchedule(call, schedule)) };
    }),
  },
  {
    method: 'DELETE',
    path: one,
    access: write,
    handle: onProject((call) => {
      call.project.schedules.delete(administered(call).id);
      return { status: 204 };
    }),
  },
  {
    method: 'POST',
    path: `${one}/take_ownership`,
    access: write,
    handle: onProject((call) => {
      const schedule = administered(call);
      const { id } = userOf(call);
      const status = schedule.ownerId === id ? 200 : 201;
      schedule.ownerId = id;
      schedule.updatedAt = timeOf(call.twin.world);
      return { json: details(call, schedule), status };
    }),
  },
  { method: 'POST', path: `${one}/play`, access: write, handle: onProject(playSchedule) },
  {
    method: 'GET',
    path: `${one}/pipelines`,
    access: read,
    handle: onProject((call) => {
      const { world } = call.twin;
      const { id } = scheduleOf(call);
      const found = filterPipelines(world, pipelinesOf(call, id), { sort: 'asc', ...call.query });
      return { list: found.map((pipeline) => pipelineBasicJson(world, pipeline)) };
    }),
  },
];

function scheduleOf(call: ProjectCall): Schedule {
  return recordOf(call, call.project.schedules, 'pipeline_schedule_id', 'Pipeline Schedule');
}

/** A schedule that its caller owns, or administers as a maintainer. */
function administered(call: ProjectCall): Schedule {
  const schedule = scheduleOf(call);
  const user = userOf(call);
  if (schedule.ownerId !== user.id && !isAtLeastRole(user, call.project, 'maintainer')) throw forbidden();
  return schedule;
}

function details(call: ProjectCall, schedule: Schedule): Readonly<Record<string, unknown>> {
  return scheduleDetailsJson(call.twin.world, call.project, schedule, userOf(call));
}

function pipelinesOf({ twin, project }: ProjectCall, schedule: number): Pipeline[] {
  return [...twin.world.pipelines.values()].filter(
    ({ projectId, scheduleId }) => projectId === project.id && scheduleId === schedule,
  );
}

/** GitLab starts it later in the background, with the rights of who plays it; whether that works is not in the answer. */
async function playSchedule(call: ProjectCall): Promise<{ json: unknown; status: number }> {
  try {
    await runSchedule(call.twin, call.project, scheduleOf(call), userOf(call));
  } catch (error) {
    if (!(error instanceof Refusal) || error.status === 404) throw error;
    call.twin.context.log.info(`a schedule started no pipeline: ${error.message}`);
  }
  return { json: { message: '201 Created' }, status: 201 };
}
