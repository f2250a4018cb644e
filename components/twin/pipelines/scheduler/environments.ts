import type { Deployment, Environment, Job, Pipeline } from '../../world/pipeline.ts';
import type { Project } from '../../world/project.ts';
import { nextIid, timeOf, type World } from '../../world/world.ts';
import { expandText } from '../expansion.ts';
import { environmentSlugOf, tierOf } from '../names.ts';
import { pipelineOf, projectOf } from './state.ts';

/** The environment a job names, made with its pipeline where it is new. */
function ensureEnvironment(world: World, project: Project, job: Job): Environment | undefined {
  if (job.environment === undefined) return undefined;
  const { name, tier } = job.environment;
  const known = environmentOf(project, name);
  if (known !== undefined) return known;
  const now = timeOf(world);
  const environment: Environment = {
    ...{ id: world.nextId('environment'), name, slug: environmentSlugOf(name), externalUrl: undefined },
    ...{ tier: tier ?? tierOf(name), description: undefined, state: 'available' },
    ...{ createdAt: now, updatedAt: now },
  };
  project.environments.set(environment.id, environment);
  return environment;
}

export function environmentOf(project: Project, name: string): Environment | undefined {
  return [...project.environments.values()].find((environment) => environment.name === name);
}

/** The deployment of a job, made when its turn comes; of a job that stops or only looks, none. */
export function ensureDeployment(world: World, job: Job): Deployment | undefined {
  if (job.environment?.action !== 'start') return undefined;
  const project = projectOf(world, job);
  const known = deploymentOf(project, job);
  if (known !== undefined) return known;
  const environment = ensureEnvironment(world, project, job);
  if (environment === undefined) return undefined;
  const { ref, tag, sha } = pipelineOf(world, job);
  const now = timeOf(world);
  const deployment: Deployment = {
    ...{ id: world.nextId('deployment'), iid: nextIid(project, 'deployment') },
    ...{ environmentId: environment.id, ref, tag, sha, userId: job.userId, jobId: job.id },
    ...{ status: 'created', createdAt: now, updatedAt: now, approvals: [] },
  };
  project.deployments.set(deployment.id, deployment);
  return deployment;
}

export function deploymentOf(project: Project, job: Job): Deployment | undefined {
  return [...project.deployments.values()].find(({ jobId }) => jobId === job.id);
}

/** Brings the deployment of a job, and the environment it stops, to where the job is. */
export function followDeployment(world: World, job: Job): void {
  if (job.environment === undefined) return;
  const project = projectOf(world, job);
  const environment = environmentOf(project, job.environment.name);
  const deployment = deploymentOf(project, job);
  const { status } = job;
  const now = timeOf(world);
  const ended = status === 'success' || status === 'failed' || status === 'canceled' || status === 'skipped';
  if (deployment !== undefined && (status === 'running' || ended)) {
    deployment.status = status;
    deployment.updatedAt = now;
  }
  if (environment === undefined || status !== 'success') return;
  if (job.environment.action === 'start') environment.state = 'available';
  if (job.environment.action === 'stop') environment.state = 'stopped';
  environment.updatedAt = now;
}

/** Writes the URL of a deployment that succeeded, with what the job left in its dotenv report. */
export function publishUrl(world: World, job: Job, values: ReadonlyMap<string, string>): void {
  const { environment } = job;
  if (environment?.action !== 'start' || environment.url === undefined) return;
  const record = environmentOf(projectOf(world, job), environment.name);
  if (record !== undefined) record.externalUrl = expandText(environment.url, values);
}

/** The job that stops an environment: the one its last successful deployment names as `on_stop`. */
export function stopJobOf(world: World, project: Project, environment: Environment): Job | undefined {
  const deployed = lastDeployment(project, environment)?.jobId;
  const job = deployed === undefined ? undefined : world.jobs.get(deployed);
  const onStop = job?.environment?.onStop;
  if (job === undefined || onStop === undefined) return undefined;
  return pipelineOf(world, job).jobs.find(({ name, retried }) => name === onStop && !retried);
}

export function lastDeployment(project: Project, { id }: Environment): Deployment | undefined {
  return [...project.deployments.values()]
    .filter(({ environmentId, status }) => environmentId === id && status === 'success')
    .at(-1);
}

/**
 * Whether a newer deployment has reached the environment already, so that this one would set it back.
 * Source: docs.gitlab.com/ci/environments/deployment_safety/#prevent-outdated-deployment-jobs.
 */
export function isOutdated(world: World, job: Job): boolean {
  const project = projectOf(world, job);
  const deployment = deploymentOf(project, job);
  const environment =
    job.environment === undefined ? undefined : environmentOf(project, job.environment.name);
  const last = environment === undefined ? undefined : lastDeployment(project, environment);
  if (deployment === undefined || last === undefined) return false;
  return deployment.id < last.id && deployment.sha !== last.sha;
}

/** Makes the environments of a new pipeline, before any of its jobs starts. */
export function ensureEnvironments(world: World, pipeline: Pipeline): void {
  const project = projectOf(world, pipeline);
  for (const job of pipeline.jobs) ensureEnvironment(world, project, job);
}
