import type { Evaluator } from '../expressions/types.ts';
import { digest, type JsonValue } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { listed } from '../kernel/suggest.ts';
import type { ProposalDesk } from '../proposals/types.ts';
import type { Sandbox } from '../sandbox/types.ts';
import type { SessionLog } from '../stores/types.ts';
import type { SourceLabel } from '../tools/types.ts';
import { type Chronicle, openChronicle } from './chronicle.ts';
import { startWatch, type TimeLimits, type Watch } from './deadline.ts';
import { planCommand } from './entrypoint.ts';
import { errors } from './errors.ts';
import type { TaskEnded } from './records.ts';
import { showErrors } from './show-errors.ts';
import { assertResumable, nothingYet } from './steps.ts';
import { type Attempted, firstBroken, judgeOutput, taskLimits } from './task-output.ts';
import { type TaskState, taskReplay } from './task-state.ts';
import type { SessionManifest, SessionTarget, StepGate, TaskManifest } from './types.ts';

/** Milliseconds between attempts. */
const waits = [1_000, 2_000];

export interface TaskRun {
  readonly source: SessionManifest;
  /** Whether a session goes on under a manifest that was changed since. */
  readonly acceptsChanges: boolean;
  readonly target: SessionTarget;
  readonly manifest: TaskManifest;
  /** What the script reads, and the file it is from; without a file it is given an empty mapping. */
  readonly input: { readonly file: string | undefined; readonly value: JsonValue };
  readonly desk: ProposalDesk;
  readonly sandbox: Sandbox;
  /** Folder of the repository's files, absolute. */
  readonly root: string;
  readonly log: SessionLog;
  readonly session: string;
  /** What policies say to its steps. */
  readonly gate: StepGate;
  /** Of the environment `condition`. */
  readonly conditions: Evaluator;
  readonly deadline: TimeLimits['deadline'];
  /** Told of each attempt that came to nothing, once that is durable. */
  readonly onFailed: (attempt: number, reason: string) => void;
}

export interface TaskEnd extends TaskEnded {
  /** Digest of the manifest the session began with, where it is under another now. */
  readonly began: string | undefined;
}

/**
 * Runs a task's script in the sandbox: at most three times where the manifest says `retry`, else once. A task that is
 * complete is not run again. Whether a transactional one, once begun, may be, only a person can know.
 * @throws SESSION_INPUT_INVALID, SESSION_ENTRYPOINT, what a resumed session must not have changed, and what sandbox and
 *   store throw
 */
export async function runTask(context: Context, run: TaskRun): Promise<TaskEnd> {
  const { manifest, input, session, acceptsChanges } = run;
  const issues = manifest.checkInput(input.value);
  if (issues.length > 0)
    throw errors.INPUT_INVALID({ file: input.file ?? '(none given)', reason: listed(issues, 10) });
  const command = await planCommand(context, run.root, manifest.entrypoint);
  const begun = { kind: manifest.kind, name: manifest.name, manifest: run.source, target: run.target };
  const chronicle = await openChronicle(
    run.log,
    {
      ...{ session, acceptsChanges, redact: context.redact, ...begun, input: digest(input.value) },
      onResume: ({ ended }) => {
        if (ended?.outcome !== 'complete') assertResumable(run.gate, session, nothingYet);
      },
    },
    taskReplay,
  );
  const watch = startWatch(context, { timeoutSeconds: undefined, deadline: run.deadline });
  const before = chronicle.state();
  const { began } = before;
  if (before.ended !== undefined && !mayRunAgain(manifest, before)) return { ...before.ended, began };
  const end = await attempts(context, run, { chronicle, command, watch });
  await chronicle.append('task-ended', end);
  return { ...end, began };
}

function mayRunAgain(manifest: TaskManifest, state: TaskState): boolean {
  return state.ended?.outcome !== 'complete' && (!isTransactional(manifest, state) || state.attempts === 0);
}

/** A task that was begun as a transactional one stays one: what was done then is as unknown under another manifest. */
function isTransactional({ type }: TaskManifest, { isBound }: TaskState): boolean {
  return type === 'transactional' || isBound;
}

interface Parts {
  readonly chronicle: Chronicle<TaskState>;
  readonly command: readonly [string, ...string[]];
  readonly watch: Watch;
}

async function attempts(context: Context, run: TaskRun, parts: Parts): Promise<TaskEnded> {
  const { manifest } = run;
  const { chronicle, watch } = parts;
  const sources = sourcesOf(run);
  const ended = (rest: Omit<TaskEnded, 'attempts' | 'elapsed' | 'sources' | 'proposals'>): TaskEnded => ({
    ...{ proposals: [], sources, attempts: chronicle.state().attempts },
    elapsed: Math.round(chronicle.state().elapsed + watch.elapsed()),
    ...rest,
  });
  const before = chronicle.state();
  if (before.attempts > 0 && isTransactional(manifest, before)) {
    const how = before.isOpen ? 'was cut off' : 'failed, and its job was cut off';
    return ended({
      outcome: 'blocked',
      reason: `it ${how}, and what a transactional task has done is unknown`,
    });
  }
  const facts = { input: run.input.value as object };
  const first = chronicle.state().attempts + 1;
  const unready = firstBroken(manifest.preconditions, run.conditions, { ...facts, attempt: first });
  if (unready !== undefined)
    return ended({ outcome: 'blocked', reason: context.redact(`precondition: ${unready}`) });
  const most = manifest.onError === 'retry' ? waits.length + 1 : 1;
  let reason = '';
  for (let made = 0; made < most; made += 1) {
    if (made > 0) await context.clock.sleep(waits[made - 1] ?? 0);
    const over = watch.isOver();
    if (over !== undefined) return ended(over);
    const done = await attempt(context, run, parts, first + made);
    if (done.ok)
      return {
        ...ended({ outcome: 'complete', reason: 'the script did its work', output: done.output }),
        proposals: done.proposals,
      };
    reason = done.reason;
    if (watch.isOver() !== undefined && manifest.type !== 'transactional')
      return ended({ outcome: 'continue', reason: `the job is about to end; ${reason}` });
  }
  return manifest.onError === 'ignore'
    ? ended({ outcome: 'complete', reason: `its errors are ignored: ${reason}`, error: reason })
    : ended({ outcome: 'failed', reason });
}

async function attempt(
  context: Context,
  run: TaskRun,
  { chronicle, command, watch }: Parts,
  number: number,
): Promise<Attempted> {
  const { manifest, sandbox, input } = run;
  context.cancel.throwIfAborted();
  await chronicle.append('task-started', { attempt: number });
  const timeout = Math.min(manifest.timeoutSeconds * 1_000, watch.left());
  const result = await sandbox.run({
    ...{ root: run.root, command, env: {}, input: `${JSON.stringify(input.value)}\n` },
    limits: { ...taskLimits, timeout },
  });
  await showErrors(context, result.stderr, { of: 'script', prefix: '  ' });
  const facts = { input: input.value as object, attempt: number };
  const done = judgeOutput({ ...run, redact: context.redact }, result, facts);
  if (!done.ok) {
    await chronicle.append('task-failed', { attempt: number, reason: done.reason });
    run.onFailed(number, done.reason);
  }
  return done;
}

/** A script may read all that is shown to it; in a merge request that is what its author wrote. */
function sourcesOf({ target, input }: TaskRun): readonly SourceLabel[] {
  return [
    ...(target.mergeRequest === undefined ? [] : (['merge-request-diff'] as const)),
    'repository',
    ...(input.file === undefined ? [] : (['task-input'] as const)),
  ];
}
