import { type Complaint, createParse, type Parse } from './checker.ts';
import { issueOf } from './complaint.ts';
import { type FactTable, tableOf } from './environment.ts';
import { createCheck, FactSheet } from './facts.ts';
import { guard } from './guard.ts';
import { mostCharacters } from './limits.ts';
import { stepOf } from './step.ts';
import type {
  CheckedFacts,
  Compiled,
  Evaluator,
  Expression,
  ExpressionEnvironment,
  ExpressionError,
  ExpressionIssue,
} from './types.ts';
import { exhausted, Fault, type Frame, mostWork, NoValue, type Step } from './value.ts';

/**
 * Makes the compiler and evaluator of an environment. The library parses and checks types; the tree that passed is
 * what runs (step.ts). Neither compiling nor evaluating throws, except for facts of another environment (our bug).
 */
export function createEvaluator(environment: ExpressionEnvironment): Evaluator {
  const table = tableOf(environment);
  const parse = createParse(table);
  return {
    environment,
    compile: (source) => compile(source, table, parse),
    check: createCheck(table),
  };
}

function compile(source: string, table: FactTable, parse: Parse): Compiled {
  if (source.length > mostCharacters)
    return refused({ offset: 0, length: source.length, ...tooLong(source) });
  const parsed = parse(source);
  if (!parsed.ok) return refused(issueOf(parsed.complaint, source));
  const { issues, facts } = guard(parsed.root, table);
  const [first, ...more] = issues;
  if (first !== undefined) return refused(first, ...more);
  const checked = parsed.check();
  if (isComplaint(checked)) return refused(issueOf(checked, source));
  // `dyn` is a part of a JSON value: what it is shows when it is evaluated.
  if (checked.type !== 'bool' && checked.type !== 'dyn') return refused(notBool(source, checked.type));
  return { ok: true, expression: expressionOf(source, facts, stepOf(parsed.root, table.slots), table) };
}

function isComplaint(checked: Complaint | { readonly type: string }): checked is Complaint {
  return 'code' in checked;
}

function refused(...issues: readonly [ExpressionIssue, ...ExpressionIssue[]]): Compiled {
  return { ok: false, issues };
}

function tooLong(source: string): Pick<ExpressionIssue, 'message' | 'expected' | 'got'> {
  return {
    message: 'the expression is too long',
    expected: `at most ${mostCharacters} characters`,
    got: `${source.length} characters`,
  };
}

function notBool(source: string, type: string): ExpressionIssue {
  return {
    offset: 0,
    length: source.length,
    message: 'the result is neither true nor false',
    expected: 'bool',
    got: type.replaceAll('dyn', 'json'),
  };
}

function expressionOf(source: string, facts: readonly string[], step: Step, table: FactTable): Expression {
  const slots = facts.map((name) => table.slots.get(name) ?? -1);
  return { source, facts, evaluate: (given) => evaluate(sheetOf(given, table), slots, step) };
}

function sheetOf(facts: CheckedFacts, table: FactTable): FactSheet {
  if (facts instanceof FactSheet && facts.table.environment === table.environment) return facts;
  throw new TypeError(`these facts were not checked by the evaluator of ${table.environment.id}`);
}

function evaluate({ values }: FactSheet, slots: readonly number[], step: Step): boolean | ExpressionError {
  // Before anything runs: in CEL `missing == "x" && false` is false, and would disarm what forbids.
  for (const slot of slots) {
    const value = values[slot];
    if (value instanceof NoValue) return value.error;
  }
  const frame: Frame = { values, item: null, work: mostWork };
  const result = step(frame);
  if (frame.work < 0) return errorOf(exhausted);
  if (typeof result === 'boolean') return result;
  return result instanceof Fault ? errorOf(result) : errorOf(notTrueOrFalse);
}

const notTrueOrFalse = new Fault('the result is neither true nor false');

function errorOf({ kind, message }: Fault): ExpressionError {
  return { kind, message };
}
