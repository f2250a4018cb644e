import { nothing } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { flag, integer, list, optional, record, text } from './shape.ts';
import { type User, userShape } from './user.ts';

const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'guest',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/pipeline_schedules',
} as const;
const writes = { ...common, role: 'developer', scope: 'api' } as const;
const all = '/projects/:project/pipeline_schedules';
const one = `${all}/:schedule` as const;

export interface OfSchedule extends OfProject {
  readonly schedule: number;
}

export interface Schedule {
  readonly id: number;
  readonly description: string;
  readonly ref: string;
  readonly cron: string;
  readonly cronTimezone: string;
  readonly active: boolean;
  /** Its pipelines have this user's rights. */
  readonly owner: User;
  readonly nextRunAt: string | undefined;
}

const scheduleShape = record<Schedule>({
  ...{ id: integer, description: text, ref: text, cron: text, cronTimezone: text, active: flag },
  ...{ owner: userShape, nextRunAt: optional(text) },
});

interface Settings {
  readonly cronTimezone?: string;
  readonly active?: boolean;
}

export type NewSchedule = Settings & Readonly<Record<'description' | 'ref' | 'cron', string>>;

export const listSchedules = defineEndpoint(
  { ...common, about: 'List pipeline schedules', method: 'GET', path: all },
  (call, { project }: OfProject) =>
    call.resource({ project }, list(scheduleShape), ({ PipelineSchedules }) =>
      PipelineSchedules.all(project, { perPage: 100 }),
    ),
);

export const getSchedule = defineEndpoint(
  { ...common, about: 'Get a pipeline schedule', method: 'GET', path: one },
  (call, { project, schedule }: OfSchedule) =>
    call.resource({ project, schedule }, scheduleShape, ({ PipelineSchedules }) =>
      PipelineSchedules.show(project, schedule),
    ),
);

export const createSchedule = defineEndpoint(
  { ...writes, about: 'Create a pipeline schedule', method: 'POST', path: all, replay: 'never' },
  (call, input: OfProject & NewSchedule) =>
    call.resource(input, scheduleShape, ({ PipelineSchedules }) =>
      PipelineSchedules.create(
        ...([input.project, input.description, input.ref, input.cron] as const),
        settingsOf(input),
      ),
    ),
);

/** Its owner alone changes it. */
export const updateSchedule = defineEndpoint(
  { ...writes, about: 'Change a pipeline schedule', method: 'PUT', path: one },
  (call, input: OfSchedule & Partial<NewSchedule>) =>
    call.resource(input, scheduleShape, ({ PipelineSchedules }) =>
      PipelineSchedules.edit(input.project, input.schedule, settingsOf(input)),
    ),
);

export const deleteSchedule = defineEndpoint(
  { ...writes, about: 'Delete a pipeline schedule', method: 'DELETE', path: one },
  (call, input: OfSchedule) => call.remove(input),
);

/** Runs it now; the pipeline begins a little later. */
export const playSchedule = defineEndpoint(
  { ...writes, about: 'Run a pipeline schedule now', method: 'POST', path: `${one}/play`, replay: 'never' },
  async (call, input: OfSchedule): Promise<void> => call.send<undefined>(input, nothing),
);

/** Those alone, whatever else the caller's object holds. */
function settingsOf(input: Partial<NewSchedule>): Partial<NewSchedule> {
  const names = ['description', 'ref', 'cron', 'cronTimezone', 'active'] as const;
  return Object.fromEntries(
    names.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  );
}
