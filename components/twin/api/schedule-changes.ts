import { isCron } from '../pipelines/cron.ts';
import { isTimezone } from '../pipelines/cron-timezone.ts';
import { invalidRecord } from '../server/reply.ts';
import type { ProjectCall } from '../server/types.ts';
import type { Schedule } from '../world/pipeline.ts';
import { timeOf } from '../world/world.ts';
import { userOf } from './find-in-call.ts';
import { flagOf, recordsOf, textOf } from './given.ts';
import { mayRunOn } from './start-pipeline.ts';

type Input = Schedule['inputs'][number];

/** @throws Refusal 400 for a cron or a timezone nobody can read, and for a reference its owner may not run on */
export async function createSchedule(call: ProjectCall): Promise<Schedule> {
  const { twin, project } = call;
  const { description, ref, cron, cron_timezone, active, inputs } = call.body;
  const now = timeOf(twin.world);
  const written = {
    description: textOf(description) ?? '',
    ref: await wholeRef(call, textOf(ref) ?? ''),
    cron: textOf(cron) ?? '',
    cronTimezone: textOf(cron_timezone) ?? 'UTC',
    active: flagOf(active) ?? true,
    inputs: inputsAfter([], inputs),
  };
  assertValid(call, written);
  const id = twin.world.nextId('schedule');
  const kept = { ownerId: userOf(call).id, variables: [], lastPipelineId: undefined };
  const schedule: Schedule = { id, ...written, ...kept, createdAt: now, updatedAt: now };
  project.schedules.set(id, schedule);
  return schedule;
}

export async function updateSchedule(call: ProjectCall, schedule: Schedule): Promise<Schedule> {
  const { description, ref, cron, cron_timezone, active, inputs } = call.body;
  const written = {
    description: textOf(description) ?? schedule.description,
    ref: ref === undefined ? schedule.ref : await wholeRef(call, textOf(ref) ?? ''),
    cron: textOf(cron) ?? schedule.cron,
    cronTimezone: textOf(cron_timezone) ?? schedule.cronTimezone,
    active: flagOf(active) ?? schedule.active,
    inputs: inputsAfter(schedule.inputs, inputs),
  };
  assertValid(call, written);
  return Object.assign(schedule, written, { updatedAt: timeOf(call.twin.world) });
}

/** A short name becomes whole, unless it could be a branch and a tag. */
async function wholeRef({ twin, project }: ProjectCall, ref: string): Promise<string> {
  if (ref.startsWith('refs/')) return ref;
  const isBranch = (await twin.repositories.branches(project)).has(ref);
  const isTag = (await twin.repositories.tags(project)).has(ref);
  if (isBranch === isTag) return ref;
  return `refs/${isBranch ? 'heads' : 'tags'}/${ref}`;
}

/** The inputs with those of a request in place of their namesakes, and without the ones it wants gone. */
function inputsAfter(inputs: readonly Input[], sent: unknown): Input[] {
  const byName = new Map(inputs.map(({ name, value }) => [name, value]));
  for (const { name, value, destroy } of recordsOf(sent)) {
    const key = textOf(name) ?? '';
    if (flagOf(destroy) === true) byName.delete(key);
    else byName.set(key, value);
  }
  return [...byName].map(([name, value]) => ({ name, value }));
}

function assertValid(call: ProjectCall, { description, ref, cron, cronTimezone }: Partial<Schedule>): void {
  const mistakes = {
    ...(description === '' && { description: ["can't be blank"] }),
    ...(!isCron(cron ?? '') && { cron: [' is invalid syntax'] }),
    ...(!isTimezone(cronTimezone ?? '') && { cron_timezone: [' is invalid syntax'] }),
    ...(ref === '' && { ref: ["can't be blank"] }),
  };
  if (Object.keys(mistakes).length > 0) throw invalidRecord(mistakes);
  const name = ref?.replace(/^refs\/(heads|tags)\//, '') ?? '';
  if (!mayRunOn(userOf(call), call.project, name, ref?.startsWith('refs/tags/') === true))
    throw invalidRecord({ base: ['The current user is not authorized to set pipeline schedule ref'] });
}
