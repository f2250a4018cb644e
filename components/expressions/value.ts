import type { ExpressionError } from './types.ts';

/** A value while an expression runs. A JSON object is a Map, so that a name in it is a key and never anything else. */
export type Value = string | boolean | bigint | number | null | readonly Value[] | ReadonlyMap<string, Value>;

/** Why a part of an expression has no value. `&&` and `||` may still have one, as CEL says. */
export class Fault {
  readonly kind: 'limit' | 'evaluation';
  /** Speaks of types and operators, never of values: facts can be secrets. */
  readonly message: string;

  constructor(message: string, kind: Fault['kind'] = 'evaluation') {
    this.message = message;
    this.kind = kind;
  }
}

/** Stands where a fact has no value, and says why. */
export class NoValue {
  readonly error: ExpressionError;

  constructor(error: ExpressionError) {
    this.error = error;
  }
}

/** What one evaluation needs. */
export interface Frame {
  /** Facts by slot; those an expression names have values, that is checked before. */
  readonly values: readonly (Value | NoValue)[];
  /** The item a quantifier is at. One is enough: quantifiers do not nest. */
  item: Value;
  /** What is left to spend; below zero the evaluation has no result. */
  work: number;
}

/** One node of a checked tree, ready to run. */
export type Step = (frame: Frame) => Value | Fault;

/**
 * What one evaluation may spend: a visited node, item or instruction costs 1, texts cost by their length. A unit is
 * below 100 ns on the machine this was measured on, so that no text and no data keep an evaluation for long.
 */
export const mostWork = 1_000_000;

export const exhausted = new Fault('this needs more work than one evaluation may do', 'limit');

/** Name of a value's type in CEL, for messages. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    default:
      if (value === null) return 'null';
      return Array.isArray(value) ? 'list' : 'map';
  }
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
