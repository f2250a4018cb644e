import { isNumber, noOverload, type Operation } from './arithmetic.ts';
import { exhausted, type Fault, type Frame, isList, type Value } from './value.ts';

export type Ordering = '<' | '<=' | '>' | '>=';

/**
 * The comparison of an operator. Numbers compare by value whatever their types are, texts by their UTF-16 units (as
 * in `@bufbuild/cel`), false comes before true; anything else is an error.
 */
export function ordering(op: Ordering): Operation {
  return (left, right, frame) => {
    // JavaScript compares a bigint with a number exactly.
    if (isNumber(left) && isNumber(right)) return ordered(op, left, right);
    if (typeof left === 'string' && typeof right === 'string') {
      frame.work -= Math.min(left.length, right.length) >> 4;
      return ordered(op, left, right);
    }
    if (typeof left === 'boolean' && typeof right === 'boolean') return ordered(op, left, right);
    return noOverload(op, left, right);
  };
}

/** Of two of one type. */
export function ordered<T extends number | bigint | string | boolean>(
  op: Ordering,
  left: T,
  right: T,
): boolean {
  switch (op) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** CEL's equality: numbers by value, lists and maps by their parts, values of different types are not equal. */
export function equal(left: Value, right: Value, frame: Frame): boolean {
  if (left === right) {
    if (typeof left === 'string') frame.work -= left.length >> 4;
    return true;
  }
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length === right.length) frame.work -= left.length >> 4;
    return false;
  }
  // No number here is NaN, so neither below nor above means equal; `===` is false between number and bigint.
  if (isNumber(left) && isNumber(right)) return !(left < right) && !(left > right);
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (isList(left)) return isList(right) && equalLists(left, right, frame);
  return !isList(right) && equalMaps(left, right, frame);
}

function equalLists(left: readonly Value[], right: readonly Value[], frame: Frame): boolean {
  if (left.length !== right.length) return false;
  for (const [index, item] of left.entries()) {
    frame.work -= 1;
    if (frame.work < 0 || !equal(item, right[index] as Value, frame)) return false;
  }
  return true;
}

function equalMaps(
  left: ReadonlyMap<string, Value>,
  right: ReadonlyMap<string, Value>,
  frame: Frame,
): boolean {
  if (left.size !== right.size) return false;
  for (const [key, item] of left) {
    frame.work -= 1;
    const other = right.get(key);
    if (frame.work < 0 || other === undefined || !equal(item, other, frame)) return false;
  }
  return true;
}

/** `in`: an item of a list by equality, or a key of a map. */
export function contained(item: Value, container: Value, frame: Frame): boolean | Fault {
  if (isList(container)) {
    for (const other of container) {
      frame.work -= 1;
      if (frame.work < 0) return exhausted;
      if (equal(item, other, frame)) return true;
    }
    return false;
  }
  if (container instanceof Map) return typeof item === 'string' && container.has(item);
  return noOverload('in', item, container);
}
