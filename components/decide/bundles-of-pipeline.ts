import { readArtifact, whyNoArtifact } from '../gitlab/endpoints/artifacts.ts';
import { type Job, listPipelineJobs } from '../gitlab/endpoints/jobs.ts';
import type { GitLab } from '../gitlab/types.ts';
import type { Clock } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import { largestBundle, parseBundle } from '../proposals/bundle.ts';
import { type FoundBundle, withoutTwins } from './found-bundle.ts';

/** Jobs of the component `run`: its prefix is also the folder of its files. */
const jobName = /^([a-z0-9][a-z0-9-]*)-run$/;
const mostJobs = 20;

/** Failures that are about one job's artifacts, whose author the others must not depend on. */
const ofOneJob = {
  GITLAB_FORBIDDEN:
    'the token may not read its artifacts; `access: all` at the component `run` opens those of a fork',
  GITLAB_TOO_LARGE: 'it is larger than a bundle may be',
} as const;

/**
 * Fetches the bundles of a pipeline's `run` jobs, of each the latest attempt that has ended, and hashes and parses those
 * bytes. A job that left none proposes nothing; one whose artifacts are gone is told.
 */
export async function readBundles(
  gitlab: GitLab,
  clock: Pick<Clock, 'now'>,
  { projectId: project, id: pipeline }: { readonly projectId: number; readonly id: number },
): Promise<readonly FoundBundle[]> {
  const found: FoundBundle[] = [];
  const jobs: Job[] = [];
  for await (const job of listPipelineJobs(gitlab, { project, pipeline })) if (isRun(job)) jobs.push(job);
  for (const job of jobs.sort((a, b) => a.id - b.id).slice(0, mostJobs)) {
    const prefix = jobName.exec(job.name)?.[1] ?? '';
    const artifact = `.pipewright/run/${prefix}/proposals.json`;
    const unreadable = (reason: string) =>
      found.push({ source: job.name, parsed: { ok: false, reasons: [reason], digest: '' } });
    try {
      const of = { project, job: job.id, artifact };
      const read = await readArtifact(gitlab, of, { maxBytes: largestBundle });
      const why = read === undefined ? whyNoArtifact(job, clock.now()) : undefined;
      if (read !== undefined) found.push({ source: job.name, parsed: parseBundle(read.bytes) });
      else if (why === 'expired' || why === 'erased') unreadable(`its artifacts are ${why}`);
    } catch (error) {
      if (!(error instanceof Failure) || !(error.code in ofOneJob)) throw error;
      unreadable(ofOneJob[error.code as keyof typeof ofOneJob]);
    }
  }
  return withoutTwins(found);
}

/** An agent that stops early (blocked, escalate) fails its job and proposes all the same. */
function isRun({ name, status }: Job): boolean {
  return jobName.test(name) && (status === 'success' || status === 'failed');
}
