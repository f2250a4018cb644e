import { readCiContext, runsInGitLab } from '../../components/gitlab/ci-context.ts';
import { readMergeRequestFacts } from '../../components/gitlab/ci-merge-request.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import { connectionOfJob } from '../../components/gitlab/ci-tokens.ts';
import { unlessMissing } from '../../components/gitlab/endpoints/define.ts';
import type { MergeRequest } from '../../components/gitlab/endpoints/merge-request.ts';
import type { GitLab } from '../../components/gitlab/types.ts';
import type { Context } from '../../components/kernel/context.ts';
import type {
  JobFacts,
  JobLogsReader,
  JobsReader,
  MergeRequestFacts,
  RepositoryReader,
  ToolPlace,
} from '../../components/tools/types.ts';

/** Of one pipeline that are listed. */
const mostJobs = 1_000;

/** What tools find in a job of the project's own pipeline, or at a terminal: what the job itself is told, and its own token. */
export function toolsOfCheckout(context: Context, repository: RepositoryReader): ToolPlace {
  const isJob = runsInGitLab(context.env);
  const isMergeRequest = readCiContext(context.env).mergeRequest !== undefined;
  const facts = () => readMergeRequestFacts(context.env, requireCi(context, 'mergeRequest').mergeRequest);
  return {
    surroundings: {
      repository,
      ...(isMergeRequest ? { mergeRequest: async () => facts() } : {}),
      ...(isJob ? { jobs: jobsOfOwnPipeline(context) } : {}),
    },
    missing: {
      ...(isMergeRequest ? {} : { mergeRequest: 'this is no pipeline of a merge request' }),
      ...(isJob ? {} : { jobs: 'this is no job of GitLab' }),
      // docs.gitlab.com/ci/jobs/ci_job_token/: it lists jobs, and reads no log.
      jobLogs: isJob
        ? "a job's token may not read logs; in the trusted project the service account's may"
        : 'this is no job of GitLab',
    },
  };
}

function jobsOfOwnPipeline(context: Context): JobsReader {
  return {
    list: async () => {
      const { project, pipeline } = requireCi(context, 'project', 'pipeline');
      const connect = (await import('../../components/gitlab/client.ts')).createGitLab;
      const gitlab = connect(context, connectionOfJob(context));
      return listJobs(gitlab, project.id, pipeline.id);
    },
  };
}

/** What tools find in the trusted project: all that the service account may read of the merge request and its pipeline. */
export function toolsOfMergeRequest(
  gitlab: GitLab,
  mergeRequest: MergeRequest,
  repository: RepositoryReader,
): ToolPlace {
  const { headPipeline } = mergeRequest;
  const noPipeline = 'the merge request has no pipeline yet';
  const jobLogs = headPipeline && logsOf(gitlab, headPipeline.projectId, headPipeline.id);
  return {
    surroundings: {
      repository,
      mergeRequest: async () => factsOf(mergeRequest),
      ...(jobLogs === undefined ? {} : { jobs: jobLogs, jobLogs }),
    },
    missing: jobLogs === undefined ? { jobs: noPipeline, jobLogs: noPipeline } : {},
  };
}

function factsOf({ author, ...facts }: MergeRequest): MergeRequestFacts {
  const { iid, title, description, labels, sourceBranch, targetBranch, state, draft } = facts;
  return {
    ...{ iid, title, description, isCut: false, labels, author: author.username },
    ...{ sourceBranch, targetBranch, state, draft },
  };
}

function logsOf(gitlab: GitLab, project: number, pipeline: number): JobLogsReader {
  return {
    list: () => listJobs(gitlab, project, pipeline),
    read: async (job) => {
      const read = (await import('../../components/gitlab/endpoints/jobs.ts')).readTrace;
      return unlessMissing(read(gitlab, { project, job }));
    },
  };
}

async function listJobs(gitlab: GitLab, project: number, pipeline: number) {
  const list = (await import('../../components/gitlab/endpoints/jobs.ts')).listPipelineJobs;
  const jobs: JobFacts[] = [];
  for await (const job of list(gitlab, { project, pipeline })) {
    jobs.push(job);
    if (jobs.length === mostJobs) break;
  }
  return jobs;
}
