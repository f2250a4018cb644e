import { lastDeployment } from '../pipelines/scheduler/environments.ts';
import { onProject } from '../server/on-project.ts';
import { forbidden, invalidRecord, Refusal } from '../server/reply.ts';
import type { Access, ProjectCall, Reply, Route } from '../server/types.ts';
import { levelOf } from '../world/access.ts';
import type { Deployment, Environment, Pipeline } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import { nextIid, timeOf } from '../world/world.ts';
import { createEnvironment } from './environments.ts';
import { recordOf, userOf } from './find-in-call.ts';
import { flagOf, sortedBy, textOf, wordOf } from './given.ts';
import { approvalJson, deploymentDetailsJson, deploymentJson } from './json/deployment.ts';
import { isBetween } from './pipeline-filter.ts';

const read: Access = { role: 'reporter', anonymous: false, jobToken: true };
const write: Access = { role: 'developer', jobToken: true };
const one = '/projects/:id/deployments/:deployment_id';
const statuses = ['running', 'success', 'failed', 'canceled'] as const;

export const deploymentsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects/:id/deployments',
    access: read,
    handle: onProject(async ({ twin, project, query }) => {
      const found = filterDeployments(project, query);
      return { list: await Promise.all(found.map((item) => deploymentJson(twin, project, item))) };
    }),
  },
  { method: 'POST', path: '/projects/:id/deployments', access: write, handle: onProject(createDeployment) },
  {
    method: 'GET',
    path: one,
    access: read,
    handle: onProject(async (call) => ({ json: await details(call, deploymentOf(call)) })),
  },
  {
    method: 'PUT',
    path: one,
    access: write,
    handle: onProject(async (call) => {
      const deployment = deploymentOf(call);
      assertMayDeploy(call, environmentOf(call.project, deployment));
      if (deployment.jobId !== undefined)
        throw forbidden('Deployments created using GitLab CI can not be updated using the API');
      const status = wordOf(call.body.status, statuses);
      if (status === undefined || endings.includes(deployment.status))
        throw invalidRecord({ status: ['Status cannot transition via "update"'] });
      deployment.status = status;
      deployment.updatedAt = timeOf(call.twin.world);
      return { json: await details(call, deployment) };
    }),
  },
  {
    method: 'DELETE',
    path: one,
    access: { role: 'maintainer', jobToken: true },
    handle: onProject((call) => {
      const deployment = deploymentOf(call);
      const environment = environmentOf(call.project, deployment);
      if (deployment.status === 'running') throw invalidRecord('Cannot destroy running deployment');
      if (environment !== undefined && lastDeployment(call.project, environment) === deployment)
        throw invalidRecord('Deployment currently deployed to environment');
      call.project.deployments.delete(deployment.id);
      return { status: 204 };
    }),
  },
  {
    method: 'POST',
    path: `${one}/approval`,
    access: { ...write, tier: 'premium' },
    handle: onProject(approve),
  },
];

const endings: readonly Deployment['status'][] = ['success', 'failed', 'canceled', 'skipped'];

function deploymentOf(call: ProjectCall): Deployment {
  return recordOf(call, call.project.deployments, 'deployment_id');
}

function environmentOf(project: Project, { environmentId }: Deployment): Environment | undefined {
  return project.environments.get(environmentId);
}

function details(call: ProjectCall, deployment: Deployment): Promise<Readonly<Record<string, unknown>>> {
  return deploymentDetailsJson(call.twin, call.project, deployment);
}

async function createDeployment(call: ProjectCall): Promise<Reply> {
  const { twin, project } = call;
  const { environment: name, sha, ref, tag, status } = call.body;
  const known = [...project.environments.values()].find((environment) => environment.name === name);
  const environment = known ?? createEnvironment(twin.world, project, textOf(name) ?? '');
  assertMayDeploy(call, environment);
  const commit = await twin.repositories.commit(project, textOf(sha) ?? '');
  if (commit === undefined) throw invalidRecord({ ref: ['The branch or tag does not exist'] });
  const now = timeOf(twin.world);
  const deployment: Deployment = {
    ...{ id: twin.world.nextId('deployment'), iid: nextIid(project, 'deployment') },
    ...{ environmentId: environment.id, ref: textOf(ref) ?? '', tag: flagOf(tag) ?? false, sha: commit.sha },
    ...{ userId: userOf(call).id, jobId: undefined, status: wordOf(status, statuses) ?? 'running' },
    ...{ createdAt: now, updatedAt: now, approvals: [] },
  };
  project.deployments.set(deployment.id, deployment);
  return { json: await details(call, deployment), status: 201 };
}

/** Protected environments are Premium's. */
function assertMayDeploy(call: ProjectCall, environment: Environment | undefined): void {
  const rule = call.project.protectedEnvironments.get(environment?.name ?? '');
  const level = levelOf(userOf(call), call.project);
  if (rule === undefined || call.twin.world.tier === 'free') return;
  if (!rule.deployLevels.some((needed) => level >= needed)) throw forbidden();
}

/** One word of each user; GitLab lets nobody approve what they deploy themselves. */
async function approve(call: ProjectCall): Promise<Reply> {
  const deployment = deploymentOf(call);
  const user = userOf(call);
  const { status, comment } = call.body;
  assertMayDeploy(call, environmentOf(call.project, deployment));
  if (deployment.status !== 'blocked') throw refusedApproval('This deployment is not waiting for approvals.');
  if (deployment.userId === user.id) throw refusedApproval('You cannot approve your own deployment.');
  const word = wordOf(status, ['approved', 'rejected']) ?? 'rejected';
  const approval = { userId: user.id, status: word, comment: textOf(comment) ?? '' };
  const before = deployment.approvals.findIndex(({ userId }) => userId === user.id);
  deployment.approvals.splice(before < 0 ? deployment.approvals.length : before, 1, approval);
  deployment.updatedAt = timeOf(call.twin.world);
  // Its job goes on where that was the last word it waited for.
  const pipeline = pipelineOf(call, deployment);
  if (pipeline !== undefined) call.twin.pipelines.touch(pipeline);
  return { json: approvalJson(call.twin.world, deployment, approval), status: 201 };
}

function pipelineOf({ twin: { world } }: ProjectCall, { jobId = 0 }: Deployment): Pipeline | undefined {
  return world.pipelines.get(world.jobs.get(jobId)?.pipelineId ?? 0);
}

function refusedApproval(message: string): Refusal {
  return new Refusal(400, { message });
}

const orders: Readonly<Record<string, (item: Deployment) => string | number>> = {
  iid: ({ iid }) => iid,
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
  finished_at: ({ updatedAt }) => updatedAt,
};

function filterDeployments(project: Project, query: ProjectCall['query']): Deployment[] {
  const { environment, status, updated_after, updated_before, order_by, sort } = query;
  const found = [...project.deployments.values()].filter(
    (item) =>
      (environment === undefined || environmentOf(project, item)?.name === environment) &&
      (status === undefined || item.status === status) &&
      isBetween(item.updatedAt, updated_after, updated_before),
  );
  const key = orders[textOf(order_by) ?? ''] ?? (({ id }: Deployment) => id);
  return sortedBy(found, key, sort === 'desc' ? 'desc' : 'asc');
}
