import type { Evaluator, ExpressionError } from '../../expressions/types.ts';
import { valueAt } from '../../kernel/place.ts';
import type { Data } from '../types.ts';
import { loadEvaluators } from './load.ts';
import { answerPlain, readPlain } from './plain.ts';
import { type Constancy, type ConstancyOf, plainConstancy, type TriedSignal } from './signals.ts';

/** OSSA's own, where the manifest says nothing. */
const defaultMaxIterations = 10;
const mostIterations = 1_000;
/** Of one document, which may hold thousands of signals. */
const mostEvaluations = 50_000;

/**
 * Finds conditions that have one answer in every session. Those over `iteration_count` and `max_iterations` are
 * evaluated for each iteration a session can be in; of the others a comparison of one fact with a number is held
 * against the values the fact can have. What cannot be told is undefined. The compiler is loaded where one of the
 * conditions is counted and no plain comparison.
 */
export async function loadConstancy(data: Data, signals: readonly TriedSignal[]): Promise<ConstancyOf> {
  const isCompiled = signals.some(
    ({ condition }) => condition !== undefined && isCounted(condition) && !isPlain(condition),
  );
  const evaluator = isCompiled ? (await loadEvaluators()).signalEvaluator : undefined;
  return createConstancy(data, evaluator);
}

function isPlain(condition: string): boolean {
  return readPlain('signal', condition) !== undefined;
}

function createConstancy(data: Data, evaluator: Evaluator | undefined): ConstancyOf {
  const iterations = maxIterationsOf(data);
  const counts = Array.from({ length: iterations ?? 0 }, (_, index) => ({
    iteration_count: index + 1,
    max_iterations: iterations ?? 0,
  }));
  const steps = evaluator === undefined ? [] : counts.map((count) => evaluator.check(count));
  const known = new Map<string, Constancy | undefined>();
  let left = mostEvaluations;
  const read = (condition: string): Constancy | undefined => {
    if (!isCounted(condition)) return bounded(condition);
    left -= counts.length;
    if (left < 0) return undefined;
    const plain = readPlain('signal', condition);
    if (plain !== undefined) return sameAnswer(counts.map((count) => answerPlain(plain, count)));
    const compiled = evaluator?.compile(condition);
    return compiled?.ok ? sameAnswer(steps.map((facts) => compiled.expression.evaluate(facts))) : undefined;
  };
  return (signal) => {
    const { condition } = signal;
    if (condition === undefined) return undefined;
    if (!known.has(condition)) known.set(condition, plainConstancy(signal) ?? read(condition));
    return known.get(condition);
  };
}

// Told before compiling, which takes longer than all else that is done with a signal.
const words = /[A-Za-z_]\w*/g;
const counted = ['iteration_count', 'max_iterations', 'true', 'false'];

function isCounted(condition: string): boolean {
  return (condition.match(words) ?? []).every((word) => counted.includes(word));
}

function maxIterationsOf(data: Data): number | undefined {
  const written = valueAt(data, ['spec', 'completion', 'max_iterations']) ?? defaultMaxIterations;
  const count = typeof written === 'number' && Number.isSafeInteger(written) ? written : 0;
  return count >= 1 && count <= mostIterations ? count : undefined;
}

function sameAnswer(all: readonly (boolean | ExpressionError)[]): Constancy | undefined {
  const answers = new Set(all);
  const [answer] = answers;
  if (answers.size !== 1 || typeof answer !== 'boolean') return undefined;
  return answer ? 'always' : 'never';
}

/** Least and greatest value of facts that have limits (expressions/environments/signal.ts). */
const limits: Readonly<Record<string, readonly [number, number]>> = {
  confidence: [0, 1],
  error_count: [0, Number.POSITIVE_INFINITY],
  tokens_used: [0, Number.POSITIVE_INFINITY],
  cost_usd: [0, Number.POSITIVE_INFINITY],
  elapsed_seconds: [0, Number.POSITIVE_INFINITY],
  proposal_count: [0, Number.POSITIVE_INFINITY],
};

/** For each comparison, whether it is always or never true of values from `low` to `high`. */
const comparisons: Readonly<
  Record<string, (low: number, high: number, to: number) => readonly [always: boolean, never: boolean]>
> = {
  '<': (low, high, to) => [high < to, low >= to],
  '<=': (low, high, to) => [high <= to, low > to],
  '>': (low, high, to) => [low > to, high <= to],
  '>=': (low, high, to) => [low >= to, high < to],
  '==': (low, high, to) => [false, to < low || to > high],
  '!=': (low, high, to) => [to < low || to > high, false],
};

function bounded(condition: string): Constancy | undefined {
  const match = /^([a-z_]+)\s*([<>]=?|[!=]=)\s*(-?\d+(?:\.\d+)?)$/.exec(condition.trim());
  const [, fact = '', comparison = '', number = ''] = match ?? [];
  const range = Object.hasOwn(limits, fact) ? limits[fact] : undefined;
  const compare = comparisons[comparison];
  if (range === undefined || compare === undefined) return undefined;
  const [always, never] = compare(...range, Number(number));
  if (never) return 'never';
  if (!always) return undefined;
  return fact === 'confidence' ? 'once-reported' : 'always';
}
