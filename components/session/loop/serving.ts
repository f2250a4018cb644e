import type { AgentState } from '../agent-state.ts';
import type { Chronicle } from '../chronicle.ts';
import type { Gauge } from '../context-window.ts';
import type { Watch } from '../deadline.ts';
import type { Guard } from '../filters/guard.ts';
import type { LoopStep } from '../records.ts';
import type { AgentRun } from '../run-agent.ts';
import { soFarOf } from '../steps.ts';
import type { ToolBelt } from '../tool-belt.ts';
import type { SoFar } from '../types.ts';
import type { LoopAnswer, Program } from './types.ts';

/** What a program is served with: the same as our own loop has. */
export interface Serving {
  readonly run: AgentRun;
  readonly program: Program;
  readonly chronicle: Chronicle<AgentState>;
  readonly belt: ToolBelt;
  readonly guard: Guard;
  readonly gauge: Gauge | undefined;
  readonly watch: Watch;
  /** Milliseconds of earlier jobs. */
  readonly elapsedBefore: number;
  /** Texts that filters have looked at in this job. */
  readonly known: Set<string>;
}

/** What serving one request has brought. */
export type Brought = Partial<
  Pick<
    LoopStep,
    | 'turn'
    | 'lost'
    | 'results'
    | 'proposals'
    | 'sources'
    | 'report'
    | 'given'
    | 'misfits'
    | 'denials'
    | 'at'
    | 'hears'
  >
> & { readonly answer: LoopAnswer };

/** What policies are told of the session; the program may have read its files before it has asked for anything. */
export function soFarIn({ run, program, chronicle }: Serving): SoFar {
  const soFar = soFarOf(chronicle.state(), run.title);
  return { ...soFar, sources: [...new Set([...soFar.sources, ...program.reads])].sort() };
}
