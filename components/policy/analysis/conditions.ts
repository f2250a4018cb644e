import { createSplit } from '../../expressions/conjuncts.ts';
import type { Expression, FactValues } from '../../expressions/types.ts';
import { evaluator } from '../evaluator.ts';
import type { Policy } from '../types.ts';
import { assignmentsOf, finiteFacts } from './assignments.ts';

const split = createSplit(evaluator);

/** The parts of a policy's conditions that all must hold, by whether their facts are finite. */
export interface Parts {
  readonly finite: readonly Expression[];
  /** Of these nothing is known: they ask for numbers, texts or lists that can be anything. */
  readonly free: readonly Expression[];
}

export function partsOf({ conditions, match }: Policy): Parts {
  const known = finiteFacts(match);
  const parts = conditions.flatMap(split);
  const isKnown = ({ facts }: Expression) => facts.every((name) => known.has(name));
  return { finite: parts.filter(isKnown), free: parts.filter((part) => !isKnown(part)) };
}

/** Whether parts all hold for an assignment of their facts. */
export function hold(parts: readonly Expression[], facts: FactValues): boolean {
  const checked = evaluator.check(facts);
  return parts.every((part) => part.evaluate(checked) === true);
}

/** Whether there is a request for which a policy's conditions hold: `unknown` where that rests on what is not finite. */
export type Reach = 'never' | 'sometimes' | 'always' | 'unknown';

export function reachOf(policy: Policy): Reach {
  const { finite, free } = partsOf(policy);
  if (finite.length === 0) return free.length === 0 ? 'always' : 'unknown';
  const names = finite.flatMap(({ facts }) => facts);
  const { resources } = policy.match;
  const rows = assignmentsOf(names, finiteFacts(policy.match))?.filter(
    (row) => resources?.some((resource) => resource === row['resource.kind']) ?? true,
  );
  // A match that nothing asks yet is said elsewhere.
  if (rows === undefined || rows.length === 0) return 'unknown';
  const held = rows.filter((row) => hold(finite, row)).length;
  if (held === 0) return 'never';
  if (free.length > 0) return 'unknown';
  return held === rows.length ? 'always' : 'sometimes';
}
