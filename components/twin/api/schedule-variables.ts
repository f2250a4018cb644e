import { maySetVariables } from '../pipelines/permissions.ts';
import { onProject } from '../server/on-project.ts';
import { forbidden, invalidRecord, notFound } from '../server/reply.ts';
import type { Access, ProjectCall, Route } from '../server/types.ts';
import { isAtLeastRole } from '../world/access.ts';
import type { GivenVariable, Schedule } from '../world/pipeline.ts';
import { recordOf, userOf } from './find-in-call.ts';
import { textOf } from './given.ts';
import { givenVariableJson } from './json/schedule.ts';

const access: Access = { role: 'developer', anonymous: false };
const all = '/projects/:id/pipeline_schedules/:pipeline_schedule_id/variables';

/**
 * Variables of a schedule: its owner writes them, maintainers see and delete them too; to change them takes the role
 * that the project asks for variables. Source: lib/api/ci/pipeline_schedules.rb
 */
export const scheduleVariablesRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: all,
    access,
    handle: onProject((call) => {
      assertMaySet(call);
      const { variables } = scheduleOf(call, 'owner');
      const { key, value, variable_type } = call.body;
      const name = textOf(key) ?? '';
      if (!/^\w{1,255}$/.test(name))
        throw invalidRecord({ key: ["can contain only letters, digits and '_'."] });
      if (variables.some((variable) => variable.key === name))
        throw invalidRecord({ key: [`(${name}) has already been taken`] });
      const variable = variableOf(name, textOf(value) ?? '', variable_type);
      variables.push(variable);
      return { json: givenVariableJson(variable), status: 201 };
    }),
  },
  {
    method: 'GET',
    path: `${all}/:key`,
    access,
    handle: onProject((call) => {
      const { variables } = scheduleOf(call, 'maintainer');
      return { json: givenVariableJson(variables[indexOf(call, variables)] ?? missing()) };
    }),
  },
  {
    method: 'PUT',
    path: `${all}/:key`,
    access,
    handle: onProject((call) => {
      assertMaySet(call);
      const { variables } = scheduleOf(call, 'owner');
      const at = indexOf(call, variables);
      const { value, variable_type } = call.body;
      const before = variables[at] ?? missing();
      const changed = variableOf(
        before.key,
        textOf(value) ?? before.value,
        variable_type ?? before.variableType,
      );
      variables[at] = changed;
      return { json: givenVariableJson(changed) };
    }),
  },
  {
    method: 'DELETE',
    path: `${all}/:key`,
    access,
    handle: onProject((call) => {
      assertMaySet(call);
      const { variables } = scheduleOf(call, 'maintainer');
      const [gone] = variables.splice(indexOf(call, variables), 1);
      return { json: givenVariableJson(gone ?? missing()), status: 202 };
    }),
  },
];

/** @throws Refusal 403 */
function assertMaySet(call: ProjectCall): void {
  if (!maySetVariables(userOf(call), call.project)) throw forbidden();
}

function variableOf(key: string, value: string, type: unknown): GivenVariable {
  return { key, value, variableType: type === 'file' ? 'file' : 'env_var' };
}

function scheduleOf(call: ProjectCall, least: 'owner' | 'maintainer'): Schedule {
  const schedule = recordOf(call, call.project.schedules, 'pipeline_schedule_id', 'Pipeline Schedule');
  const user = userOf(call);
  const isOwner = schedule.ownerId === user.id || user.admin;
  if (!isOwner && (least === 'owner' || !isAtLeastRole(user, call.project, 'maintainer'))) throw forbidden();
  return schedule;
}

function indexOf({ params }: ProjectCall, variables: readonly GivenVariable[]): number {
  const at = variables.findIndex(({ key }) => key === params.key);
  return at < 0 ? missing() : at;
}

function missing(): never {
  throw notFound('Variable');
}
