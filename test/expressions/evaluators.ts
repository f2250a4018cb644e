import { createEvaluator } from '../../components/expressions/compile.ts';
import { defineEnvironment } from '../../components/expressions/environment.ts';
import { environments } from '../../components/expressions/registry.ts';
import type {
  Evaluator,
  Expression,
  ExpressionError,
  ExpressionIssue,
  FactValues,
} from '../../components/expressions/types.ts';

export const signal = createEvaluator(environments.signal);
export const condition = createEvaluator(environments.condition);
export const policy = createEvaluator(environments.policy);

/** Short names of every type, for expressions in tables and for generated ones. */
export const sample = createEvaluator(
  defineEnvironment({
    id: 'signal',
    facts: [
      { name: 'i', type: 'int', suppliedBy: 'test', about: 'A whole number.' },
      { name: 'j', type: 'int', suppliedBy: 'test', about: 'Another one.' },
      { name: 'x', type: 'double', suppliedBy: 'test', about: 'A number.' },
      { name: 'y', type: 'double', suppliedBy: 'test', about: 'Another one.' },
      { name: 's', type: 'string', suppliedBy: 'test', about: 'A text.' },
      { name: 't', type: 'string', suppliedBy: 'test', about: 'Another one.' },
      { name: 'b', type: 'bool', suppliedBy: 'test', about: 'A flag.' },
      { name: 'l', type: 'list<string>', suppliedBy: 'test', about: 'Texts.' },
      { name: 'd', type: 'json', suppliedBy: 'test', about: 'Anything.' },
    ],
  }),
);

export function expression(evaluator: Evaluator, source: string): Expression {
  const compiled = evaluator.compile(source);
  if (compiled.ok) return compiled.expression;
  throw new Error(`${source}: ${compiled.issues.map((issue) => issue.message).join('; ')}`);
}

export function evaluate(evaluator: Evaluator, source: string, facts: FactValues): boolean | ExpressionError {
  return expression(evaluator, source).evaluate(evaluator.check(facts));
}

/** The answer, or the kind of the error: what tables compare. */
export function outcome(evaluator: Evaluator, source: string, facts: FactValues): boolean | string {
  const result = evaluate(evaluator, source, facts);
  return typeof result === 'boolean' ? result : `${result.kind}: ${result.message}`;
}

/** Issues of an expression, each with the part of the text it is about. */
export function mistakes(
  evaluator: Evaluator,
  source: string,
): (ExpressionIssue & { readonly part: string })[] {
  const compiled = evaluator.compile(source);
  if (compiled.ok) return [];
  return compiled.issues.map((issue) => ({
    ...issue,
    part: source.slice(issue.offset, issue.offset + issue.length),
  }));
}
