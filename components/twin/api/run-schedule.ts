import type { Twin } from '../ports.ts';
import type { User } from '../world/people.ts';
import type { Pipeline, Schedule } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import { startPipeline } from './start-pipeline.ts';

/**
 * Starts a schedule's pipeline by hand, with the rights of who does; at its time the scheduler does, with its owner's.
 * Source: docs.gitlab.com/ci/pipelines/schedules, "Run manually"
 *
 * @throws Refusal as {@link startPipeline}
 */
export async function runSchedule(
  twin: Twin,
  project: Project,
  schedule: Schedule,
  user: User,
): Promise<Pipeline> {
  const { inputs, variables, ref, id } = schedule;
  const pipeline = await startPipeline(twin, {
    ...{ project, user, ref, source: 'schedule', scheduleId: id },
    variables,
    ...(inputs.length > 0 && { inputs: Object.fromEntries(inputs.map(({ name, value }) => [name, value])) }),
  });
  schedule.lastPipelineId = pipeline.id;
  return pipeline;
}
