import type { JobToken, Role, Scope, TriggerToken, User } from '../../../components/twin/world/people.ts';
import { accessLevels } from '../../../components/twin/world/people.ts';
import type { Job, JobStatus } from '../../../components/twin/world/pipeline.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import { timeOf, type World } from '../../../components/twin/world/world.ts';
import { addPersonalToken, addUser, newTokenValue } from './harness.ts';

/** The token of a new user with a role in a project. */
export function memberToken(
  world: World,
  project: Project,
  role: Role,
  scopes: readonly Scope[] = ['api'],
): string {
  const user = addUser(world, { username: `${role}${world.users.size}` });
  project.members.set(user.id, accessLevels[role]);
  return addPersonalToken(world, { userId: user.id, scopes }).value;
}

export function addJob(world: World, project: Project, user: User, status: JobStatus): Job {
  const id = world.nextId('job');
  const job: Job = {
    ...{ id, pipelineId: 1, projectId: project.id, name: 'test', key: 'test', stage: 'test', kind: 'build' },
    ...{ status, allowFailure: false, when: 'on_success', retried: false, userId: user.id, timeout: 3600 },
    ...{ createdAt: timeOf(world), trace: '', tags: [], dotenv: [], playVariables: [] },
    failureReason: undefined,
    exitCode: undefined,
    queuedAt: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    environment: undefined,
    resourceGroup: undefined,
    artifacts: undefined,
    coverage: undefined,
    downstreamPipelineId: undefined,
    external: undefined,
  };
  world.jobs.set(id, job);
  return job;
}

/** The job token of a new job of that user. */
export function jobToken(world: World, project: Project, user: User, status: JobStatus = 'running'): string {
  const { id: jobId } = addJob(world, project, user, status);
  const token: JobToken = { kind: 'job', id: world.nextId('token'), value: newTokenValue('job'), jobId };
  world.tokens.set(token.value, token);
  return token.value;
}

export function triggerToken(world: World, project: Project, owner: User): string {
  const token: TriggerToken = {
    ...{ kind: 'trigger', id: world.nextId('trigger'), value: newTokenValue('trigger') },
    ...{ projectId: project.id, ownerId: owner.id, description: '', createdAt: timeOf(world) },
  };
  world.tokens.set(token.value, token);
  return token.value;
}
