import { environmentSlugOf, tierOf } from '../pipelines/names.ts';
import { lastDeployment, stopJobOf } from '../pipelines/scheduler/environments.ts';
import { onProject } from '../server/on-project.ts';
import { forbidden, invalidParameter, invalidRecord } from '../server/reply.ts';
import type { Access, ProjectCall, Reply, Route } from '../server/types.ts';
import type { Environment } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import { timeOf, type World } from '../world/world.ts';
import { recordOf, userOf } from './find-in-call.ts';
import { flagOf, sortedBy, textOf } from './given.ts';
import { deploymentJson } from './json/deployment.ts';
import { environmentJson } from './json/environment.ts';

const read: Access = { role: 'reporter', anonymous: false, jobToken: true };
const write: Access = { role: 'developer', jobToken: true };
const one = '/projects/:id/environments/:environment_id';

export const environmentsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects/:id/environments',
    access: read,
    handle: onProject(({ project, query }) => {
      const { name, search, states } = query;
      if (name !== undefined && search !== undefined)
        throw invalidParameter('name, search cannot be used together');
      const found = [...project.environments.values()].filter(
        (environment) =>
          (name === undefined || environment.name === name) &&
          environment.name.includes(textOf(search) ?? '') &&
          (states === undefined || environment.state === states),
      );
      return { list: sortedBy(found, byName, 'asc').map(environmentJson) };
    }),
  },
  {
    method: 'POST',
    path: '/projects/:id/environments',
    access: write,
    handle: onProject(({ twin, project, ...call }) => {
      const { name, external_url, tier, description } = call.body;
      const environment = createEnvironment(twin.world, project, textOf(name) ?? '');
      change(environment, { external_url, tier, description });
      return { json: environmentJson(environment), status: 201 };
    }),
  },
  {
    method: 'GET',
    path: one,
    access: read,
    handle: onProject(async (call) => {
      const environment = environmentOf(call);
      const last = lastDeployment(call.project, environment);
      const deployment = last === undefined ? null : await deploymentJson(call.twin, call.project, last);
      return { json: { ...environmentJson(environment), last_deployment: deployment } };
    }),
  },
  {
    method: 'PUT',
    path: one,
    access: write,
    handle: onProject((call) => {
      const environment = environmentOf(call);
      change(environment, call.body);
      environment.updatedAt = timeOf(call.twin.world);
      return { json: environmentJson(environment) };
    }),
  },
  {
    method: 'DELETE',
    path: one,
    access: write,
    handle: onProject((call) => {
      const environment = environmentOf(call);
      // Who may delete at all may not delete what still runs.
      if (environment.state !== 'stopped') throw forbidden();
      call.project.environments.delete(environment.id);
      return { status: 204 };
    }),
  },
  { method: 'POST', path: `${one}/stop`, access: write, handle: onProject(stop) },
];

const byName = ({ name }: Environment) => name;

function environmentOf(call: ProjectCall): Environment {
  return recordOf(call, call.project.environments, 'environment_id');
}

/** @throws Refusal 400 for a name that is taken or has other characters than GitLab's */
export function createEnvironment(world: World, project: Project, name: string): Environment {
  const isTaken = [...project.environments.values()].some((environment) => environment.name === name);
  if (isTaken) throw invalidRecord({ name: ['has already been taken'] });
  if (!/^[\p{L}\p{N}_\-/${}. ]{1,255}$/u.test(name) || /^\/|\/$/.test(name)) {
    const allowed = "can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces";
    throw invalidRecord({ name: [`${allowed}, but it cannot start or end with '/'`] });
  }
  const now = timeOf(world);
  const environment: Environment = {
    ...{ id: world.nextId('environment'), name, slug: environmentSlugOf(name), externalUrl: undefined },
    ...{ tier: tierOf(name), description: undefined, state: 'available', createdAt: now, updatedAt: now },
  };
  project.environments.set(environment.id, environment);
  return environment;
}

function change(environment: Environment, sent: Readonly<Record<string, unknown>>): void {
  const { external_url, tier, description } = sent;
  environment.externalUrl = textOf(external_url) ?? environment.externalUrl;
  environment.tier = textOf(tier) ?? environment.tier;
  environment.description = textOf(description) ?? environment.description;
}

/** Runs the job its last deployment named for that, unless told not to; without one it is stopped at once. */
async function stop(call: ProjectCall): Promise<Reply> {
  const environment = environmentOf(call);
  const { twin, project } = call;
  const job = stopJobOf(twin.world, project, environment);
  if (environment.state === 'available') {
    const played =
      job === undefined || flagOf(call.body.force) === true
        ? undefined
        : await twin.pipelines.play(job, userOf(call), []);
    environment.state = played === undefined ? 'stopped' : 'stopping';
    environment.updatedAt = timeOf(twin.world);
  }
  return { json: environmentJson(environment), status: 200 };
}
