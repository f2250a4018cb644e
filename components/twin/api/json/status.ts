import type { Job, Pipeline } from '../../world/pipeline.ts';
import type { World } from '../../world/world.ts';
import { urlOfProject } from './pipeline.ts';
import { userJson } from './user.ts';

/** A job or an external status as one of a commit. Source: docs.gitlab.com/api/commits, "Commit status" */
export function statusJson(world: World, pipeline: Pipeline, job: Job): Readonly<Record<string, unknown>> {
  const ownUrl = `${urlOfProject(world, job.projectId)}/-/jobs/${job.id}`;
  return {
    ...{ id: job.id, sha: pipeline.sha, ref: pipeline.ref, status: job.status, name: job.name },
    target_url: job.kind === 'status' ? (job.external?.targetUrl ?? null) : ownUrl,
    description: job.external?.description ?? null,
    created_at: job.createdAt,
    started_at: job.startedAt ?? null,
    finished_at: job.finishedAt ?? null,
    allow_failure: job.allowFailure,
    coverage: job.external?.coverage ?? job.coverage ?? null,
    pipeline_id: pipeline.id,
    author: userJson(world, job.userId),
  };
}
