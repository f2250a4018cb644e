/** Type of a fact: CEL's names. `json` is any JSON value, whose insides the static check cannot know. */
export type FactType = 'string' | 'bool' | 'int' | 'double' | 'list<string>' | 'json';

/** One thing an expression may ask about. */
export interface Fact {
  /** As it is written in an expression: `iteration_count`, `agent.tier`. */
  readonly name: string;
  readonly type: FactType;
  /** Such as `s`, `USD`, `tokens`; none for texts and flags. */
  readonly unit?: string;
  /** Who fills it in: `session`, `manifest`, `merge request`, … */
  readonly suppliedBy: string;
  /** What it is, and what its absence means, in a sentence. */
  readonly about: string;
  /** All that it can be, or the items of a list, where these are few. */
  readonly values?: readonly (string | number)[];
  /** Whether it can be something else in spite of `values`: a manifest may have a word that OSSA has not. */
  readonly isOpen?: boolean;
}

/** What expressions of one use may see; `id` is the file's name. */
export interface ExpressionEnvironment {
  readonly id: 'signal' | 'alert' | 'condition' | 'policy';
  readonly facts: readonly Fact[];
}

/** A mistake in the text of an expression. */
export interface ExpressionIssue {
  /** UTF-16 offset into the expression's text, and how long the part is. */
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly expected?: string;
  readonly got?: string;
  readonly suggestion?: string;
}

/** A JSON-like value as a caller has it. Numbers for an `int` must be whole; null is a value of `json` only. */
export type FactValue = string | boolean | number | bigint | readonly string[] | object | null;

/** Facts by their full names; a name that is not there is absent. */
export type FactValues = Readonly<Record<string, FactValue | undefined>>;

/** Values that were checked once against an environment, ready for any number of its expressions. */
export interface CheckedFacts {
  readonly environment: ExpressionEnvironment['id'];
}

/** Why an expression has no answer; its text holds no value of a fact. */
export interface ExpressionError {
  readonly kind: 'absent' | 'type' | 'limit' | 'evaluation';
  /** The fact it is about, where it is about one. */
  readonly fact?: string;
  readonly message: string;
}

/** A compiled expression over the facts of one environment; its result is a boolean or an error, never anything else. */
export interface Expression {
  readonly source: string;
  /** Names of the facts it asks for, sorted. */
  readonly facts: readonly string[];
  readonly evaluate: (facts: CheckedFacts) => boolean | ExpressionError;
}

export type Compiled =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly issues: readonly [ExpressionIssue, ...ExpressionIssue[]] };

/** Compiles and evaluates the expressions of one environment. */
export interface Evaluator {
  readonly environment: ExpressionEnvironment;
  /** Checks syntax, names, types, functions and limits; reports every mistake it can tell apart. Never throws. */
  readonly compile: (source: string) => Compiled;
  /** Checks all values once: unknown names throw a TypeError (our bug); wrong types are remembered as such, per fact. */
  readonly check: (values: FactValues) => CheckedFacts;
}
