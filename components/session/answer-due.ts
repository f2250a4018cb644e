import type { AgentState } from './agent-state.ts';
import type { Decided } from './records.ts';
import type { AnswerRules } from './types.ts';

/** Answers of one job's share that do not fit before a person is wanted. */
const mostMisfits = 5;

/** Whether an agent that has ended without its answer can be told so: at once, not before it says that it is done, or no more. */
export type Reminding = 'now' | 'later' | 'never';

/**
 * A session is not complete before its agent has answered what the manifest declares: an agent that ends without is told so once a job,
 * and a person is wanted then. Answers that do not fit again and again want one too.
 */
export function withAnswerDue(
  rules: AnswerRules | undefined,
  state: AgentState,
  decided: Decided,
  reminding: Reminding,
): Decided {
  if (rules === undefined || state.given?.schema === rules.digest) return decided;
  if (decided.signal === 'blocked' || decided.signal === 'escalate') return decided;
  if (state.misfits >= mostMisfits)
    return { ...decided, signal: 'blocked', reason: `its answer did not fit ${state.misfits} times` };
  if (decided.signal !== 'complete') return decided;
  if (reminding === 'later') return { ...decided, signal: 'continue', reason: 'its answer is missing' };
  if (state.isReminded || reminding === 'never')
    return {
      ...decided,
      signal: 'blocked',
      reason: 'it has ended without the answer that its manifest declares',
    };
  return {
    ...decided,
    signal: 'continue',
    reason: 'its answer is missing, and it is told so',
    reminds: true,
  };
}
