import type { JsonValue } from '../kernel/canonical.ts';
import { valueAt } from '../kernel/place.ts';
import type { SessionRecord } from '../stores/types.ts';
import { type Replay, underManifest } from './chronicle.ts';
import type { Begun, ManifestChanged, TaskEnded, TaskStarted } from './records.ts';

/** All that a session of a task is, made from its records. */
export interface TaskState {
  readonly begun: Begun | undefined;
  /** Digest of the manifest it began with, where it is under another now. */
  readonly began: string | undefined;
  /** An attempt was made under another manifest that called the task transactional, or may have. */
  readonly isBound: boolean;
  /** That were started, in all its jobs. */
  readonly attempts: number;
  /** An attempt was started, and what it came to is not recorded: its job was cut off. */
  readonly isOpen: boolean;
  /** Milliseconds that jobs before this one took to their end. */
  readonly elapsed: number;
  readonly ended: TaskEnded | undefined;
}

const emptyTask: TaskState = {
  begun: undefined,
  began: undefined,
  isBound: false,
  attempts: 0,
  isOpen: false,
  elapsed: 0,
  ended: undefined,
};

function saveTask(state: TaskState): JsonValue {
  return { ...state } as unknown as JsonValue;
}

function loadTask(saved: JsonValue): TaskState {
  return { ...emptyTask, ...(saved as unknown as TaskState) };
}

/** The state after one more record. @throws TypeError for a record that is none of a task */
function advanceTask(state: TaskState, { kind, body }: Pick<SessionRecord, 'kind' | 'body'>): TaskState {
  switch (kind) {
    case 'session-begun':
      return { ...state, begun: body as unknown as Begun };
    case 'manifest-changed': {
      const isBound = state.isBound || (state.attempts > 0 && !mayRepeat(state.begun));
      return { ...state, ...underManifest(state, body as unknown as ManifestChanged), isBound };
    }
    case 'task-started':
      return { ...state, attempts: (body as unknown as TaskStarted).attempt, isOpen: true, ended: undefined };
    case 'task-failed':
      return { ...state, isOpen: false };
    case 'task-ended': {
      const ended = body as unknown as TaskEnded;
      return { ...state, isOpen: false, elapsed: ended.elapsed, ended };
    }
    default:
      throw new TypeError(`a task has no records of kind ${kind}`);
  }
}

function mayRepeat(begun: Begun | undefined): boolean {
  const type = valueAt(begun?.manifest.content, ['spec', 'execution', 'type']);
  return type === 'idempotent' || type === 'deterministic';
}

export const taskReplay: Replay<TaskState> = {
  empty: emptyTask,
  advance: advanceTask,
  save: saveTask,
  load: loadTask,
};
