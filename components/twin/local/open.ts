import { twinErrors } from '../errors.ts';
import { createMergeRequestPipeline } from '../review/head-pipeline.ts';
import { openMergeRequest } from '../review/open-merge-request.ts';
import { latestVersion } from '../review/versions.ts';
import type { RunningTwin } from '../twin.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import { neededCommit } from './branches.ts';
import { moveBranch } from './push.ts';
import { impossible, type Stage } from './stage.ts';
import type { Step } from './step.ts';

/**
 * Opens a merge request. Its branch is there before it is, without a pipeline, which would run the same once more.
 *
 * @throws TWIN_NO_TARGET, TWIN_STEP_IMPOSSIBLE
 */
export async function open(
  stage: Stage,
  project: Project,
  user: User,
  step: Extract<Step, { do: 'open' }>,
): Promise<string> {
  const { twin, sources } = stage;
  const there = await twin.repositories.resolve(project, `refs/heads/${step.branch}`);
  const source = sources.get(project.path);
  const wanted = source && (await neededCommit(stage.context, source.checkout, step, source.imported));
  if (there === undefined || (wanted !== undefined && wanted !== there))
    await moveBranch(stage, project, user, step);
  const target = (project.forkedFromId && twin.world.projects.get(project.forkedFromId)) || project;
  const targetBranch = step.target ?? target.defaultBranch ?? 'main';
  const sha = (await twin.repositories.resolve(project, `refs/heads/${step.branch}`)) ?? '';
  if ((await twin.repositories.resolve(target, `refs/heads/${targetBranch}`)) === undefined)
    throw twinErrors.NO_TARGET({ target: targetBranch, reason: `${target.path} has no such branch` });
  const opened = await openMergeRequest(twin, user, {
    ...{ source: project, target, sourceBranch: step.branch, description: '' },
    targetBranch,
    title: (await twin.repositories.commit(project, sha))?.title ?? step.branch,
  });
  if (!opened.ok) throw impossible(step, opened.message);
  await assertShared(twin, target, opened.mergeRequest);
  await createMergeRequestPipeline(twin, opened.mergeRequest, user);
  return `${target.path}!${opened.mergeRequest.iid}`;
}

/** GitLab takes such a merge request, and compares what has nothing in common: nobody wants to try that. */
async function assertShared(twin: RunningTwin, target: Project, mergeRequest: MergeRequest): Promise<void> {
  const version = latestVersion(mergeRequest);
  if (version === undefined) return;
  const { startSha, headSha } = version;
  if ((await twin.repositories.mergeBase(target, startSha, headSha)) !== undefined) return;
  const reason = 'it shares no commit with this branch';
  throw twinErrors.NO_TARGET({ target: mergeRequest.targetBranch, reason });
}
