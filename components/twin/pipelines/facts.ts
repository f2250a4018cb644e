import type { Commit, Repositories } from '../ports.ts';
import type { User } from '../world/people.ts';
import type { Pipeline } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import type { World } from '../world/world.ts';

/** What the variables of a pipeline are written from. */
export interface PipelineFacts {
  readonly world: World;
  readonly project: Project;
  readonly pipeline: Pipeline;
  readonly user: User | undefined;
  readonly commit: Commit | undefined;
  readonly mergeRequest: MergeRequestFacts | undefined;
  /** `group/project!7`, of the open merge requests from this branch. */
  readonly openMergeRequests: readonly string[];
  readonly scheduleDescription: string | undefined;
  /** Of an annotated tag. */
  readonly tagMessage: string | undefined;
}

export interface MergeRequestFacts {
  readonly mergeRequest: MergeRequest;
  readonly target: Project;
  readonly source: Project | undefined;
  readonly assignees: readonly string[];
}

/** GitLab names at most four of them. */
const namedMergeRequests = 4;

/** Reads what is needed of the world and of the repository for a pipeline's variables. */
export async function readFacts(
  { world, repositories }: { readonly world: World; readonly repositories: Repositories },
  project: Project,
  pipeline: Pipeline,
): Promise<PipelineFacts> {
  const mergeRequest = mergeRequestOf(world, pipeline);
  const branch = mergeRequest?.mergeRequest.sourceBranch ?? (pipeline.tag ? undefined : pipeline.ref);
  return {
    ...{ world, project, pipeline, mergeRequest },
    user: world.users.get(pipeline.userId),
    commit: await repositories.commit(project, pipeline.sha),
    tagMessage: pipeline.tag ? (await repositories.annotation(project, pipeline.ref))?.message : undefined,
    openMergeRequests: branch === undefined ? [] : openMergeRequests(world, project, branch),
    scheduleDescription:
      pipeline.scheduleId === undefined ? undefined : project.schedules.get(pipeline.scheduleId)?.description,
  };
}

/** The merge request of a pipeline, of its parent's too. */
export function mergeRequestOf(
  world: World,
  { mergeRequest: named }: { readonly mergeRequest?: Pipeline['mergeRequest'] },
): MergeRequestFacts | undefined {
  const target = named && world.projects.get(named.projectId);
  const mergeRequest = named && target?.mergeRequests.get(named.iid);
  if (target === undefined || mergeRequest === undefined) return undefined;
  const assignees = mergeRequest.assigneeIds.flatMap((id) => world.users.get(id)?.username ?? []);
  return { mergeRequest, target, source: world.projects.get(mergeRequest.sourceProjectId), assignees };
}

function openMergeRequests(world: World, source: Project, branch: string): readonly string[] {
  const open = [...world.projects.values()].flatMap((target) =>
    [...target.mergeRequests.values()]
      .filter(({ state, sourceProjectId, sourceBranch }) => {
        return state === 'opened' && sourceProjectId === source.id && sourceBranch === branch;
      })
      .map(({ id, iid }) => ({ id, name: `${target.path}!${iid}` })),
  );
  return open
    .sort((a, b) => b.id - a.id)
    .slice(0, namedMergeRequests)
    .map(({ name }) => name);
}
