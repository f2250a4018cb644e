// The only file that names GitLab's predefined variables (test/architecture); docs.gitlab.com/ci/variables/predefined_variables.
// It imports nothing: every command reads it at its start. What needs more than the names is in ci-parts.ts.
export type Environment = Readonly<Record<string, string | undefined>>;

export interface MergeRequestContext {
  readonly iid: string;
  /** Where the merge request's own changes begin; absent before GitLab has computed the diff. */
  readonly diffBaseSha: string | undefined;
  /** Last commit of the source branch; the checkout is another one in merged results pipelines. */
  readonly headSha: string | undefined;
}

/** What the pipeline tells a job about itself, as far as it does. */
export interface CiContext {
  readonly mergeRequest: MergeRequestContext | undefined;
  /** Page of the job, for links to its artifacts. */
  readonly jobUrl: string | undefined;
  /** Number of the job among its parallel copies, from 1. */
  readonly nodeIndex: number | undefined;
}

/** A variable, and who sets it when: what a person needs to know where it is missing. */
export interface Variable {
  readonly name: string;
  readonly setBy: string;
}

const inJobs = (name: string): Variable => ({ name, setBy: 'GitLab sets it in every job' });
const inMergeRequests = (name: string): Variable => ({
  name,
  setBy: 'GitLab sets it in merge request pipelines, and in what they start',
});
const sometimes = (name: string, setBy: string): Variable => ({ name, setBy });

/** Variables that conditions of rules name, without the `$`. Source: docs.gitlab.com/ci/variables/predefined_variables */
export const inRules = {
  source: 'CI_PIPELINE_SOURCE',
  branch: 'CI_COMMIT_BRANCH',
  tag: 'CI_COMMIT_TAG',
  defaultBranch: 'CI_DEFAULT_BRANCH',
  openMergeRequests: 'CI_OPEN_MERGE_REQUESTS',
  /** What those of merge request pipelines begin with. */
  mergeRequest: 'CI_MERGE_REQUEST_',
} as const;

export const variables = {
  projectId: inJobs('CI_PROJECT_ID'),
  projectPath: inJobs('CI_PROJECT_PATH'),
  projectUrl: inJobs('CI_PROJECT_URL'),
  defaultBranch: inJobs('CI_DEFAULT_BRANCH'),
  refName: inJobs('CI_COMMIT_REF_NAME'),
  refProtected: inJobs('CI_COMMIT_REF_PROTECTED'),
  commitSha: inJobs('CI_COMMIT_SHA'),
  commitTag: sometimes('CI_COMMIT_TAG', 'GitLab sets it in pipelines of tags'),
  commitBranch: sometimes('CI_COMMIT_BRANCH', 'GitLab sets it in pipelines of branches'),
  mergeRequestIid: inMergeRequests('CI_MERGE_REQUEST_IID'),
  mergeRequestEvent: inMergeRequests('CI_MERGE_REQUEST_EVENT_TYPE'),
  mergeRequestDiffBase: sometimes(
    'CI_MERGE_REQUEST_DIFF_BASE_SHA',
    'GitLab sets it once it has computed the diff',
  ),
  mergeRequestTitle: inMergeRequests('CI_MERGE_REQUEST_TITLE'),
  mergeRequestDescription: sometimes(
    'CI_MERGE_REQUEST_DESCRIPTION',
    'GitLab sets it where there is a description',
  ),
  mergeRequestDescriptionCut: inMergeRequests('CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED'),
  mergeRequestLabels: sometimes('CI_MERGE_REQUEST_LABELS', 'GitLab sets it where there are labels'),
  mergeRequestDraft: inMergeRequests('CI_MERGE_REQUEST_DRAFT'),
  targetProjectId: inMergeRequests('CI_MERGE_REQUEST_PROJECT_ID'),
  targetProjectPath: inMergeRequests('CI_MERGE_REQUEST_PROJECT_PATH'),
  targetBranch: inMergeRequests('CI_MERGE_REQUEST_TARGET_BRANCH_NAME'),
  sourceProjectId: inMergeRequests('CI_MERGE_REQUEST_SOURCE_PROJECT_ID'),
  sourceProjectPath: inMergeRequests('CI_MERGE_REQUEST_SOURCE_PROJECT_PATH'),
  sourceBranch: inMergeRequests('CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'),
  sourceSha: sometimes(
    'CI_MERGE_REQUEST_SOURCE_BRANCH_SHA',
    'GitLab sets it in pipelines of merged results and of merge trains',
  ),
  targetSha: sometimes(
    'CI_MERGE_REQUEST_TARGET_BRANCH_SHA',
    'GitLab sets it in pipelines of merged results and of merge trains',
  ),
  pipelineId: inJobs('CI_PIPELINE_ID'),
  pipelineIid: inJobs('CI_PIPELINE_IID'),
  pipelineSource: inJobs('CI_PIPELINE_SOURCE'),
  pipelineUrl: inJobs('CI_PIPELINE_URL'),
  upstreamPipelineId: sometimes(
    'CI_UPSTREAM_PIPELINE_ID',
    'GitLab sets it from 18.9 in pipelines started by one',
  ),
  upstreamProjectId: sometimes(
    'CI_UPSTREAM_PROJECT_ID',
    'GitLab sets it from 18.9 in pipelines started by one',
  ),
  jobId: inJobs('CI_JOB_ID'),
  jobName: inJobs('CI_JOB_NAME'),
  jobUrl: inJobs('CI_JOB_URL'),
  jobStage: inJobs('CI_JOB_STAGE'),
  jobStartedAt: inJobs('CI_JOB_STARTED_AT'),
  jobTimeout: inJobs('CI_JOB_TIMEOUT'),
  jobManual: sometimes('CI_JOB_MANUAL', 'GitLab sets it in jobs that a person has started'),
  jobToken: inJobs('CI_JOB_TOKEN'),
  nodeIndex: sometimes('CI_NODE_INDEX', 'GitLab sets it in jobs with `parallel`'),
  nodeTotal: inJobs('CI_NODE_TOTAL'),
  environmentName: sometimes('CI_ENVIRONMENT_NAME', 'GitLab sets it in jobs with `environment`'),
  environmentUrl: sometimes('CI_ENVIRONMENT_URL', 'GitLab sets it in jobs with `environment: url`'),
  environmentTier: sometimes('CI_ENVIRONMENT_TIER', 'GitLab sets it in jobs with `environment`'),
  serverUrl: inJobs('CI_SERVER_URL'),
  serverVersion: inJobs('CI_SERVER_VERSION'),
  apiUrl: inJobs('CI_API_V4_URL'),
  serverCaFile: sometimes('CI_SERVER_TLS_CA_FILE', 'the runner sets it where it has `tls-ca-file`'),
  traceParent: sometimes('CI_TRACEPARENT', 'newer versions of GitLab set it'),
  traceState: sometimes('CI_TRACESTATE', 'newer versions of GitLab set it'),
  userId: inJobs('GITLAB_USER_ID'),
  userLogin: inJobs('GITLAB_USER_LOGIN'),
  userName: sometimes('GITLAB_USER_NAME', 'GitLab sets it in every job'),
} as const satisfies Record<string, Variable>;

/** Whether the process runs in a GitLab job. */
export function runsInGitLab(env: Environment): boolean {
  return env.GITLAB_CI === 'true';
}

/** Whether the job is of a merge train, whose pipelines only check once more what is about to be merged. */
export function isInTrain(env: Environment): boolean {
  return runsInGitLab(env) && env[variables.mergeRequestEvent.name] === 'merge_train';
}

/** Whether a person has started this very job, which was waiting for it. */
export function wasStartedByPerson(env: Environment): boolean {
  return runsInGitLab(env) && env[variables.jobManual.name] === 'true';
}

/** The file of authorities the runner trusts GitLab by, with the variable that names it. */
export function serverCertificates(env: Environment): { variable: string; file: string | undefined } {
  const variable = variables.serverCaFile.name;
  return { variable, file: env[variable] };
}

/** Reads what a job can do without; outside a GitLab job it is empty, whatever the variables say. */
export function readCiContext(env: Environment): CiContext {
  if (!runsInGitLab(env)) return { mergeRequest: undefined, jobUrl: undefined, nodeIndex: undefined };
  const text = ({ name }: Variable) => (env[name] === '' ? undefined : env[name]);
  const iid = text(variables.mergeRequestIid);
  const index = Number(text(variables.nodeIndex));
  const isMergeRequest = text(variables.pipelineSource) === 'merge_request_event' && iid !== undefined;
  return {
    mergeRequest: isMergeRequest
      ? {
          iid,
          diffBaseSha: commitId(text(variables.mergeRequestDiffBase)),
          headSha: commitId(text(variables.sourceSha)),
        }
      : undefined,
    jobUrl: text(variables.jobUrl),
    nodeIndex: Number.isSafeInteger(index) && index > 0 ? index : undefined,
  };
}

/** A variable becomes an argument of git: only a whole object name may (SHA-1 or SHA-256). */
export function commitId(text: string | undefined): string | undefined {
  return text !== undefined && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : undefined;
}
