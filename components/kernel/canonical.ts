import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { renderPath } from './place.ts';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** SHA-256 in lower-case hexadecimal, as OCI and in-toto write it. */
export type Digest = `sha256:${string}`;

/**
 * Canonical JSON (RFC 8785): one text for one value, whatever the order of insertion. A member that is undefined
 * is left out, as in JSON. Throws TypeError, with the place, for what JSON cannot say: NaN, infinities, bigint,
 * undefined items, functions, symbols, half surrogate pairs, cycles and objects of a class (Date, Map, ...).
 */
export function canonicalJson(value: JsonValue): string {
  assertJson(value, [], new Set());
  // Audited at 4.0.0: numbers and strings through JSON.stringify, as RFC 8785 §3.2.2 asks; keys by UTF-16 units.
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('there is no JSON for the whole value');
  return text;
}

/** Digest of the canonical JSON of a value, in UTF-8. */
export function digest(value: JsonValue): Digest {
  return digestBytes(canonicalJson(value));
}

/** Digest of bytes; a string counts as its UTF-8. */
export function digestBytes(data: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

function assertJson(value: unknown, path: (string | number)[], above: Set<object>): void {
  switch (typeof value) {
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value)) refuse(path, String(value));
      return;
    case 'string':
      if (!value.isWellFormed()) refuse(path, 'text with half of a surrogate pair');
      return;
    case 'object':
      if (value !== null) assertCollection(value, path, above);
      return;
    default:
      refuse(path, value === undefined ? 'undefined' : `a ${typeof value}`);
  }
}

function assertCollection(value: object, path: (string | number)[], above: Set<object>): void {
  if (above.has(value)) refuse(path, 'a value that contains itself');
  above.add(value);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) assertJson(value[index], [...path, index], above);
  } else {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) refuse(path, 'an object of a class');
    for (const [key, item] of Object.entries(value)) {
      if (!key.isWellFormed()) refuse(path, 'a key with half of a surrogate pair');
      if (item !== undefined) assertJson(item, [...path, key], above);
    }
  }
  above.delete(value);
}

function refuse(path: readonly (string | number)[], what: string): never {
  throw new TypeError(
    `${path.length === 0 ? 'the value' : renderPath(path)} is ${what}, which JSON cannot say`,
  );
}
