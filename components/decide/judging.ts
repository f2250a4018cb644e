import type { PolicyEngine } from '../policy/types.ts';
import type { ProposalBundle } from '../proposals/bundle.gen.ts';
import type { ChangedLines } from '../proposals/changed-lines.ts';
import type { Effect } from '../proposals/kind.ts';
import type { JudgedAgent } from './agent.ts';
import type { BundleDecision } from './report.gen.ts';
import type { Surroundings } from './requests.ts';

/** The merge request that is decided about, as the deciding side knows it. */
export interface Target {
  readonly project: number;
  readonly mergeRequest: number;
  readonly head: string;
  /** Of a pipeline of merged results the commit of the target branch that the head was merged with. */
  readonly targetHead?: string;
}

export interface Judging {
  readonly engine: PolicyEngine;
  readonly around: Surroundings;
  readonly target: Target | undefined;
  /** Whether this is advice, and a trusted project decides later, which sees more. */
  readonly decidedElsewhere: boolean;
  /** Levels whose policies cannot be read here: each could deny what the others allow. */
  readonly unread: readonly string[];
  /** Lines that the merge request adds or changes. */
  readonly lines: ChangedLines;
  /** More that stands against a kind of effect, such as the rights of who started the pipeline, or that there is no such environment. */
  readonly against: (kind: Effect['kind'], environment?: string) => string | undefined;
}

/** A decided bundle with the effects of what is allowed, by place of its proposals. */
export interface JudgedBundle {
  readonly decision: BundleDecision;
  readonly effects: readonly (Effect | undefined)[];
  readonly bundle: ProposalBundle | undefined;
  readonly agent: JudgedAgent | undefined;
  /** Kinds whose older threads of the agent are resolved where it does not propose them any more. */
  readonly resolves: readonly ('thread' | 'suggestion')[];
}
