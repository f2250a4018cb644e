import type { PipelineEvent } from '../types.ts';
import type { EventFacts } from './event.ts';

/**
 * The predefined variables of a pipeline, as GitLab sets them for its event. Those of a job (`CI_JOB_*`,
 * `CI_ENVIRONMENT_*`, `CI_NODE_*`, `CI_PROJECT_DIR`) come from the executor.
 * Source: docs.gitlab.com/ci/variables/predefined_variables
 */
export function pipelineVariables(event: PipelineEvent, facts: EventFacts): Record<string, string> {
  return {
    ...serverVariables(event),
    ...projectVariables(event),
    ...commitVariables(event, facts),
    ...(event.kind === 'merge-request' ? mergeRequestVariables(event, facts) : {}),
    ...(event.kind === 'schedule' ? { CI_PIPELINE_SCHEDULE_DESCRIPTION: 'pipewright local' } : {}),
  };
}

const noCommit = '0'.repeat(40);
const sources = {
  push: 'push',
  'merge-request': 'merge_request_event',
  schedule: 'schedule',
  manual: 'web',
} as const;

function serverVariables({ place: { server } }: PipelineEvent): Record<string, string> {
  const [host = server, port = '443'] = server.split(':');
  return {
    CI: 'true',
    GITLAB_CI: 'true',
    CI_SERVER: 'yes',
    CI_SERVER_NAME: 'GitLab',
    CI_SERVER_PROTOCOL: 'https',
    CI_SERVER_HOST: host,
    CI_SERVER_PORT: port,
    CI_SERVER_FQDN: server,
    CI_SERVER_URL: `https://${server}`,
    CI_API_V4_URL: `https://${server}/api/v4`,
    CI_API_GRAPHQL_URL: `https://${server}/api/graphql`,
    GITLAB_USER_ID: '1',
    GITLAB_USER_LOGIN: 'local',
    GITLAB_USER_NAME: 'Local User',
    GITLAB_USER_EMAIL: `local@${host}`,
  };
}

function projectVariables({ place, defaultBranch }: PipelineEvent): Record<string, string> {
  const url = `https://${place.server}/${place.path}`;
  const groups = place.path.split('/').slice(0, -1);
  return {
    CI_PROJECT_ID: '1',
    CI_PROJECT_PATH: place.path,
    CI_PROJECT_PATH_SLUG: slug(place.path),
    CI_PROJECT_NAME: place.path.split('/').at(-1) ?? '',
    CI_PROJECT_TITLE: place.path.split('/').at(-1) ?? '',
    CI_PROJECT_NAMESPACE: groups.join('/'),
    CI_PROJECT_ROOT_NAMESPACE: groups[0] ?? '',
    CI_PROJECT_URL: url,
    CI_PROJECT_VISIBILITY: 'private',
    CI_DEFAULT_BRANCH: defaultBranch,
    CI_PIPELINE_ID: '1',
    CI_PIPELINE_IID: '1',
    CI_PIPELINE_URL: `${url}/-/pipelines/1`,
  };
}

function commitVariables(event: PipelineEvent, facts: EventFacts): Record<string, string> {
  const branch = event.sourceBranch;
  const inMergeRequest = event.kind === 'merge-request';
  return {
    CI_PIPELINE_SOURCE: sources[event.kind],
    CI_PIPELINE_CREATED_AT: facts.createdAt,
    CI_COMMIT_SHA: facts.sha,
    CI_COMMIT_SHORT_SHA: facts.sha.slice(0, 8),
    CI_COMMIT_BEFORE_SHA: event.kind === 'push' ? (facts.compared ?? noCommit) : noCommit,
    CI_COMMIT_REF_NAME: branch,
    CI_COMMIT_REF_SLUG: slug(branch),
    CI_COMMIT_REF_PROTECTED: String(!inMergeRequest && branch === event.defaultBranch),
    CI_COMMIT_TITLE: facts.title,
    CI_COMMIT_MESSAGE: facts.title,
    CI_COMMIT_DESCRIPTION: '',
    CI_COMMIT_AUTHOR: facts.author,
    CI_COMMIT_TIMESTAMP: facts.timestamp,
    ...(inMergeRequest ? {} : { CI_COMMIT_BRANCH: branch }),
  };
}

/** Of a detached pipeline: the commits of the source branch alone, not of a merged result. */
function mergeRequestVariables(event: PipelineEvent, facts: EventFacts): Record<string, string> {
  const url = `https://${event.place.server}/${event.place.path}`;
  return {
    CI_MERGE_REQUEST_ID: '1',
    CI_MERGE_REQUEST_IID: '1',
    CI_MERGE_REQUEST_REF_PATH: 'refs/merge-requests/1/head',
    CI_MERGE_REQUEST_EVENT_TYPE: 'detached',
    CI_MERGE_REQUEST_TITLE: facts.title,
    CI_MERGE_REQUEST_DESCRIPTION: '',
    CI_MERGE_REQUEST_DRAFT: 'false',
    CI_MERGE_REQUEST_SQUASH_ON_MERGE: 'false',
    CI_MERGE_REQUEST_PROJECT_ID: '1',
    CI_MERGE_REQUEST_PROJECT_PATH: event.place.path,
    CI_MERGE_REQUEST_PROJECT_URL: url,
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '1',
    CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: event.place.path,
    CI_MERGE_REQUEST_SOURCE_PROJECT_URL: url,
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: event.sourceBranch,
    CI_MERGE_REQUEST_SOURCE_BRANCH_PROTECTED: 'false',
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: '',
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: event.targetBranch,
    CI_MERGE_REQUEST_TARGET_BRANCH_PROTECTED: String(event.targetBranch === event.defaultBranch),
    CI_MERGE_REQUEST_TARGET_BRANCH_SHA: '',
    CI_MERGE_REQUEST_DIFF_ID: '1',
    CI_MERGE_REQUEST_DIFF_BASE_SHA: facts.compared ?? '',
    CI_OPEN_MERGE_REQUESTS: `${event.place.path}!1`,
  };
}

/** GitLab's slug of a reference: lower case, at most 63 characters, no dash at its ends. */
export function slug(text: string): string {
  const dashed = text.toLowerCase().replace(/[^a-z0-9]/g, '-');
  return dashed.slice(0, 63).replace(/^-+|-+$/g, '');
}
