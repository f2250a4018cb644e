import { nextRun } from '../../pipelines/cron.ts';
import { isAtLeastRole } from '../../world/access.ts';
import type { User } from '../../world/people.ts';
import type { GivenVariable, Schedule } from '../../world/pipeline.ts';
import type { Project } from '../../world/project.ts';
import type { World } from '../../world/world.ts';
import { pipelineBasicJson } from './pipeline.ts';
import { userJson } from './user.ts';

type Json = Readonly<Record<string, unknown>>;

/** Source: docs.gitlab.com/api/pipeline_schedules */
export function scheduleJson(world: World, schedule: Schedule): Json {
  const { id, description, ref, cron, cronTimezone, active, createdAt, updatedAt, inputs } = schedule;
  const next = nextRun(cron, cronTimezone, world.clock.now());
  return {
    ...{ id, description, ref, cron, cron_timezone: cronTimezone },
    next_run_at: next === undefined ? null : new Date(next).toISOString(),
    ...{ active, created_at: createdAt, updated_at: updatedAt },
    owner: userJson(world, schedule.ownerId),
    inputs,
  };
}

/** As it is shown alone; its variables only to its owner and to maintainers. */
export function scheduleDetailsJson(world: World, project: Project, schedule: Schedule, user: User): Json {
  const last = world.pipelines.get(schedule.lastPipelineId ?? 0);
  const seesVariables = schedule.ownerId === user.id || isAtLeastRole(user, project, 'maintainer');
  return {
    ...scheduleJson(world, schedule),
    last_pipeline: last === undefined ? null : pipelineBasicJson(world, last),
    ...(seesVariables && { variables: schedule.variables.map(givenVariableJson) }),
  };
}

export function givenVariableJson({ key, value, variableType }: GivenVariable): Json {
  return { variable_type: variableType, key, value, raw: false };
}
