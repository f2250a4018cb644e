import { isAtLeast } from '../world/world.ts';
import type { PipelineFacts } from './facts.ts';
import { slugOf } from './names.ts';
import { mergeRequestVariables } from './predefined-merge-request.ts';

export type Predefined = Readonly<Record<string, string>>;

/**
 * The predefined variables of a pipeline that are known before it is created: for includes, `workflow` and rules.
 * Source: docs.gitlab.com/ci/variables/predefined_variables
 */
export function pipelineVariables(facts: PipelineFacts): Predefined {
  const { pipeline, scheduleDescription, openMergeRequests } = facts;
  return {
    ...serverVariables(facts),
    ...projectVariables(facts),
    CI_PIPELINE_IID: String(pipeline.iid),
    CI_PIPELINE_SOURCE: pipeline.source,
    CI_PIPELINE_CREATED_AT: seconds(pipeline.createdAt),
    ...(pipeline.name === undefined ? {} : { CI_PIPELINE_NAME: pipeline.name }),
    ...(pipeline.source === 'trigger' ? { CI_PIPELINE_TRIGGERED: 'true' } : {}),
    ...(scheduleDescription === undefined ? {} : { CI_PIPELINE_SCHEDULE_DESCRIPTION: scheduleDescription }),
    ...commitVariables(facts),
    ...(facts.mergeRequest === undefined
      ? {}
      : mergeRequestVariables(facts.world, facts.mergeRequest, pipeline)),
    ...upstreamVariables(facts),
    ...(openMergeRequests.length === 0 ? {} : { CI_OPEN_MERGE_REQUESTS: openMergeRequests.join(',') }),
  };
}

/** Where it was triggered from; since 18.9. */
function upstreamVariables({ world, pipeline }: PipelineFacts): Predefined {
  const job = pipeline.upstreamJobId === undefined ? undefined : world.jobs.get(pipeline.upstreamJobId);
  if (job === undefined || !isAtLeast(world, '18.9')) return {};
  return {
    CI_UPSTREAM_PIPELINE_ID: String(job.pipelineId),
    CI_UPSTREAM_PROJECT_ID: String(job.projectId),
    CI_UPSTREAM_JOB_ID: String(job.id),
  };
}

/** Those that exist once the pipeline does; rules do not see them. */
export function persistedVariables({ world, project, pipeline }: PipelineFacts): Predefined {
  return {
    CI_PIPELINE_ID: String(pipeline.id),
    CI_PIPELINE_URL: `${world.url}/${project.path}/-/pipelines/${pipeline.id}`,
  };
}

/** Of the user; the configuration cannot change these. */
export function userVariables({ user }: PipelineFacts): Predefined {
  if (user === undefined) return {};
  return {
    GITLAB_USER_ID: String(user.id),
    GITLAB_USER_EMAIL: user.email,
    GITLAB_USER_LOGIN: user.username,
    GITLAB_USER_NAME: user.name,
  };
}

/** Host and port of the server as `CI_SERVER_FQDN` writes them: the port only where it is not the usual one. */
export function serverFqdn(url: string): string {
  return new URL(url).host;
}

function serverVariables({ world }: PipelineFacts): Predefined {
  const { protocol, hostname, port } = new URL(world.url);
  const [major = '', minor = '', patch = ''] = world.version.split('.');
  return {
    CI: 'true',
    GITLAB_CI: 'true',
    GITLAB_FEATURES: '',
    CI_SERVER: 'yes',
    CI_SERVER_NAME: 'GitLab',
    CI_SERVER_VERSION: world.version,
    CI_SERVER_VERSION_MAJOR: major,
    CI_SERVER_VERSION_MINOR: minor,
    CI_SERVER_VERSION_PATCH: patch,
    CI_SERVER_REVISION: '0000000',
    CI_SERVER_PROTOCOL: protocol.slice(0, -1),
    CI_SERVER_HOST: hostname,
    CI_SERVER_PORT: port === '' ? (usualPorts[protocol] ?? '') : port,
    CI_SERVER_FQDN: serverFqdn(world.url),
    CI_SERVER_URL: world.url,
    CI_API_V4_URL: `${world.url}/api/v4`,
    CI_API_GRAPHQL_URL: `${world.url}/api/graphql`,
    CI_TEMPLATE_REGISTRY_HOST: 'registry.gitlab.com',
  };
}

const usualPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

function projectVariables({ world, project }: PipelineFacts): Predefined {
  const groups = project.path.split('/').slice(0, -1);
  return {
    CI_PROJECT_ID: String(project.id),
    CI_PROJECT_NAME: project.path.split('/').at(-1) ?? '',
    CI_PROJECT_TITLE: project.name,
    CI_PROJECT_DESCRIPTION: project.description,
    CI_PROJECT_TOPICS: '',
    CI_PROJECT_PATH: project.path,
    CI_PROJECT_PATH_SLUG: slugOf(project.path),
    CI_PROJECT_NAMESPACE: groups.join('/'),
    CI_PROJECT_NAMESPACE_SLUG: slugOf(groups.join('/')),
    CI_PROJECT_ROOT_NAMESPACE: groups[0] ?? '',
    CI_PROJECT_URL: `${world.url}/${project.path}`,
    CI_PROJECT_VISIBILITY: project.visibility,
    CI_PROJECT_REPOSITORY_LANGUAGES: '',
    CI_PROJECT_CLASSIFICATION_LABEL: '',
    CI_DEFAULT_BRANCH: project.defaultBranch ?? '',
    CI_DEFAULT_BRANCH_SLUG: slugOf(project.defaultBranch ?? ''),
    CI_CONFIG_PATH: project.settings.ci_config_path,
  };
}

function commitVariables({ pipeline, commit, mergeRequest, tagMessage }: PipelineFacts): Predefined {
  const { sha, ref, tag } = pipeline;
  const name = mergeRequest?.mergeRequest.sourceBranch ?? ref;
  const message = commit?.message ?? '';
  const title = commit?.title ?? '';
  return {
    CI_COMMIT_SHA: sha,
    CI_COMMIT_SHORT_SHA: sha.slice(0, 8),
    CI_COMMIT_BEFORE_SHA: pipeline.beforeSha,
    CI_COMMIT_REF_NAME: name,
    CI_COMMIT_REF_SLUG: slugOf(name),
    CI_COMMIT_REF_PROTECTED: String(pipeline.protectedRef),
    CI_COMMIT_MESSAGE: message,
    CI_COMMIT_TITLE: title,
    CI_COMMIT_DESCRIPTION: message.slice(title.length).replace(/^\n+/, ''),
    CI_COMMIT_AUTHOR: commit === undefined ? '' : `${commit.authorName} <${commit.authorEmail}>`,
    CI_COMMIT_TIMESTAMP: commit?.committedAt ?? '',
    ...(tag ? { CI_COMMIT_TAG: ref, CI_COMMIT_TAG_MESSAGE: tagMessage ?? '' } : {}),
    ...(!tag && mergeRequest === undefined ? { CI_COMMIT_BRANCH: ref } : {}),
  };
}

/** `2026-11-21T03:31:16Z` */
export function seconds(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
