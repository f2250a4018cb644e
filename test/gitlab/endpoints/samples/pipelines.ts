import * as artifacts from '../../../../components/gitlab/endpoints/artifacts.ts';
import * as deployments from '../../../../components/gitlab/endpoints/deployments.ts';
import * as environments from '../../../../components/gitlab/endpoints/environments.ts';
import * as jobs from '../../../../components/gitlab/endpoints/jobs.ts';
import * as lint from '../../../../components/gitlab/endpoints/lint.ts';
import * as pipelines from '../../../../components/gitlab/endpoints/pipelines.ts';
import * as resourceGroups from '../../../../components/gitlab/endpoints/resource-groups.ts';
import * as runners from '../../../../components/gitlab/endpoints/runners.ts';
import * as scheduleVariables from '../../../../components/gitlab/endpoints/schedule-variables.ts';
import * as schedules from '../../../../components/gitlab/endpoints/schedules.ts';
import * as triggers from '../../../../components/gitlab/endpoints/triggers.ts';
import type { GitLab } from '../../../../components/gitlab/types.ts';
import { addTrigger } from '../people.ts';
import type { Scene } from '../scene.ts';
import { all, owner, type Sample, target } from './sample.ts';

async function environmentOf({ project, ...scene }: Scene) {
  const [environment] = await environments.listEnvironments(scene.asRole('owner'), { project });
  return { project, environment: environment?.id ?? 0 };
}

const deploymentIn = ({ project, api }: Scene) => ({
  ...{
    project,
    environment: 'production',
    sha: api.sha,
    ref: 'main',
    tag: false,
    status: 'running' as const,
  },
});

async function deployed(scene: Scene) {
  const { id } = await deployments.createDeployment(owner(scene), deploymentIn(scene));
  return { project: scene.project, deployment: id };
}

const schedule = { description: 'Nightly', ref: 'topic', cron: '0 1 * * *', active: false };

async function scheduled(gitlab: GitLab, { project }: Scene) {
  return { project, schedule: (await schedules.createSchedule(gitlab, { project, ...schedule })).id };
}

const variable = { key: 'DEPTH', value: '3' };

async function scheduledVariable(gitlab: GitLab, scene: Scene) {
  const own = { ...(await scheduled(gitlab, scene)), ...variable };
  await scheduleVariables.createScheduleVariable(gitlab, own);
  return own;
}

/** Requests about pipelines, their jobs, and what they make. */
export const pipelineSamples: Readonly<Record<string, Sample>> = {
  'artifacts.downloadArtifacts': (as, { project, job, context }) =>
    artifacts.downloadArtifacts(as, context, { project, job: job.id }, target),
  'artifacts.downloadArtifact': (as, { project, job, context }) =>
    artifacts.downloadArtifact(as, context, { project, job: job.id, artifact: 'out/a b.txt' }, target),
  'artifacts.fetchArtifact': (as, { project, job }) =>
    artifacts.fetchArtifact(as, { project, job: job.id, artifact: 'out/a b.txt' }, { maxBytes: 100 }),
  'artifacts.downloadLatestArtifacts': (as, { project, context }) =>
    artifacts.downloadLatestArtifacts(
      as,
      context,
      { project, ref: 'topic', job: 'test', searchRecent: true },
      target,
    ),
  'artifacts.downloadLatestArtifact': (as, { project, context }) =>
    artifacts.downloadLatestArtifact(
      as,
      context,
      { project, ref: 'topic', job: 'test', artifact: 'out/a b.txt' },
      target,
    ),
  'deployments.listDeployments': (as, { project }) => all(deployments.listDeployments(as, { project })),
  'deployments.getDeployment': async (as, scene) => deployments.getDeployment(as, await deployed(scene)),
  'deployments.createDeployment': (as, scene) => deployments.createDeployment(as, deploymentIn(scene)),
  'deployments.updateDeployment': async (as, scene) =>
    deployments.updateDeployment(as, { ...(await deployed(scene)), status: 'success' }),
  'environments.listEnvironments': (as, { project }) => environments.listEnvironments(as, { project }),
  'environments.getEnvironment': async (as, scene) =>
    environments.getEnvironment(as, await environmentOf(scene)),
  'environments.createEnvironment': (as, { project }) =>
    environments.createEnvironment(as, { project, name: 'staging', tier: 'staging' }),
  'environments.updateEnvironment': async (as, scene) =>
    environments.updateEnvironment(as, {
      ...(await environmentOf(scene)),
      externalUrl: 'https://example.com',
    }),
  'environments.stopEnvironment': async (as, scene) =>
    environments.stopEnvironment(as, await environmentOf(scene)),
  'jobs.listJobs': (as, { project }) => all(jobs.listJobs(as, { project, scope: ['success', 'failed'] })),
  'jobs.listPipelineJobs': (as, { project, pipeline }) =>
    all(jobs.listPipelineJobs(as, { project, pipeline: pipeline.id, retried: true })),
  'jobs.listBridges': (as, { project, pipeline }) =>
    all(jobs.listBridges(as, { project, pipeline: pipeline.id })),
  'jobs.getJob': (as, { project, job }) => jobs.getJob(as, { project, job: job.id }),
  'jobs.readTrace': (as, { project, job }) => jobs.readTrace(as, { project, job: job.id }),
  'jobs.getOwnJob': (_, { asJob }) => jobs.getOwnJob(asJob),
  'jobs.playJob': (as, { project, manual }) =>
    jobs.playJob(as, { project, job: manual.id, variables: [variable] }),
  'jobs.retryJob': (as, { project, job }) => {
    job.status = 'failed';
    return jobs.retryJob(as, { project, job: job.id });
  },
  'jobs.cancelJob': (as, { project, job }) => jobs.cancelJob(as, { project, job: job.id }),
  'lint.lintText': (as, { project }) => lint.lintText(as, { project, content: 'a: {script: b}' }),
  'lint.lintProject': (as, { project }) => lint.lintProject(as, { project }),
  'pipelines.listPipelines': (as, { project }) => all(pipelines.listPipelines(as, { project, ref: 'main' })),
  'pipelines.getPipeline': (as, { project, pipeline }) =>
    pipelines.getPipeline(as, { project, pipeline: pipeline.id }),
  'pipelines.getLatestPipeline': (as, { project }) =>
    pipelines.getLatestPipeline(as, { project, ref: 'topic' }),
  'pipelines.createPipeline': (as, { project }) =>
    pipelines.createPipeline(as, { project, ref: 'topic', variables: [variable] }),
  'pipelines.retryPipeline': (as, { project, pipeline }) =>
    pipelines.retryPipeline(as, { project, pipeline: pipeline.id }),
  'pipelines.cancelPipeline': (as, { project, pipeline }) =>
    pipelines.cancelPipeline(as, { project, pipeline: pipeline.id }),
  'pipelines.listPipelineVariables': (as, { project, pipeline }) =>
    pipelines.listPipelineVariables(as, { project, pipeline: pipeline.id }),
  'resource-groups.listResourceGroups': (as, { project }) =>
    all(resourceGroups.listResourceGroups(as, { project })),
  'resource-groups.getResourceGroup': (as, { project }) =>
    resourceGroups.getResourceGroup(as, { project, key: 'production' }),
  'resource-groups.updateResourceGroup': (as, { project }) =>
    resourceGroups.updateResourceGroup(as, { project, key: 'production', processMode: 'oldest_first' }),
  'runners.listRunners': (as, { project }) => all(runners.listRunners(as, { project })),
  'runners.getRunner': (as, { api }) => {
    api.world.runners.set(2, {
      ...{ id: 2, description: 'ours', type: 'project_type', projectIds: new Set([api.project.id]) },
      ...{ paused: false, status: 'online', tags: ['linux'], runUntagged: false, locked: true },
      accessLevel: 'ref_protected',
    });
    return runners.getRunner(as, { runner: 2 });
  },
  'schedule-variables.createScheduleVariable': scheduledVariable,
  'schedule-variables.updateScheduleVariable': async (as, scene) =>
    scheduleVariables.updateScheduleVariable(as, { ...(await scheduledVariable(as, scene)), value: '4' }),
  'schedule-variables.deleteScheduleVariable': async (as, scene) =>
    scheduleVariables.deleteScheduleVariable(as, await scheduledVariable(as, scene)),
  'schedules.listSchedules': (as, { project }) => schedules.listSchedules(as, { project }),
  'schedules.getSchedule': async (as, scene) =>
    schedules.getSchedule(as, await scheduled(owner(scene), scene)),
  'schedules.createSchedule': scheduled,
  'schedules.updateSchedule': async (as, scene) =>
    schedules.updateSchedule(as, { ...(await scheduled(as, scene)), cron: '0 2 * * *' }),
  'schedules.deleteSchedule': async (as, scene) => schedules.deleteSchedule(as, await scheduled(as, scene)),
  'schedules.playSchedule': async (as, scene) =>
    schedules.playSchedule(as, await scheduled(owner(scene), scene)),
  'triggers.listTriggers': (as, scene) => {
    addTrigger(scene.api);
    return all(triggers.listTriggers(as, { project: scene.project }));
  },
  'triggers.runTrigger': (_, scene) =>
    triggers.runTrigger(scene.as(undefined), {
      project: scene.project,
      ref: 'topic',
      token: addTrigger(scene.api),
    }),
};
