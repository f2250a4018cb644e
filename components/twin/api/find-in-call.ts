import { notFound, unauthorized } from '../server/reply.ts';
import type { Call, ProjectCall } from '../server/types.ts';
import type { User } from '../world/people.ts';
import type { Job, Pipeline } from '../world/pipeline.ts';

/** Who calls, where nobody must not. */
export function userOf({ actor }: Call): User {
  if (actor === undefined) throw unauthorized();
  return actor.user;
}

/** A record of a map by a number of the path; @throws Refusal 404 */
export function recordOf<Item>(call: Call, map: ReadonlyMap<number, Item>, name: string, what = ''): Item {
  const found = map.get(Number(call.params[name]));
  if (found === undefined) throw notFound(what);
  return found;
}

export function pipelineOf(call: ProjectCall): Pipeline {
  const pipeline = recordOf(call, call.twin.world.pipelines, 'pipeline_id');
  if (pipeline.projectId !== call.project.id) throw notFound();
  return pipeline;
}

/** A job that runs a script or triggers (`bridge`); a commit status is no job. */
export function jobOf(call: ProjectCall, kinds: readonly Job['kind'][] = ['build']): Job {
  const job = recordOf(call, call.twin.world.jobs, 'job_id');
  if (job.projectId !== call.project.id || !kinds.includes(job.kind)) throw notFound();
  return job;
}
