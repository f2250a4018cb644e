import type { DecidingPolicy } from '../kernel/decision.ts';
import type { PolicyEngine, PolicyRequest } from './types.ts';

/** A request that was decided once, and by what. */
export interface RecordedRequest {
  /** Where it is written, for people. */
  readonly name: string;
  readonly request: PolicyRequest;
  readonly policies: readonly DecidingPolicy[];
}

export interface Outcome {
  readonly effect: 'allow' | 'deny';
  /** Sorted; with `!` those that cannot be evaluated. */
  readonly by: readonly string[];
}

export interface Difference {
  readonly name: string;
  readonly request: PolicyRequest;
  readonly before: Outcome;
  readonly after: Outcome;
}

/**
 * The requests that an engine decides otherwise than it was recorded, or than another engine does: with another effect, or by
 * other policies.
 */
export function compareDecisions(
  recorded: readonly RecordedRequest[],
  engine: PolicyEngine,
  against?: PolicyEngine,
): readonly Difference[] {
  return recorded.flatMap(({ name, request, policies }) => {
    const before = outcomeOf(against?.decide(request).policies ?? policies);
    const after = outcomeOf(engine.decide(request).policies);
    const isSame = before.effect === after.effect && before.by.join(' ') === after.by.join(' ');
    return isSame ? [] : [{ name, request, before, after }];
  });
}

/** What a decision was, by the policies that made it: of one that allows all are permits, and there are some. */
function outcomeOf(policies: readonly DecidingPolicy[]): Outcome {
  const allows = policies.length > 0 && policies.every(({ effect }) => effect === 'permit');
  const by = policies.map(({ id, effect }) => `${effect === 'error' ? '!' : ''}${id}`);
  return { effect: allows ? 'allow' : 'deny', by: by.sort() };
}
