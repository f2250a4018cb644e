import type { Context } from '../../components/kernel/context.ts';
import type { Sandbox } from '../../components/sandbox/types.ts';
import type { SessionEnd } from '../../components/session/result.ts';
import type { runTask } from '../../components/session/run-task.ts';
import type { StepGate } from '../../components/session/types.ts';
import type { SessionLog } from '../../components/stores/types.ts';
import type { BudgetInputs } from './budget-inputs.ts';
import type { ModelInputs } from './model-inputs.ts';
import type { EgressInputs } from './run-egress.ts';
import type { CheckedRunnable } from './run-manifest.ts';
import type { Asked } from './run-outside.ts';
import type { RunPlace } from './run-place.ts';
import type { ServerInputs } from './run-servers.ts';
import type { StoreInputs } from './session-store.ts';

export interface SessionInputs extends StoreInputs, BudgetInputs, ModelInputs, EgressInputs, ServerInputs {
  readonly sandbox: 'require' | 'off';
  readonly session: string;
  /** As it is printed: sequence and tag. */
  readonly head: string;
  readonly input: string;
  readonly 'accept-changes': boolean;
}

export type Runnable = Extract<CheckedRunnable, { ok: true }>;

export interface SessionParts {
  readonly gate: StepGate;
  readonly sandbox: Sandbox;
  /** Takes what was asked of the outside; also where the session fails. */
  readonly keep: (session: string, asked: Asked) => Promise<void>;
}

/** What a session of any kind begins with. */
export interface Start {
  readonly context: Context;
  readonly place: RunPlace;
  readonly inputs: SessionInputs;
  readonly shared: Pick<
    Parameters<typeof runTask>[1],
    'source' | 'target' | 'acceptsChanges' | 'session' | 'deadline' | 'conditions' | 'desk' | 'gate'
  >;
  readonly sandbox: Sandbox;
  readonly keep: SessionParts['keep'];
}

/** A session that can begin: all it needs is there. */
export interface Prepared {
  /** What is said before it begins. */
  readonly told: readonly string[];
  readonly run: (log: SessionLog) => Promise<SessionEnd>;
  readonly close: () => Promise<void>;
}
