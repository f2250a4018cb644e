import type { PipelineRequest } from '../ports.ts';
import type { Pipeline } from '../world/pipeline.ts';
import { timeOf, type World } from '../world/world.ts';
import { isProtectedPipeline } from './permissions.ts';

const noCommit = '0'.repeat(40);

/** The record of a pipeline before it has a number. */
export function draftPipeline(
  world: World,
  request: PipelineRequest,
  { tag, iid }: Pick<Pipeline, 'tag' | 'iid'>,
): Pipeline {
  const { project, ref, sha, source, user, beforeSha = noCommit, variables = [] } = request;
  const now = timeOf(world);
  return {
    ...{ id: 0, iid, projectId: project.id, ref, tag, sha, source },
    ...{ beforeSha, variables, userId: user.id, jobs: [], status: 'created' },
    protectedRef: isProtectedPipeline(world, request, tag),
    ...{ name: undefined, yamlErrors: undefined, config: undefined },
    mergeRequest: request.mergeRequest,
    scheduleId: request.scheduleId,
    upstreamJobId: request.upstreamJobId,
    ...{ createdAt: now, updatedAt: now, startedAt: undefined, finishedAt: undefined },
  };
}
