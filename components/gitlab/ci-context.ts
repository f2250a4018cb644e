// The only file that names GitLab's predefined variables (test/architecture).
type Environment = Readonly<Record<string, string | undefined>>;

export interface MergeRequestContext {
  readonly iid: string;
  /** Where the merge request's own changes begin; absent before GitLab has computed the diff. */
  readonly diffBaseSha: string | undefined;
  /** Last commit of the source branch; the checkout is another one in merged results pipelines. */
  readonly headSha: string | undefined;
}

/** What the pipeline tells a job about itself. */
export interface CiContext {
  readonly mergeRequest: MergeRequestContext | undefined;
  /** Page of the job, for links to its artifacts. */
  readonly jobUrl: string | undefined;
  /** Number of the job among its parallel copies, from 1. */
  readonly nodeIndex: number | undefined;
}

/** Whether the process runs in a GitLab job. */
export function runsInGitLab(env: Environment): boolean {
  return env.GITLAB_CI === 'true';
}

/** Reads the job's context; outside a GitLab job it is empty, whatever the variables say. */
export function readCiContext(env: Environment): CiContext {
  if (!runsInGitLab(env)) return { mergeRequest: undefined, jobUrl: undefined, nodeIndex: undefined };
  const text = (name: string) => (env[name] === '' ? undefined : env[name]);
  const iid = text('CI_MERGE_REQUEST_IID');
  const index = Number(text('CI_NODE_INDEX'));
  const isMergeRequest = text('CI_PIPELINE_SOURCE') === 'merge_request_event' && iid !== undefined;
  return {
    mergeRequest: isMergeRequest
      ? {
          iid,
          diffBaseSha: commitId(text('CI_MERGE_REQUEST_DIFF_BASE_SHA')),
          headSha: commitId(text('CI_MERGE_REQUEST_SOURCE_BRANCH_SHA')),
        }
      : undefined,
    jobUrl: text('CI_JOB_URL'),
    nodeIndex: Number.isSafeInteger(index) && index > 0 ? index : undefined,
  };
}

// A variable becomes an argument of git: only a whole object name may (SHA-1 or SHA-256).
function commitId(text: string | undefined): string | undefined {
  return text !== undefined && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : undefined;
}
