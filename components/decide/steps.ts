import type { Clock } from '../kernel/context.ts';
import type { PolicyEngine } from '../policy/types.ts';
import type { StepGate } from '../session/types.ts';
import type { ReadAgentResult } from './agent.ts';
import { type Surroundings, stepRequest } from './requests.ts';

export interface StepParts {
  readonly engine: PolicyEngine;
  readonly read: ReadAgentResult;
  readonly around: Surroundings;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * What policies say to the steps of a session, asked anew before each: what it has read and spent is among the facts, and so
 * is the time. Of a step nothing is open: what only an approval could allow is denied here.
 */
export function createStepGate({ engine, read, around, clock }: StepParts): StepGate {
  return (step, soFar) => {
    if (!read.ok) return { allowed: false, reasons: [{ policy: 'undecided', message: read.reason }] };
    const request = stepRequest(read.agent, step, soFar, { ...around, now: clock.now() });
    const { effect, policies } = engine.decide(request);
    if (effect === 'allow') return { allowed: true };
    return {
      allowed: false,
      reasons: policies.map(({ id, message, fix }) => ({ policy: id, message, fix })),
    };
  };
}
