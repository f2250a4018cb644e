import { maySetVariables } from '../pipelines/permissions.ts';
import { mayRun } from '../pipelines/scheduler/access.ts';
import { onProject } from '../server/on-project.ts';
import { forbidden, invalidRecord, notFound, Refusal } from '../server/reply.ts';
import type { OwnSchema, ProjectCall, Reply, Route } from '../server/types.ts';
import { isAtLeastRole } from '../world/access.ts';
import type { Job, JobStatus } from '../world/pipeline.ts';
import { timeOf } from '../world/world.ts';
import { jobOf, userOf } from './find-in-call.ts';
import { flagOf, numberOf, textsOf } from './given.ts';
import { jobJson, jobsJson } from './json/job.ts';
import { variablesIn } from './start-pipeline.ts';

const ended: readonly JobStatus[] = ['success', 'failed', 'canceled', 'skipped'];
const erase: OwnSchema = { source: 'docs.gitlab.com/api/jobs, "Erase a job"' };

export const jobsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/job',
    access: { role: 'user', jobToken: true },
    handle: async ({ twin, actor }) => {
      if (actor?.job === undefined) throw notFound('Job');
      return { json: await jobJson(twin, actor.job) };
    },
  },
  {
    method: 'GET',
    path: '/projects/:id/jobs',
    access: { role: 'anyone', anonymous: false, jobToken: { since: '18.5' } },
    handle: onProject(async ({ twin, project, query }) => {
      const scope = textsOf(query.scope);
      const jobs = [...twin.world.jobs.values()]
        .filter(({ projectId, kind }) => projectId === project.id && kind === 'build')
        .filter(({ status }) => scope.length === 0 || scope.includes(status))
        .sort((a, b) => b.id - a.id);
      return { list: await jobsJson(twin, jobs) };
    }),
  },
  {
    method: 'GET',
    path: '/projects/:id/jobs/:job_id',
    access: { role: 'anyone', anonymous: false },
    handle: onProject(async (call) => ({ json: await jobJson(call.twin, jobOf(call)) })),
  },
  {
    method: 'GET',
    path: '/projects/:id/jobs/:job_id/trace',
    access: { role: 'anyone', anonymous: false },
    handle: onProject((call) => traceReply(call, jobOf(call))),
  },
  {
    method: 'POST',
    path: '/projects/:id/jobs/:job_id/cancel',
    access: { role: 'developer' },
    handle: onProject(async (call) => {
      const job = changeable(call, jobOf(call));
      if (flagOf(call.body.force) === true && !isAtLeastRole(userOf(call), call.project, 'maintainer'))
        throw forbidden();
      await call.twin.pipelines.cancel(job);
      return { json: await jobJson(call.twin, job), status: 201 };
    }),
  },
  {
    method: 'POST',
    path: '/projects/:id/jobs/:job_id/retry',
    access: { role: 'developer' },
    handle: onProject(async (call) => {
      const job = changeable(call, jobOf(call, ['build', 'bridge']));
      const again = await call.twin.pipelines.retry(job, userOf(call));
      if (again === undefined) throw forbidden('Job is not retryable');
      return { json: await jobJson(call.twin, again), status: 201 };
    }),
  },
  {
    method: 'POST',
    path: '/projects/:id/jobs/:job_id/play',
    access: { role: 'developer' },
    handle: onProject(playJob),
  },
  {
    method: 'POST',
    path: '/projects/:id/jobs/:job_id/erase',
    access: { role: 'developer' },
    schema: erase,
    handle: onProject(async (call) => ({ json: await jobJson(call.twin, eraseJob(call)), status: 201 })),
  },
];

/** The log as it is now, from and up to a byte. */
function traceReply({ query }: ProjectCall, { id, trace }: Job): Reply {
  const offset = numberOf(query.byte_offset) ?? 0;
  const limit = numberOf(query.byte_limit);
  const bytes = Buffer.from(trace);
  const text = bytes.subarray(offset, limit === undefined ? undefined : offset + limit).toString();
  return { text, type: 'text/plain', headers: { 'content-disposition': `infile; filename="${id}.log"` } };
}

async function playJob(call: ProjectCall): Promise<Reply> {
  const job = changeable(call, jobOf(call, ['build', 'bridge']));
  const user = userOf(call);
  const { job_variables_attributes, job_inputs } = call.body;
  const variables = variablesIn(job_variables_attributes);
  if (job_inputs !== undefined) throw new Refusal(501, { error: 'the twin does not model job_inputs' });
  if (variables.length > 0 && !maySetVariables(user, call.project)) throw forbidden();
  const played = await call.twin.pipelines.play(job, user, variables);
  if (played === undefined) throw invalidRecord('400 Bad request - Unplayable Job');
  return { json: await jobJson(call.twin, played), status: 200 };
}

/** A job its caller may start and stop. */
function changeable(call: ProjectCall, job: Job): Job {
  if (!mayRun(call.twin.world, job, userOf(call))) throw forbidden();
  return job;
}

/** Developers erase what they started themselves. Source: docs.gitlab.com/user/permissions, "Delete job logs" */
function eraseJob(call: ProjectCall): Job {
  const job = changeable(call, jobOf(call));
  const user = userOf(call);
  if (job.userId !== user.id && !isAtLeastRole(user, call.project, 'maintainer')) throw forbidden();
  if (!ended.includes(job.status) || job.erasedAt !== undefined) throw forbidden('Job is not erasable!');
  job.trace = '';
  job.artifacts = undefined;
  job.erasedAt = timeOf(call.twin.world);
  return job;
}
