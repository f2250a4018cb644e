import type { ExpressionError } from '../expressions/types.ts';
import { evaluator } from './evaluator.ts';
import { isAbout } from './match.ts';
import type { ParsedLevel, Policy, PolicyRequest } from './types.ts';

/** What a condition says to a request. */
export interface TracedCondition {
  readonly source: string;
  /** Names of the facts it asks for. */
  readonly facts: readonly string[];
  readonly answer: boolean | ExpressionError;
}

/** A policy that is about a request. */
export interface TracedPolicy {
  readonly level: string;
  readonly policy: Policy;
  /** All of them, also those behind the one that ends it. */
  readonly conditions: readonly TracedCondition[];
  /** Whether it holds; what ends it counts, as in the engine. */
  readonly answer: boolean | ExpressionError;
}

/** Every policy that is about a request, with what each of its conditions says: why a decision is what it is. */
export function trace(levels: readonly ParsedLevel[], request: PolicyRequest): readonly TracedPolicy[] {
  const facts = evaluator.check(request.facts);
  return levels.flatMap(({ name, policies }) =>
    policies
      .filter(({ match }) => isAbout(match, request))
      .map((policy) => {
        const conditions = policy.conditions.map(({ source, facts: names, evaluate }) => {
          return { source, facts: names, answer: evaluate(facts) };
        });
        const answer = conditions.find((condition) => condition.answer !== true)?.answer ?? true;
        return { level: name, policy, conditions, answer };
      }),
  );
}
