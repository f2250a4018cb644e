import { protectionOf } from '../world/access.ts';
import type { User } from '../world/people.ts';
import type { GivenVariable, Pipeline, PipelineSource, PipelineStatus } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import { nextIid, timeOf, type World } from '../world/world.ts';

export interface BarePipeline {
  readonly project: Project;
  /** Branch or tag; of a merge request pipeline `refs/merge-requests/7/head`. */
  readonly ref: string;
  readonly tag: boolean;
  readonly sha: string;
  readonly beforeSha: string;
  readonly source: PipelineSource;
  readonly user: User;
  readonly status: PipelineStatus;
  readonly variables?: readonly GivenVariable[];
  readonly mergeRequest?: Pipeline['mergeRequest'];
}

/** Keeps a pipeline that was made from no configuration: of commit statuses (`external`), or one that was skipped. */
export function addBarePipeline(world: World, bare: BarePipeline): Pipeline {
  const { project, ref, tag, sha, beforeSha, source, status } = bare;
  const now = timeOf(world);
  const rules = tag ? project.protectedTags : project.protectedBranches;
  const pipeline: Pipeline = {
    ...{ id: world.nextId('pipeline'), iid: nextIid(project, 'pipeline'), projectId: project.id },
    ...{ ref, tag, sha, beforeSha, source, status, userId: bare.user.id },
    protectedRef: protectionOf(rules, ref) !== undefined,
    ...{ name: undefined, jobs: [], yamlErrors: undefined, variables: bare.variables ?? [] },
    ...{
      mergeRequest: bare.mergeRequest,
      scheduleId: undefined,
      upstreamJobId: undefined,
      config: undefined,
    },
    ...{ createdAt: now, updatedAt: now, startedAt: undefined },
    finishedAt: status === 'skipped' ? now : undefined,
  };
  world.pipelines.set(pipeline.id, pipeline);
  return pipeline;
}
