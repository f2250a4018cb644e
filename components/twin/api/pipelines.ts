import { onProject } from '../server/on-project.ts';
import { forbidden, invalidParameter } from '../server/reply.ts';
import type { Access, ProjectCall, Route } from '../server/types.ts';
import { isAtLeastRole } from '../world/access.ts';
import type { Job, Pipeline } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import type { World } from '../world/world.ts';
import { pipelineOf, userOf } from './find-in-call.ts';
import { flagOf, textOf, textsOf } from './given.ts';
import { jobsJson } from './json/job.ts';
import { pipelineBasicJson, pipelineJson } from './json/pipeline.ts';
import { filterPipelines } from './pipeline-filter.ts';
import { inputsIn, mayRunOn, startPipeline, variablesIn } from './start-pipeline.ts';

/** Job tokens list pipelines from 19.0 on. Source: docs.gitlab.com/ci/jobs/fine_grained_permissions, `READ_PIPELINES` */
const read: Access = { role: 'anyone', jobToken: { since: '19.0' } };
/** Jobs of a pipeline came earlier, as `READ_JOBS`. */
const readJobs: Access = { role: 'anyone', jobToken: { since: '18.5' } };

export const pipelinesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects/:id/pipelines',
    access: read,
    handle: onProject(({ twin, project, query }) => {
      const pipelines = filterPipelines(twin.world, pipelinesIn(twin.world, project), query);
      return { list: pipelines.map((pipeline) => pipelineBasicJson(twin.world, pipeline)) };
    }),
  },
  {
    method: 'POST',
    path: '/projects/:id/pipeline',
    access: { role: 'developer' },
    handle: onProject(async (call) => {
      const { ref, variables, inputs } = call.body;
      const pipeline = await startPipeline(call.twin, {
        ...{ project: call.project, user: userOf(call), source: 'api', ref: textOf(ref) ?? '' },
        variables: variablesIn(variables),
        ...inputsIn(inputs),
      });
      return { json: pipelineJson(call.twin.world, pipeline) };
    }),
  },
  {
    method: 'GET',
    path: '/projects/:id/pipelines/latest',
    access: { role: 'anyone' },
    handle: onProject(async (call) => ({ json: pipelineJson(call.twin.world, await latestPipeline(call)) })),
  },
  {
    method: 'GET',
    path: '/projects/:id/pipelines/:pipeline_id',
    access: read,
    handle: onProject((call) => ({ json: pipelineJson(call.twin.world, pipelineOf(call)) })),
  },
  {
    method: 'DELETE',
    path: '/projects/:id/pipelines/:pipeline_id',
    access: { role: 'owner' },
    handle: onProject(async ({ twin, ...call }) => {
      const pipeline = pipelineOf({ twin, ...call });
      await twin.pipelines.cancelPipeline(pipeline);
      removePipeline(twin.world, pipeline);
      return { status: 204 };
    }),
  },
  {
    method: 'GET',
    path: '/projects/:id/pipelines/:pipeline_id/jobs',
    access: readJobs,
    handle: onProject(async (call) => ({ list: await jobsJson(call.twin, jobsIn(call, 'build')) })),
  },
  {
    method: 'GET',
    path: '/projects/:id/pipelines/:pipeline_id/bridges',
    access: { role: 'anyone' },
    handle: onProject(async (call) => ({ list: await jobsJson(call.twin, jobsIn(call, 'bridge')) })),
  },
  {
    method: 'GET',
    path: '/projects/:id/pipelines/:pipeline_id/variables',
    access: { role: 'developer' },
    handle: onProject((call) => {
      const { variables, userId } = pipelineOf(call);
      const user = userOf(call);
      if (user.id !== userId && !isAtLeastRole(user, call.project, 'maintainer')) throw forbidden();
      return {
        list: variables.map(({ key, value, variableType }) => ({
          ...{ variable_type: variableType, key, value, raw: false },
        })),
      };
    }),
  },
  {
    method: 'PUT',
    path: '/projects/:id/pipelines/:pipeline_id/metadata',
    access: { role: 'developer', jobToken: true },
    handle: onProject((call) => {
      const pipeline = changeable(call);
      const name = textOf(call.body.name) ?? '';
      if (name.length > 255) throw invalidParameter('name is too long (maximum is 255 characters)');
      pipeline.name = name;
      return { json: pipelineJson(call.twin.world, pipeline) };
    }),
  },
  {
    method: 'POST',
    path: '/projects/:id/pipelines/:pipeline_id/retry',
    access: { role: 'developer' },
    handle: onProject(async (call) => {
      const pipeline = changeable(call);
      await call.twin.pipelines.retryPipeline(pipeline, userOf(call));
      return { json: pipelineJson(call.twin.world, pipeline), status: 201 };
    }),
  },
  {
    method: 'POST',
    path: '/projects/:id/pipelines/:pipeline_id/cancel',
    access: { role: 'developer' },
    handle: onProject(async (call) => {
      const pipeline = changeable(call);
      await call.twin.pipelines.cancelPipeline(pipeline);
      return { json: pipelineJson(call.twin.world, pipeline), status: 200 };
    }),
  },
];

function pipelinesIn(world: World, { id }: Project): Pipeline[] {
  return [...world.pipelines.values()].filter(({ projectId }) => projectId === id);
}

/** The newest of the tip of a branch. GitLab asks whether nothing may be read, and says no: 403. */
async function latestPipeline({ twin, project, query }: ProjectCall): Promise<Pipeline> {
  const ref = textOf(query.ref) ?? project.defaultBranch;
  const sha = ref === undefined ? undefined : await twin.repositories.resolve(project, ref);
  const [latest] = filterPipelines(twin.world, pipelinesIn(twin.world, project), {}).filter(
    (pipeline) => pipeline.ref === ref && pipeline.sha === sha,
  );
  if (latest === undefined) throw forbidden();
  return latest;
}

/** A pipeline whose reference its caller may write to. */
function changeable(call: ProjectCall): Pipeline {
  const pipeline = pipelineOf(call);
  if (!mayRunOn(userOf(call), call.project, pipeline.ref, pipeline.tag)) throw forbidden();
  return pipeline;
}

/** Newest first, without attempts that others followed. */
function jobsIn(call: ProjectCall, kind: Job['kind']): Job[] {
  const scope = textsOf(call.query.scope);
  const withRetried = kind === 'build' && flagOf(call.query.include_retried) === true;
  return pipelineOf(call)
    .jobs.filter((job) => job.kind === kind && (withRetried || !job.retried))
    .filter(({ status }) => scope.length === 0 || scope.includes(status))
    .sort((a, b) => b.id - a.id);
}

/** Takes a pipeline away with its jobs and its children. */
function removePipeline(world: World, pipeline: Pipeline): void {
  world.pipelines.delete(pipeline.id);
  for (const { id, downstreamPipelineId } of pipeline.jobs) {
    world.jobs.delete(id);
    const child = world.pipelines.get(downstreamPipelineId ?? 0);
    if (child?.source === 'parent_pipeline') removePipeline(world, child);
  }
}
