import { factLimits } from './limits.ts';
import type { Value } from './value.ts';

/** Why a value cannot be used as a fact; it holds nothing of the value. */
export class Problem {
  readonly kind: 'type' | 'limit';
  readonly says: string;

  constructor(kind: Problem['kind'], says: string) {
    this.kind = kind;
    this.says = says;
  }
}

export const tooLarge = new Problem('limit', 'is too large for an expression');

const notJson = new Problem('type', 'is not a JSON value');

/**
 * Copies a JSON value, objects as maps, numbers as doubles. What JSON cannot hold is of the wrong type; what is too
 * large or deep for `factLimits`, or holds itself, is over the limit.
 */
export function readJson(value: unknown): Value | Problem {
  return copy(value, { parts: 0, characters: 0 }, 0);
}

interface Size {
  parts: number;
  characters: number;
}

function copy(value: unknown, size: Size, depth: number): Value | Problem {
  size.parts += 1;
  if (typeof value === 'string') size.characters += value.length;
  if (size.parts > factLimits.parts || size.characters > factLimits.characters || depth > factLimits.depth) {
    return tooLarge;
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : notJson;
  if (Array.isArray(value)) return copyList(value, size, depth);
  return typeof value === 'object' && isPlain(value) ? copyObject(value, size, depth) : notJson;
}

function copyList(list: readonly unknown[], size: Size, depth: number): readonly Value[] | Problem {
  const items: Value[] = [];
  for (const part of list) {
    const item = copy(part, size, depth + 1);
    if (item instanceof Problem) return item;
    items.push(item);
  }
  return items;
}

function copyObject(object: object, size: Size, depth: number): ReadonlyMap<string, Value> | Problem {
  const entries = new Map<string, Value>();
  for (const [key, part] of Object.entries(object) as [string, unknown][]) {
    // As in JSON.stringify: a key without a value is not there.
    if (part === undefined) continue;
    size.characters += key.length;
    const item = copy(part, size, depth + 1);
    if (item instanceof Problem) return item;
    entries.set(key, item);
  }
  return entries;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
