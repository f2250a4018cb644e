import { issueOf } from '../../expressions/complaint.ts';
import { mostCharacters } from '../../expressions/limits.ts';
import type { Evaluator, ExpressionIssue } from '../../expressions/types.ts';
import { renderPath } from '../../kernel/place.ts';
import { quote } from '../../kernel/schema-terms.ts';
import type { RuleIssue } from '../rule.ts';
import type { Data } from '../types.ts';
import { alertEvaluator, conditionEvaluator, parseExpression, signalEvaluator } from './evaluators.ts';
import { type FactHints, factHints } from './facts.ts';
import type { Condition, ConditionUse } from './places.ts';

/** Of the uses whose facts are known. */
const evaluatorOf = {
  signal: signalEvaluator,
  alert: alertEvaluator,
  precondition: conditionEvaluator,
  postcondition: conditionEvaluator,
} as const;

type KnownUse = keyof typeof evaluatorOf;

/** Checks conditions over the facts of their use: syntax, names, types, and whether the facts can be there at all. */
export function checkConditions(data: Data, conditions: readonly Condition[]): readonly RuleIssue[] {
  const readers = new Map<KnownUse, Reader>();
  return conditions.flatMap((condition) => {
    const { use, source } = condition;
    if (!isKnown(use)) return [];
    const reader = readers.get(use) ?? {
      evaluator: evaluatorOf[use],
      hints: factHints(data, use),
    };
    readers.set(use, reader);
    const plain = withoutBraces(source);
    return [...(plain === source ? [] : [braced(condition, plain)]), ...check(condition, plain, reader)];
  });
}

interface Reader {
  readonly evaluator: Evaluator;
  readonly hints: FactHints;
}

function check(condition: Condition, plain: string, reader: Reader): readonly RuleIssue[] {
  const { evaluator, hints } = reader;
  const compiled = evaluator.compile(plain);
  if (compiled.ok)
    return compiled.expression.facts.flatMap((fact) => neverThere(condition, fact, hints.never.get(fact)));
  return compiled.issues.map((issue) => toIssue(condition, plain, renamed(issue, evaluator, hints)));
}

/** Checks conditions whose facts are their engine's: only whether they can be read as CEL. */
export function checkSyntax(conditions: readonly Condition[]): readonly RuleIssue[] {
  return conditions.flatMap((condition) => {
    const plain = withoutBraces(condition.source);
    // What a variable will stand for is not known.
    if (plain.includes('${')) return [];
    if (plain.length > mostCharacters) return [toIssue(condition, plain, tooLong(plain))];
    const parsed = parseExpression(plain);
    return parsed.ok ? [] : [toIssue(condition, plain, issueOf(parsed.complaint, plain))];
  });
}

function isKnown(use: ConditionUse): use is KnownUse {
  return Object.hasOwn(evaluatorOf, use);
}

function tooLong(source: string): ExpressionIssue {
  return {
    offset: 0,
    length: source.length,
    message: 'the expression is too long',
    expected: `at most ${mostCharacters} characters`,
    got: `${source.length} characters`,
  };
}

/** The expression without the `${{ }}` in which OSSA's own examples write it, whole or part by part. */
function withoutBraces(source: string): string {
  if (!source.includes('${{')) return source;
  const text = source.trim();
  const isWhole = text.lastIndexOf('${{') === 0 && text.endsWith('}}');
  return isWhole ? text.slice(3, -2).trim() : text.replaceAll('${{', '(').replaceAll('}}', ')');
}

function braced({ path }: Condition, plain: string): RuleIssue {
  return {
    path,
    message: `${renderPath(path)} stands in \${{ }}, which nothing takes away here`,
    expected: 'the expression alone',
    suggestion: plain,
  };
}

function neverThere({ path }: Condition, fact: string, why: string | undefined): readonly RuleIssue[] {
  if (why === undefined) return [];
  return [
    { path, message: `${renderPath(path)} at ${quote(fact)}: it never has a value here, ${why}`, got: fact },
  ];
}

/** A better suggestion than the nearest name: what the manifest says, or the fact with a word of its own before it. */
function renamed(issue: ExpressionIssue, { environment }: Evaluator, hints: FactHints): ExpressionIssue {
  const { got } = issue;
  if (got === undefined) return issue;
  const better =
    hints.instead.get(got) ?? environment.facts.find(({ name }) => got.endsWith(`_${name}`))?.name;
  return better === undefined ? issue : { ...issue, suggestion: better };
}

/** The place is the expression's, the message quotes the part. */
function toIssue({ path }: Condition, source: string, issue: ExpressionIssue): RuleIssue {
  const { offset, length, message, expected, got, suggestion } = issue;
  const part = source.slice(offset, offset + length);
  const place = part === '' || part === source ? '' : ` at ${quote(part)}`;
  return {
    path,
    message: `${renderPath(path)}${place}: ${message}`,
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
