import { ordered } from '../../expressions/comparison.ts';
import { environment as alert } from '../../expressions/environments/alert.ts';
import { environment as signal } from '../../expressions/environments/signal.ts';

/** One comparison of a numeric fact with a number or another such fact, as most conditions are. */
export interface PlainComparison {
  readonly fact: string;
  readonly comparison: '<' | '<=' | '>' | '>=' | '==' | '!=';
  /** A number, or the name of a fact. */
  readonly to: number | string;
}

const number = String.raw`-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?`;
const pattern = new RegExp(String.raw`^\s*([a-z_]{1,40})\s*([<>]=?|[!=]=)\s*(${number}|[a-z_]{1,40})\s*$`);

/** Whether a session has a value of it depends on the manifest. */
const uncertain = 'target';

const numeric = (facts: typeof signal.facts): ReadonlySet<string> =>
  new Set(facts.flatMap(({ name, type }) => (type === 'int' || type === 'double' ? [name] : [])));

const factsOf = { signal: numeric(signal.facts), alert: numeric(alert.facts) } as const;

/**
 * Reads a comparison that is right CEL over the facts of its use, whatever the compiler would say besides: loading that takes a job a
 * third of its time. Undefined for every other condition, right or wrong.
 */
export function readPlain(use: 'signal' | 'alert', source: string): PlainComparison | undefined {
  const [, fact = '', comparison, right = ''] = pattern.exec(source) ?? [];
  const facts = factsOf[use];
  if (!facts.has(fact) || fact === uncertain || right === uncertain) return undefined;
  const isFact = /^[a-z_]/.test(right);
  if (isFact && !facts.has(right)) return undefined;
  return {
    fact,
    comparison: comparison as PlainComparison['comparison'],
    to: isFact ? right : Number(right),
  };
}

/** What a comparison says of these values; a fact that is not among them is not a number. */
export function answerPlain(
  { fact, comparison, to }: PlainComparison,
  values: Readonly<Record<string, number>>,
): boolean {
  const [left, right] = [
    values[fact] ?? Number.NaN,
    typeof to === 'number' ? to : (values[to] ?? Number.NaN),
  ];
  switch (comparison) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    default:
      return ordered(comparison, left, right);
  }
}
