import type { Context } from '../../kernel/context.ts';
import { type Download, downloadToFile, type FileFacts } from '../download.ts';
import { type Bytes, downloadBytes } from '../download-bytes.ts';
import type { GitLab, Timeouts } from '../types.ts';
import { defineEndpoint, type OfProject, unlessMissing } from './define.ts';
import { floor } from './facts.ts';
import type { Job, OfJob } from './jobs.ts';

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

export interface OfArtifact extends OfJob {
  /** Path in the archive. */
  readonly artifact: string;
}

/** How much is taken into memory. */
export interface ReadLimits {
  readonly maxBytes: number;
  readonly timeouts?: Partial<Timeouts>;
}

/** One small file out of a job's archive, in memory. */
export const fetchArtifact = defineEndpoint(
  {
    ...{ ...common, about: "Read one file of a job's artifacts" },
    path: '/projects/:project/jobs/:job/artifacts/*artifact',
  },
  (call, input: OfArtifact, limits: ReadLimits): Promise<Bytes> =>
    downloadBytes(call.gitlab, { ...limits, path: call.path(input) }),
);

/**
 * One small file out of a job's archive with the digest of its bytes; undefined where there is none, or none any more:
 * `whyNoArtifact` tells which. Throws GITLAB_TOO_LARGE, GITLAB_FORBIDDEN where `artifacts:access` shuts the token out,
 * and what requests throw.
 */
export function readArtifact(
  gitlab: GitLab,
  input: OfArtifact,
  limits: ReadLimits,
): Promise<Bytes | undefined> {
  return unlessMissing(fetchArtifact(gitlab, input, limits));
}

/**
 * Why a file of a job's artifacts cannot be read: the archive does not hold it (`not-in-archive`), they have expired or
 * were erased, or the job, as it stands, left no archive (`no-archive`).
 *
 * @param now - milliseconds since the epoch
 */
export function whyNoArtifact(
  { artifactsFile, artifactsExpireAt, erasedAt }: Job,
  now: number,
): 'not-in-archive' | 'erased' | 'expired' | 'no-archive' {
  if (artifactsFile !== undefined) return 'not-in-archive';
  if (erasedAt !== undefined) return 'erased';
  const isOver = artifactsExpireAt !== undefined && Date.parse(artifactsExpireAt) <= now;
  return isOver ? 'expired' : 'no-archive';
}

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
