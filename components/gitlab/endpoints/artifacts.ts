import type { Context } from '../../kernel/context.ts';
import { type Download, downloadToFile, type FileFacts } from '../download.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import type { OfJob } from './jobs.ts';

const common = {
  method: 'GET',
  jobToken: { tier: 'premium' },
  tier: 'free',
  since: floor,
  role: 'guest',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/job_artifacts',
} as const;

type Io = Pick<Context, 'cwd' | 'fs'>;

/** Where a download goes, and how much of it is taken. */
export type Target = Omit<Download, 'path' | 'query'>;

/** The job of this name in the last successful pipeline of a branch or tag. */
export interface OfLatest extends OfProject {
  readonly ref: string;
  readonly job: string;
}

/** The archive of one job (zip). */
export const downloadArtifacts = defineEndpoint(
  { ...common, about: "Download a job's artifacts", path: '/projects/:project/jobs/:job/artifacts' },
  (call, context: Io, input: OfJob, target: Target): Promise<FileFacts> =>
    downloadToFile(context, call.gitlab, { ...target, path: call.path(input) }),
);

/** One file out of a job's archive. */
export const downloadArtifact = defineEndpoint(
  {
    ...{ ...common, about: "Download one file of a job's artifacts" },
    path: '/projects/:project/jobs/:job/artifacts/*artifact',
  },
  (call, context: Io, input: OfJob & { readonly artifact: string }, target: Target): Promise<FileFacts> =>
    downloadToFile(context, call.gitlab, { ...target, path: call.path(input) }),
);

/** With `searchRecent` older successful pipelines count too, where the last has no such job; older GitLabs ignore it. */
export const downloadLatestArtifacts = defineEndpoint(
  {
    ...{ ...common, about: 'Download the artifacts of the last successful pipeline of a branch or tag' },
    path: '/projects/:project/jobs/artifacts/:ref/download',
  },
  (
    call,
    context: Io,
    input: OfLatest & { readonly searchRecent?: boolean },
    target: Target,
  ): Promise<FileFacts> => {
    const query = { job: input.job, search_recent_successful_pipelines: input.searchRecent };
    return downloadToFile(context, call.gitlab, { ...target, path: call.path(input), query });
  },
);

export const downloadLatestArtifact = defineEndpoint(
  {
    ...{ ...common, about: 'Download one file of the artifacts of the last successful pipeline' },
    path: '/projects/:project/jobs/artifacts/:ref/raw/*artifact',
  },
  (call, context: Io, input: OfLatest & { readonly artifact: string }, target: Target): Promise<FileFacts> =>
    downloadToFile(context, call.gitlab, { ...target, path: call.path(input), query: { job: input.job } }),
);
