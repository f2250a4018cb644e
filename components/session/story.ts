import { valueAt } from '../kernel/place.ts';
import type { SessionRecord } from '../stores/types.ts';
import { agentReplay } from './agent-replay.ts';
import type { AgentState } from './agent-state.ts';
import { begunIn, isErased, loadState } from './chronicle.ts';
import { errors } from './errors.ts';
import { changesInWords } from './manifest-changes.ts';
import type {
  Answer,
  Begun,
  CallFailed,
  Ended,
  ManifestChanged,
  TaskFailed,
  TaskStarted,
  ToolCalled,
  TurnTaken,
} from './records.ts';
import { endOfAgent, endOfTask, type SessionEnd } from './result.ts';
import { type TaskState, taskReplay } from './task-state.ts';
import { counted, iterationInWords } from './words.ts';

/** Something that happened in a session. */
export interface Happening {
  /** Milliseconds since the epoch of Unix. */
  readonly at: number;
  /** Which job's share it belongs to, from 1. */
  readonly epoch: number;
  readonly text: string;
}

/** What the log of a session tells people. */
export interface Story {
  readonly begun: Begun;
  readonly happenings: readonly Happening[];
  /** What it came to so far; undefined while no job has ended its share. */
  readonly end: SessionEnd | undefined;
  /** Of an agent: all it is made of. */
  readonly agent: AgentState | undefined;
  /** Of the last record. */
  readonly at: number;
  /** What was said in it is gone on purpose. */
  readonly isErased: boolean;
}

/**
 * Tells a session from its records, of which older ones may have been dropped for a snapshot.
 * @throws SESSION_RECORDS_INVALID
 */
export function tellStory(session: string, records: readonly SessionRecord[]): Story {
  const begun = records.map(begunIn).find((found) => found !== undefined);
  if (begun === undefined || !isBegun(begun))
    throw errors.RECORDS_INVALID({ session, sequence: 0, reason: 'no record says what was begun' });
  let [agent, task]: [AgentState, TaskState] = [agentReplay.empty, taskReplay.empty];
  const happenings: Happening[] = [];
  for (const record of records) {
    const { kind, body, at, epoch, sequence } = record;
    try {
      if (kind === 'snapshot') {
        if (begun.kind === 'Agent') agent = loadState(session, body, agentReplay);
        else task = loadState(session, body, taskReplay);
        continue;
      }
      if (begun.kind === 'Agent') agent = agentReplay.advance(agent, { kind, body });
      else task = taskReplay.advance(task, { kind, body });
      const text = textOf(record, agent);
      if (text !== undefined) happenings.push({ at, epoch, text });
    } catch (error) {
      throw errors.RECORDS_INVALID({ session, sequence, reason: (error as Error).message }, error);
    }
  }
  return {
    ...{ begun, happenings, at: records.at(-1)?.at ?? 0 },
    isErased: records.some(({ kind, body }) => kind === 'snapshot' && isErased(body)),
    agent: begun.kind === 'Agent' ? agent : undefined,
    end: endOf(begun, agent, task),
  };
}

/** A log without a key may be anybody's. */
function isBegun(begun: Begun): boolean {
  const texts = [
    ['name'],
    ['manifest', 'path'],
    ['manifest', 'digest'],
    ['target', 'base'],
    ['target', 'head'],
  ];
  return texts.every((path) => typeof valueAt(begun, path) === 'string');
}

function endOf({ kind }: Begun, agent: AgentState, task: TaskState): SessionEnd | undefined {
  if (kind === 'Task') return task.ended && endOfTask({ ...task.ended, began: task.began });
  const { ended } = agent;
  return ended && endOfAgent({ ...ended, state: agent });
}

/** Undefined for what only matters when a job is cut off. */
function textOf({ kind, body }: SessionRecord, agent: AgentState): string | undefined {
  switch (kind) {
    case 'session-begun': {
      const { kind: of, name, manifest } = body as unknown as Begun;
      return `begun: ${of} ${name} of ${manifest.path}`;
    }
    case 'manifest-changed':
      return changeInWords(body as unknown as ManifestChanged);
    case 'model-called':
      return agent.usage.callsLost > 0 && agent.isCalled
        ? `the model is called (${agent.usage.callsLost} calls so far whose answer was lost)`
        : undefined;
    case 'tool-called':
      return `${(body as unknown as ToolCalled).tool} is called, which must not be done twice`;
    case 'call-failed':
      return `no model has answered (${(body as unknown as CallFailed).code})`;
    case 'loop-held':
      return 'its loop waits for a person who must approve a call';
    case 'turn-taken': {
      const isOwn = (body as unknown as TurnTaken).of === undefined;
      return isOwn ? undefined : iterationInWords(agent);
    }
    case 'delegated':
    case 'loop-step':
    case 'iteration':
      return iterationInWords(agent);
    case 'call-made':
      return undefined;
    case 'answered':
      return `answered: ${(body as unknown as Answer).text}`;
    case 'approval-used':
      return 'a call that a person approved is made';
    case 'task-started':
      return `attempt ${(body as unknown as TaskStarted).attempt} begins`;
    case 'task-failed': {
      const { attempt, reason } = body as unknown as TaskFailed;
      return `attempt ${attempt} came to nothing: ${reason}`;
    }
    default: {
      const { outcome, reason } = body as unknown as Ended;
      return `${outcome}: ${reason}`;
    }
  }
}

function changeInWords({ changes, dropped, before, manifest }: ManifestChanged): string {
  const lost = dropped === 0 ? '' : `; ${counted(dropped, 'proposal')} of other lists dropped`;
  return `goes on under a changed manifest: ${changesInWords(changes)}${lost} (${before} before, ${manifest.digest} now)`;
}
