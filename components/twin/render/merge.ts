import { Reference } from '../../kernel/yaml.ts';

export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Reference)
  );
}

/** A mapping with these entries, even `__proto__`. */
export function mappingOf(entries: Iterable<readonly [string, unknown]>): Mapping {
  return Object.fromEntries(entries);
}

/**
 * GitLab's merge of configurations: mappings key by key, the later value wins elsewhere (also null; lists are
 * replaced). A key keeps the place it had first.
 */
export function deepMerge(earlier: Mapping, later: Mapping): Mapping {
  const merged = new Map(Object.entries(earlier));
  for (const [key, value] of Object.entries(later)) {
    const before = merged.get(key);
    merged.set(key, isMapping(before) && isMapping(value) ? deepMerge(before, value) : value);
  }
  return mappingOf(merged);
}

/** The mapping without one key. */
export function without(mapping: Mapping, name: string): Mapping {
  return mappingOf(Object.entries(mapping).filter(([key]) => key !== name));
}
