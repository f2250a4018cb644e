import { RE2JS } from 're2js';
import { type Facts, isSet, type Known } from '../names/gitlab.ts';
import type { Condition, Operand } from './parse.ts';

/** Whether a condition holds, where not all variables are known. */
export type Truth = true | false | undefined;

export function evaluate(condition: Condition, facts: Facts): Truth {
  switch (condition.is) {
    case 'and':
      return both(evaluate(condition.left, facts), evaluate(condition.right, facts));
    case 'or':
      return negated(
        both(negated(evaluate(condition.left, facts)), negated(evaluate(condition.right, facts))),
      );
    case 'not':
      return negated(evaluate(condition.of, facts));
    case 'set':
      return holds(valueIn(condition.of, facts));
    case '==':
      return equal(valueIn(condition.left, facts), valueIn(condition.right, facts));
    case '!=':
      return negated(equal(valueIn(condition.left, facts), valueIn(condition.right, facts)));
    case '=~':
      return matches(valueIn(condition.left, facts), condition.right);
    case '!~':
      return negated(matches(valueIn(condition.left, facts), condition.right));
    default:
      return undefined;
  }
}

function both(left: Truth, right: Truth): Truth {
  if (left === false || right === false) return false;
  return left === undefined || right === undefined ? undefined : true;
}

function negated(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

function valueIn(operand: Operand, facts: Facts): Known | undefined {
  if (operand.is === 'variable') return Object.hasOwn(facts, operand.name) ? facts[operand.name] : undefined;
  return operand.is === 'text' ? operand.text : operand.is === 'null' ? null : undefined;
}

function holds(value: Known | undefined): Truth {
  return value === undefined ? undefined : value !== null && value !== '';
}

function equal(left: Known | undefined, right: Known | undefined): Truth {
  if (left === undefined || right === undefined) return undefined;
  // Something is neither nothing nor empty; whether it is a given text is not known.
  if (left === isSet || right === isSet)
    return left === null || right === null || left === '' || right === '' ? false : undefined;
  return left === right;
}

function matches(value: Known | undefined, pattern: Operand): Truth {
  if (value === null) return false;
  if (typeof value !== 'string' || pattern.is !== 'pattern') return undefined;
  try {
    // GitLab's own engine, and one that no pattern can keep busy.
    return RE2JS.compile(pattern.text, pattern.ignoresCase ? RE2JS.CASE_INSENSITIVE : 0)
      .matcher(value)
      .find();
  } catch {
    return undefined;
  }
}
