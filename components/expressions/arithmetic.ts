import { exhausted, Fault, type Frame, isList, typeName, type Value } from './value.ts';

export type Arithmetic = '+' | '-' | '*' | '/' | '%';

/** Two values to one, or to the reason why there is none. */
export type Operation = (left: Value, right: Value, frame: Frame) => Value | Fault;

const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

/** Whether a whole number fits into CEL's int, which has 64 bits. */
export function fitsInt(value: bigint): boolean {
  return value >= least && value <= most;
}

const byZero = new Fault('division by zero');
const overflow = new Fault('the result is beyond the 64 bits of an int');
// `NaN < 0.8` is false and `cost / 0.0 > limit` is true in IEEE 754: neither may pass for an answer.
const infinite = new Fault('the result is not a finite number');

/**
 * The arithmetic of an operator. Two ints give an int, in 64 bits or not at all; an int beside a double counts as a
 * double, and a double is finite or an error; `%` is for ints only. `+` also joins texts and lists.
 */
export function arithmetic(op: Arithmetic): Operation {
  return (left, right, frame) => {
    if (typeof left === 'bigint' && typeof right === 'bigint') return onInts(op, left, right);
    if (isNumber(left) && isNumber(right) && op !== '%') return onDoubles(op, Number(left), Number(right));
    if (op === '+' && typeof left === 'string' && typeof right === 'string') return join(left, right, frame);
    if (op === '+' && isList(left) && isList(right)) return joinLists(left, right, frame);
    return noOverload(op, left, right);
  };
}

/** The negative of a number. */
export function negate(value: Value): Value | Fault {
  if (typeof value === 'number') return -value;
  if (typeof value === 'bigint') return value === least ? overflow : -value;
  return new Fault(`"-" has no meaning for ${typeName(value)}`);
}

export function noOverload(op: string, left: Value, right: Value): Fault {
  return new Fault(`"${op}" has no meaning between ${typeName(left)} and ${typeName(right)}`);
}

export function isNumber(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function onInts(op: Arithmetic, left: bigint, right: bigint): bigint | Fault {
  if ((op === '/' || op === '%') && right === 0n) return byZero;
  const result = intResult(op, left, right);
  return fitsInt(result) ? result : overflow;
}

function intResult(op: Arithmetic, left: bigint, right: bigint): bigint {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
  }
}

function onDoubles(op: Exclude<Arithmetic, '%'>, left: number, right: number): number | Fault {
  const result = doubleResult(op, left, right);
  if (Number.isFinite(result)) return result;
  return op === '/' && right === 0 ? byZero : infinite;
}

function doubleResult(op: Exclude<Arithmetic, '%'>, left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
  }
}

function join(left: string, right: string, frame: Frame): string | Fault {
  frame.work -= (left.length + right.length) >> 4;
  return frame.work < 0 ? exhausted : left + right;
}

function joinLists(left: readonly Value[], right: readonly Value[], frame: Frame): Value | Fault {
  frame.work -= left.length + right.length;
  return frame.work < 0 ? exhausted : [...left, ...right];
}
