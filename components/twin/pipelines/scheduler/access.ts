import { isAtLeastRole, levelOf, mayWriteBranch, protectionOf } from '../../world/access.ts';
import type { User } from '../../world/people.ts';
import type { Job } from '../../world/pipeline.ts';
import type { Project } from '../../world/project.ts';
import type { World } from '../../world/world.ts';
import { deploymentOf } from './environments.ts';
import { pipelineOf, projectOf } from './state.ts';

/**
 * Whether somebody may play or retry a job: developers, on a protected branch or tag those who may write it, in a
 * protected environment those who may deploy to it. Source: docs.gitlab.com/ci/jobs/job_control.
 */
export function mayRun(world: World, job: Job, user: User): boolean {
  const project = projectOf(world, job);
  if (!isAtLeastRole(user, project, 'developer')) return false;
  const { ref, tag, mergeRequest } = pipelineOf(world, job);
  if (tag) {
    const rule = protectionOf(project.protectedTags, ref);
    if (rule !== undefined && (rule.pushLevel === 0 || levelOf(user, project) < rule.pushLevel)) return false;
  } else if (mergeRequest === undefined) {
    const mayWrite = (how: 'push' | 'merge') => mayWriteBranch(user, project, ref, how);
    if (!mayWrite('push') && !mayWrite('merge')) return false;
  }
  return !isProtectedFrom(world, job, user);
}

/** Whether the environment of a job is protected (Premium) and the user may not deploy to it. */
export function isProtectedFrom(world: World, job: Job, user: User | undefined): boolean {
  const project = projectOf(world, job);
  const rule = protectedEnvironmentOf(world, project, job);
  return rule !== undefined && !rule.deployLevels.some((level) => levelOf(user, project) >= level);
}

/** Whether a deployment waits for people to approve it (Premium); one rejection stops it. */
export function isUnapproved(world: World, job: Job): boolean {
  const project = projectOf(world, job);
  const rule = protectedEnvironmentOf(world, project, job);
  if (rule === undefined || rule.requiredApprovals === 0 || job.environment?.action !== 'start') return false;
  const approvals = deploymentOf(project, job)?.approvals ?? [];
  const approved = approvals.filter(({ status }) => status === 'approved').length;
  return approved < rule.requiredApprovals || approvals.some(({ status }) => status === 'rejected');
}

function protectedEnvironmentOf(world: World, project: Project, { environment }: Job) {
  if (world.tier === 'free' || environment === undefined) return undefined;
  return project.protectedEnvironments.get(environment.name);
}
