import type { JobOutcome } from '../types.ts';

/** A job of the pipeline as the rules of this event leave it; matrix and parallel jobs one by one. */
export interface PlannedJob {
  readonly name: string;
  /** Its key in the configuration, which `needs` name. */
  readonly key: string;
  readonly stage: string;
  readonly when: string;
  readonly allowFailure: boolean | readonly number[];
  /** Keys it needs; undefined when it waits for the stages before its own. */
  readonly needs: readonly { readonly key: string; readonly optional: boolean }[] | undefined;
  readonly trigger: boolean;
}

export interface Settled {
  readonly outcome: JobOutcome;
  readonly reason?: string;
}

export interface Turn {
  /** Jobs whose turn it is. */
  readonly start: readonly PlannedJob[];
  /** Jobs that are decided without running. */
  readonly settled: ReadonlyMap<string, Settled>;
}

/**
 * Says which jobs are next, once `done` have ended: GitLab's order of stages and needs, with a job after a blocking
 * manual one left waiting. Called again until nothing is to start.
 *
 * @param chosen - the manual job that somebody plays
 */
export function nextTurn(
  jobs: readonly PlannedJob[],
  stages: readonly string[],
  done: ReadonlyMap<string, Settled>,
  chosen: string | undefined,
): Turn {
  const settled = new Map(done);
  const start: PlannedJob[] = [];
  for (const job of inOrder(jobs, stages)) {
    if (settled.has(job.name)) continue;
    const before = predecessors(job, jobs, stages);
    if (before.some(({ name }) => !settled.has(name))) continue;
    const decision = decide(job, before, settled, chosen);
    if (decision === 'start') start.push(job);
    else settled.set(job.name, decision);
  }
  return { start, settled };
}

function inOrder(jobs: readonly PlannedJob[], stages: readonly string[]): readonly PlannedJob[] {
  return jobs.toSorted((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
}

/** The jobs one waits for: those it needs, else all of earlier stages. */
function predecessors(
  job: PlannedJob,
  jobs: readonly PlannedJob[],
  stages: readonly string[],
): readonly PlannedJob[] {
  const { needs } = job;
  if (needs === undefined) {
    return jobs.filter((other) => stages.indexOf(other.stage) < stages.indexOf(job.stage));
  }
  return jobs.filter((other) => other.name !== job.name && needs.some(({ key }) => key === other.key));
}

function decide(
  job: PlannedJob,
  before: readonly PlannedJob[],
  settled: ReadonlyMap<string, Settled>,
  chosen: string | undefined,
): 'start' | Settled {
  const by = (...outcomes: JobOutcome[]) =>
    before.find(({ name }) => outcomes.includes(settled.get(name)?.outcome ?? 'success'));
  const waited = before.find((other) => waits(other, job, settled));
  if (waited !== undefined) return { outcome: 'skipped', reason: `waits for the manual job ${waited.name}` };
  const failed = by('failed');
  if (job.when === 'on_failure') {
    return failed === undefined ? { outcome: 'skipped', reason: 'no job before it failed' } : startable(job);
  }
  if (failed !== undefined && job.when !== 'always') {
    return { outcome: 'skipped', reason: `${failed.name} failed` };
  }
  const skipped = job.needs === undefined || job.when === 'always' ? undefined : by('skipped');
  if (skipped !== undefined) return { outcome: 'skipped', reason: `${skipped.name} did not run` };
  return job.when === 'manual' && job.name !== chosen ? { outcome: 'manual' } : startable(job);
}

function startable(job: PlannedJob): 'start' | Settled {
  return job.trigger ? { outcome: 'skipped', reason: 'it triggers a downstream pipeline' } : 'start';
}

/** Whether `job` waits for a manual one nobody played: a need always, in stages where it must not fail. */
function waits(other: PlannedJob, job: PlannedJob, settled: ReadonlyMap<string, Settled>): boolean {
  const { outcome, reason } = settled.get(other.name) ?? {};
  if (outcome === 'manual') return job.needs !== undefined || isBlocking(other);
  return outcome === 'skipped' && reason?.startsWith('waits for') === true;
}

/** Whether a manual job stops the pipeline until it is played. */
export function isBlocking(job: PlannedJob): boolean {
  return job.when === 'manual' && job.allowFailure === false;
}

/** Whether a job that ended with this code lets the pipeline go on. */
export function isAllowed(job: PlannedJob, exitCode: number): boolean {
  return typeof job.allowFailure === 'boolean' ? job.allowFailure : job.allowFailure.includes(exitCode);
}

/** The chosen job with everything it waits for, directly or not. */
export function closure(
  chosen: PlannedJob,
  jobs: readonly PlannedJob[],
  stages: readonly string[],
): ReadonlySet<string> {
  const names = new Set<string>();
  const open = [chosen];
  for (let job = open.pop(); job !== undefined; job = open.pop()) {
    if (names.has(job.name)) continue;
    names.add(job.name);
    open.push(...predecessors(job, jobs, stages));
  }
  return names;
}
