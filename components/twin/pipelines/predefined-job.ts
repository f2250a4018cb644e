import { createHash } from 'node:crypto';
import type { Job, Pipeline } from '../world/pipeline.ts';
import { isAtLeast, type World } from '../world/world.ts';
import type { PipelineFacts } from './facts.ts';
import { environmentSlugOf, slugOf, tierOf } from './names.ts';
import { type Predefined, seconds } from './predefined.ts';
import { pathVariables } from './runner/folders.ts';
import type { JobSpec } from './types.ts';

/** The predefined variables of a job that its rules see too. */
export function ruleVariables(job: Pick<JobSpec, 'name' | 'stage' | 'when' | 'node'>): Predefined {
  const { name, stage, when, node } = job;
  return {
    CI_JOB_NAME: name,
    CI_JOB_NAME_SLUG: slugOf(name),
    CI_JOB_GROUP_NAME: groupNameOf(name),
    CI_JOB_STAGE: stage,
    ...(when === 'manual' ? { CI_JOB_MANUAL: 'true' } : {}),
    ...(node === undefined ? {} : { CI_NODE_INDEX: String(node.index) }),
    CI_NODE_TOTAL: String(node?.total ?? 1),
  };
}

/** The rest, of one attempt: GitLab's and those of the runner, without the paths only that knows. */
export function attemptVariables(facts: PipelineFacts, job: Job, token: string): Predefined {
  const { world, project } = facts;
  const { protocol } = new URL(world.url);
  const rest = world.url.slice(`${protocol}//`.length);
  return {
    ...pathVariables(world, project, job),
    CI_JOB_ID: String(job.id),
    CI_JOB_URL: `${world.url}/${project.path}/-/jobs/${job.id}`,
    CI_JOB_TOKEN: token,
    CI_JOB_STATUS: 'running',
    CI_JOB_TIMEOUT: String(job.timeout),
    ...(job.startedAt === undefined ? {} : { CI_JOB_STARTED_AT: seconds(job.startedAt) }),
    CI_REPOSITORY_URL: `${protocol}//gitlab-ci-token:${token}@${rest}/${project.path}.git`,
    CI_CONCURRENT_ID: '0',
    CI_CONCURRENT_PROJECT_ID: '0',
    CI_DISPOSABLE_ENVIRONMENT: 'false',
    CI_RUNNER_ID: '1',
    CI_RUNNER_DESCRIPTION: 'twin',
    CI_RUNNER_TAGS: JSON.stringify(job.tags),
    CI_RUNNER_EXECUTABLE_ARCH: 'linux/amd64',
    CI_RUNNER_VERSION: world.version,
    ...(isAtLeast(world, '19.3') ? traceVariables(facts, job) : {}),
  };
}

/** Of the environment a job deploys to. They win over everything else. */
export function environmentVariables({ environment }: Pick<Job, 'environment'>): Predefined {
  if (environment === undefined) return {};
  const { name, action, url, tier } = environment;
  return {
    CI_ENVIRONMENT_NAME: name,
    CI_ENVIRONMENT_SLUG: environmentSlugOf(name),
    CI_ENVIRONMENT_ACTION: action,
    CI_ENVIRONMENT_TIER: tier ?? tierOf(name),
    ...(url === undefined ? {} : { CI_ENVIRONMENT_URL: url }),
  };
}

/** A job's name without what `parallel` or a numbering adds, as GitLab groups jobs: `test 1/3` is `test`. */
function groupNameOf(name: string): string {
  const group = name.replace(/(([\b\s:]+((\[.*\])|(\d+[\s:/\\]+\d+)))|([\b\s:]+\d+))+\s*$/, '');
  return group === '' ? name : group;
}

/**
 * W3C's form: the trace is the number of the pipeline at the top of all, the span one of the job that is equal on
 * each asking. Source: docs.gitlab.com/ci/variables/predefined_variables
 */
function traceVariables({ world, pipeline }: PipelineFacts, { id }: Job): Predefined {
  const root = rootOf(world, pipeline).id;
  const span = createHash('sha256').update(`${root}:${id}`).digest('hex').slice(0, 16);
  return {
    CI_TRACEPARENT: `00-${root.toString(16).padStart(32, '0')}-${span}-01`,
    CI_TRACESTATE: `gitlab=pipeline:${pipeline.id};job:${id}`,
  };
}

function rootOf(world: World, pipeline: Pipeline): Pipeline {
  const job = pipeline.upstreamJobId === undefined ? undefined : world.jobs.get(pipeline.upstreamJobId);
  const upstream = job && world.pipelines.get(job.pipelineId);
  return upstream === undefined ? pipeline : rootOf(world, upstream);
}
