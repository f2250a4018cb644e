import { randomUUID } from 'node:crypto';
import type { Context } from '../../components/kernel/context.ts';
import { errors as sandboxErrors } from '../../components/sandbox/errors.ts';
import type { Rung } from '../../components/sandbox/types.ts';
import { errors } from '../../components/session/errors.ts';
import type { SessionEnd } from '../../components/session/result.ts';
import type { SessionStore } from '../../components/stores/types.ts';
import { parseHead, renderHead } from './head.ts';
import { openDesk } from './run-desk.ts';
import { sourceOf } from './run-manifest.ts';
import type { RunPlace } from './run-place.ts';
import { printStart } from './run-print.ts';
import { prepareAgent } from './session-of-agent.ts';
import { prepareTask } from './session-of-task.ts';
import type { Runnable, SessionInputs, SessionParts, Start } from './session-start.ts';
import { chooseStoreOf, openStore } from './session-store.ts';

export interface RanSession {
  readonly id: string;
  readonly epoch: number;
  /** Of its log; whoever goes on can hold the log against it. */
  readonly head: string;
  readonly rung: Rung;
  readonly store: SessionStore;
  readonly end: SessionEnd;
}

/** Begins a session or goes on with one, and runs it to the end of this job's share. An empty input counts as not given. */
export async function runSession(
  context: Context,
  place: RunPlace,
  runnable: Runnable,
  { gate, sandbox, keep }: SessionParts,
  inputs: SessionInputs,
): Promise<RanSession> {
  const { rung, reason = '' } = await sandbox.state();
  const { manifest } = runnable;
  // What is a program of the repository through and through runs shut in or not at all.
  const isProgram = manifest.kind === 'Task' || runnable.loop !== undefined;
  if (isProgram && inputs.sandbox === 'off') throw sandboxErrors.OFF(undefined);
  if (isProgram && rung === 'none') throw sandboxErrors.UNAVAILABLE({ reason });
  if (manifest.kind === 'Agent' && manifest.state.encrypted && inputs.keys.current === undefined)
    throw errors.ENCRYPTION_KEY({ file: place.manifest.path });
  const backend = manifest.kind === 'Agent' ? manifest.backend : undefined;
  const chosen = chooseStoreOf(context, inputs, backend);
  const store = await openStore(context, { ...inputs, store: chosen.store });
  const id = inputs.session === '' ? randomUUID() : inputs.session;
  const source = sourceOf(context, place.manifest, runnable);
  const shared = {
    ...{ source, target: place.target, session: id, deadline: place.deadline, gate },
    acceptsChanges: inputs['accept-changes'],
    ...{ conditions: runnable.conditions, desk: await openDesk(context, place, runnable.choices) },
  };
  const start: Start = { context, place, inputs, shared, sandbox, keep };
  const { told, run, close } =
    manifest.kind === 'Agent'
      ? await prepareAgent(start, manifest, runnable)
      : await prepareTask(start, manifest);
  const how = inputs.session === '' ? 'begin' : 'resume';
  const retention = manifest.kind === 'Agent' ? manifest.retention : undefined;
  try {
    const log = await store.open(id, how, parseHead(inputs.head), retention);
    try {
      printStart(context, { id, log, rung, reason, store, retention, instead: chosen.instead, told });
      const end = await run(log);
      return { id, epoch: log.epoch, head: renderHead(log.head()), rung, store, end };
    } finally {
      await log.close();
    }
  } finally {
    await close();
  }
}
