import type { JsonValue } from '../../kernel/canonical.ts';

/** A field of what a server has sent; undefined where it is no mapping, or has none of that name itself. */
export function field(value: JsonValue, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const mapping = value as { readonly [key: string]: JsonValue | undefined };
  return Object.hasOwn(mapping, name) ? mapping[name] : undefined;
}
