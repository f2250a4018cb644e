import type { JsonValue } from '../kernel/canonical.ts';
import type { SessionLog } from '../stores/types.ts';
import { agentReplay } from './agent-replay.ts';
import type { AgentState } from './agent-state.ts';
import { begunOf, replayLog, snapshotOf } from './chronicle.ts';
import { emptyLoop } from './loop/loop-state.ts';
import { type TaskState, taskReplay } from './task-state.ts';

const reason = 'what was said and proposed in it has been erased';

/**
 * Writes a snapshot that holds what a session was and what it cost, and nothing that was said, read or proposed: once the
 * segments before it are dropped nothing of that is left in the store. Such a session is not gone on with.
 * @throws SESSION_RECORDS_INVALID, and what the store throws
 */
export async function eraseSession(log: SessionLog, session: string): Promise<void> {
  const saved =
    begunOf(log)?.kind === 'Task'
      ? taskReplay.save(withoutOutput(replayLog(session, log, taskReplay)))
      : agentReplay.save(withoutWords(replayLog(session, log, agentReplay)));
  await log.appendSnapshot({ ...(snapshotOf(saved) as Record<string, JsonValue>), erased: true });
}

function withoutWords(state: AgentState): AgentState {
  return {
    ...withoutContent(state),
    ...{ messages: [], proposals: [], notes: [], report: undefined, decided: undefined, given: undefined },
    ...{ open: undefined, waiting: [], loop: emptyLoop },
    ended: { outcome: 'failed', reason },
  };
}

function withoutOutput(state: TaskState): TaskState {
  const { attempts, elapsed } = state;
  const sources = state.ended?.sources ?? [];
  return {
    ...withoutContent(state),
    isOpen: false,
    ended: { outcome: 'failed', reason, attempts, elapsed, sources, proposals: [] },
  };
}

/** The manifest is in the repository; of what it said then its digest is left. */
function withoutContent<State extends AgentState | TaskState>(state: State): State {
  if (state.begun === undefined) return state;
  const { path, digest } = state.begun.manifest;
  return { ...state, begun: { ...state.begun, manifest: { path, digest } } };
}
