import { announcePushes } from '../repositories/announce.ts';
import { zerosLike } from '../repositories/names.ts';
import { mayWriteBranch } from '../world/access.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import { neededCommit, type Pushes } from './branches.ts';
import { impossible, type Stage } from './stage.ts';

/** Pushes a commit of the user's folder to a branch. @throws TWIN_STEP_IMPOSSIBLE */
export async function push(stage: Stage, project: Project, user: User, step: Pushes): Promise<void> {
  const { twin } = stage;
  const moved = await moveBranch(stage, project, user, step);
  const zeros = zerosLike(moved.after);
  const pushed = {
    ref: `refs/heads/${step.branch}`,
    before: moved.before ?? zeros,
    after: moved.after,
    options: [],
  };
  await announcePushes(twin, project, [pushed], user);
}

/** Moves a branch as a push would, without what follows from one. @throws TWIN_STEP_IMPOSSIBLE */
export async function moveBranch(
  { context, twin, sources }: Stage,
  project: Project,
  user: User,
  step: Pushes,
): Promise<{ readonly before: string | undefined; readonly after: string }> {
  const source = sources.get(project.path);
  if (source === undefined) throw impossible(step, `${project.path} has no folder to push from`);
  if (!mayWriteBranch(user, project, step.branch, 'push')) {
    throw impossible(step, `${user.username} may not push to ${step.branch}`);
  }
  const after = await neededCommit(context, source.checkout, step, source.imported);
  const ref = `refs/heads/${step.branch}`;
  const before = await twin.repositories.resolve(project, ref);
  if (before === after) throw impossible(step, `${step.branch} is at ${after.slice(0, 8)} already`);
  await twin.repositories.updateRef(project, ref, after, before);
  return { before, after };
}
