import { type Considered, predecessors } from './decide.ts';

/**
 * Why a job did not run or does not yet, for people: `waits for the manual job deploy`, `build failed`. Undefined for
 * jobs that run, ran or wait for nothing but somebody to play them.
 */
export function reasonOf<J extends Considered>(
  job: J,
  jobs: readonly J[],
  stages: readonly string[],
): string | undefined {
  const before = predecessors(job, jobs, stages);
  if (job.status === 'created') return reasonOfWaiting(before, jobs, stages);
  if (job.status !== 'skipped') return undefined;
  const manual = before.find((other) => other.status === 'manual' && job.needs !== undefined);
  if (manual !== undefined) return `waits for the manual job ${manual.name}`;
  if (job.when === 'on_failure') return 'no job before it failed';
  const failed = before.find(({ status, allowFailure }) => status === 'failed' && !allowFailure);
  if (failed !== undefined) return `${failed.name} failed`;
  const canceled = before.find(({ status, allowFailure }) => status === 'canceled' && !allowFailure);
  if (canceled !== undefined) return `${canceled.name} was canceled`;
  const skipped = before.find(({ status }) => status === 'skipped');
  return skipped === undefined ? undefined : `${skipped.name} did not run`;
}

const ended: readonly string[] = ['success', 'failed', 'canceled', 'skipped'];

/** What stops it in the end: behind a job that waits itself stands the one that is waited for. */
function reasonOfWaiting<J extends Considered>(
  before: readonly J[],
  jobs: readonly J[],
  stages: readonly string[],
  seen: ReadonlySet<J> = new Set(),
): string | undefined {
  const open = before.filter(({ status }) => !ended.includes(status));
  const manual = open.find(({ status, allowFailure }) => status === 'manual' && !allowFailure);
  if (manual !== undefined) return `waits for the manual job ${manual.name}`;
  const active = open.find(({ status }) => status !== 'created' && status !== 'manual');
  if (active !== undefined) return `waits for ${active.name}`;
  for (const other of open) {
    if (seen.has(other)) continue;
    const reason = reasonOfWaiting(
      predecessors(other, jobs, stages),
      jobs,
      stages,
      new Set([...seen, ...open]),
    );
    if (reason !== undefined) return reason;
  }
  return undefined;
}
