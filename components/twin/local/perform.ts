import { twinErrors } from '../errors.ts';
import { approve } from '../review/approvals.ts';
import { mergeMergeRequest } from '../review/merge.ts';
import { readMergeability } from '../review/mergeability.ts';
import { mayApprove, mayMerge } from '../review/rights.ts';
import type { RunningTwin } from '../twin.ts';
import type { User } from '../world/people.ts';
import type { Job } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import { findProject, findUser } from '../world/world.ts';
import { open } from './open.ts';
import { push } from './push.ts';
import { renderIssues } from './render-issues.ts';
import { renderNotes } from './render-notes.ts';
import { impossible, type Stage } from './stage.ts';
import type { Step } from './step.ts';

/** Makes a step happen and gives what there is to tell of it; pipelines it starts go on by themselves. @throws TWIN_STEP_IMPOSSIBLE */
export async function performStep(stage: Stage, step: Step): Promise<string> {
  const { twin } = stage;
  const project = findProject(twin.world, step.project ?? stage.path);
  const user = findUser(twin.world, step.as ?? stage.user);
  if (project === undefined) throw impossible(step, `there is no project ${step.project}`);
  if (user === undefined) throw impossible(step, `there is no user ${step.as}`);
  switch (step.do) {
    case 'push':
      await push(stage, project, user, step);
      return '';
    case 'open':
      return open(stage, project, user, step);
    case 'merge':
      return merge(twin, project, user, step, mergeRequestOf(project, step, step.iid));
    case 'approve':
      return giveApproval(twin, project, user, step, mergeRequestOf(project, step, step.iid));
    case 'notes':
      return renderNotes(twin.world, project, mergeRequestOf(project, step, step.iid));
    case 'issues':
      return renderIssues(project);
    case 'play':
    case 'retry':
      await startJob(twin, project, user, step, step.do, step.job);
      return '';
    case 'schedule':
      await runSchedule(twin, project, step, step.name);
      return '';
    case 'run':
      await runPipeline(twin, project, user, step, step.branch ?? project.defaultBranch ?? 'main');
      return '';
  }
}

async function merge(
  twin: RunningTwin,
  project: Project,
  user: User,
  step: Step,
  mergeRequest: MergeRequest,
): Promise<string> {
  if (!mayMerge(user, project, mergeRequest)) throw impossible(step, `${user.username} may not merge it`);
  const { status } = await readMergeability(twin, project, mergeRequest);
  if (status !== 'mergeable') throw impossible(step, `it is not mergeable: ${status.replaceAll('_', ' ')}`);
  if (!(await mergeMergeRequest(twin, project, mergeRequest, user)))
    throw impossible(step, 'git cannot merge it');
  return `${project.path}!${mergeRequest.iid} is merged into ${mergeRequest.targetBranch}`;
}

function giveApproval(
  { world }: RunningTwin,
  project: Project,
  user: User,
  step: Step,
  mergeRequest: MergeRequest,
): string {
  if (!mayApprove(user, project, mergeRequest) || !approve(world, mergeRequest, user))
    throw impossible(step, `${user.username} may not approve it, or has already`);
  return `${project.path}!${mergeRequest.iid} is approved by ${user.username}`;
}

/** The one of that number, else the newest. */
function mergeRequestOf(project: Project, step: Step, iid: number | undefined): MergeRequest {
  const all = [...project.mergeRequests.values()];
  const found = iid === undefined ? all.at(-1) : project.mergeRequests.get(iid);
  if (found !== undefined) return found;
  throw impossible(step, `${project.path} has no merge request${iid === undefined ? '' : ` !${iid}`}`);
}

async function startJob(
  twin: RunningTwin,
  project: Project,
  user: User,
  step: Step,
  how: 'play' | 'retry',
  name: string,
): Promise<void> {
  const jobs = [...twin.world.jobs.values()].filter((job) => job.projectId === project.id && !job.retried);
  const startable = (job: Job) =>
    how === 'play' ? job.status === 'manual' || job.status === 'scheduled' : job.finishedAt !== undefined;
  const job = jobs.findLast((one) => one.name === name && startable(one));
  const started =
    job &&
    (how === 'play' ? await twin.pipelines.play(job, user, []) : await twin.pipelines.retry(job, user));
  if (started !== undefined) return;
  if (job !== undefined) throw impossible(step, `${user.username} may not ${how} it`);
  const names = [...new Set(jobs.filter(startable).map((one) => one.name))];
  throw twinErrors.NO_JOB({ job: name, how, jobs: names });
}

async function runSchedule(twin: RunningTwin, project: Project, step: Step, name: string): Promise<void> {
  const schedule = [...project.schedules.values()].find(({ description }) => description === name);
  if (schedule === undefined) throw impossible(step, `${project.path} has no schedule "${name}"`);
  const owner = twin.world.users.get(schedule.ownerId);
  const { variables, inputs, id } = schedule;
  // One that the API made names its branch whole.
  const ref = schedule.ref.replace(/^refs\/heads\//, '');
  const sha = await twin.repositories.resolve(project, `refs/heads/${ref}`);
  if (owner === undefined || sha === undefined) throw impossible(step, `there is no branch ${ref}`);
  const created = await twin.pipelines.create({
    ...{ project, ref, sha, source: 'schedule', user: owner, variables, scheduleId: id },
    ...(inputs.length > 0 && { inputs: Object.fromEntries(inputs.map(({ name, value }) => [name, value])) }),
  });
  if (created.ok) schedule.lastPipelineId = created.pipeline.id;
}

async function runPipeline(
  twin: RunningTwin,
  project: Project,
  user: User,
  step: Step,
  ref: string,
): Promise<void> {
  const sha = await twin.repositories.resolve(project, `refs/heads/${ref}`);
  if (sha === undefined) throw impossible(step, `there is no branch ${ref}`);
  await twin.pipelines.create({ project, ref, sha, source: 'web', user });
}
