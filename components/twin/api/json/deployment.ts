import type { Twin } from '../../ports.ts';
import type { Deployment, Environment } from '../../world/pipeline.ts';
import type { Project } from '../../world/project.ts';
import type { World } from '../../world/world.ts';
import { environmentBasicJson } from './environment.ts';
import { jobJson } from './job.ts';
import { userJson } from './user.ts';

type Json = Readonly<Record<string, unknown>>;

/** Source: docs.gitlab.com/api/deployments */
export async function deploymentJson(twin: Twin, project: Project, deployment: Deployment): Promise<Json> {
  const { world } = twin;
  const { id, iid, ref, sha, status, createdAt, updatedAt, jobId } = deployment;
  const job = world.jobs.get(jobId ?? 0);
  const environment: Environment | undefined = project.environments.get(deployment.environmentId);
  return {
    ...{ id, iid, ref, sha, status, created_at: createdAt, updated_at: updatedAt },
    user: userJson(world, deployment.userId),
    environment: environment === undefined ? null : environmentBasicJson(environment),
    deployable: job === undefined ? null : await jobJson(twin, job),
  };
}

/** As it is shown alone. */
export async function deploymentDetailsJson(
  twin: Twin,
  project: Project,
  deployment: Deployment,
): Promise<Json> {
  const name = project.environments.get(deployment.environmentId)?.name ?? '';
  const needed = project.protectedEnvironments.get(name)?.requiredApprovals ?? 0;
  const given = deployment.approvals.filter(({ status }) => status === 'approved').length;
  return {
    ...(await deploymentJson(twin, project, deployment)),
    pending_approval_count: deployment.status === 'blocked' ? Math.max(0, needed - given) : 0,
    approvals: deployment.approvals.map((approval) => approvalJson(twin.world, deployment, approval)),
    approval_summary: { rules: [] },
  };
}

export function approvalJson(
  world: World,
  { updatedAt }: Deployment,
  approval: Deployment['approvals'][number],
): Json {
  const { userId, status, comment } = approval;
  return { user: userJson(world, userId), status, created_at: updatedAt, comment };
}
