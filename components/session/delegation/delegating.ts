import type { AgentState } from '../agent-state.ts';
import type { Chronicle } from '../chronicle.ts';
import type { Gauge } from '../context-window.ts';
import type { Watch } from '../deadline.ts';
import type { Guard } from '../filters/guard.ts';
import type { Work } from '../records.ts';
import type { AgentRun } from '../run-agent.ts';
import type { ToolBelt } from '../tool-belt.ts';

/** What calls of a turn that delegates are made with: the same as those of any other. */
export interface Delegating {
  readonly run: AgentRun;
  readonly chronicle: Chronicle<AgentState>;
  readonly belt: ToolBelt;
  readonly guard: Guard;
  readonly gauge: Gauge | undefined;
  readonly watch: Watch;
  /** Milliseconds of earlier jobs. */
  readonly elapsedBefore: number;
}

/** What is known when a step is recorded: its time, and what filters have found since the step before. */
export type Observed = Pick<Work, 'elapsed' | 'filtered' | 'classes'>;

export function observe({
  guard,
  watch,
  elapsedBefore,
}: Pick<Delegating, 'guard' | 'watch' | 'elapsedBefore'>): Observed {
  const { filtered, classes } = guard.take();
  return {
    ...(filtered.length === 0 ? {} : { filtered }),
    ...(classes.length === 0 ? {} : { classes }),
    elapsed: Math.round(elapsedBefore + watch.elapsed()),
  };
}
