import { nothing } from '../read-body.ts';
import { defineEndpoint } from './define.ts';
import { floor } from './facts.ts';
import type { NewVariable } from './pipeline.ts';
import type { OfSchedule } from './schedules.ts';

// Nothing is read from the answers: they hold the variable's value.
const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'developer',
  scope: 'api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/pipeline_schedules',
} as const;
const all = '/projects/:project/pipeline_schedules/:schedule/variables';
const one = `${all}/:key` as const;

/** A key that is there already is refused. */
export const createScheduleVariable = defineEndpoint(
  { ...common, about: 'Give a schedule a variable', method: 'POST', path: all, replay: 'never' },
  async (call, input: OfSchedule & NewVariable): Promise<void> =>
    call.send<undefined>(input, nothing, { body: { json: { key: input.key, value: input.value } } }),
);

export const updateScheduleVariable = defineEndpoint(
  { ...common, about: "Change the value of a schedule's variable", method: 'PUT', path: one },
  async (call, input: OfSchedule & NewVariable): Promise<void> =>
    call.send<undefined>(input, nothing, { body: { json: { value: input.value } } }),
);

export const deleteScheduleVariable = defineEndpoint(
  { ...common, about: 'Take a variable from a schedule', method: 'DELETE', path: one },
  (call, input: OfSchedule & { readonly key: string }) => call.remove(input),
);
