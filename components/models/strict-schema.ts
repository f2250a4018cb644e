import type { JsonValue } from '../kernel/canonical.ts';

/** Keywords that the strict modes of OpenAI and of Anthropic both take; each refuses a request with any other of its own. */
const known: ReadonlySet<string> = new Set([
  ...[
    'type',
    'description',
    'properties',
    'required',
    'additionalProperties',
    'items',
    'enum',
    'const',
    'anyOf',
  ],
]);

/** Mappings and lists inside each other; OpenAI's first limit. */
const mostDepth = 5;

/**
 * Whether providers can hold arguments to a schema while the model writes them. They ask that a mapping has no other fields and
 * all of its own, and know few keywords. https://platform.openai.com/docs/guides/structured-outputs,
 * https://docs.claude.com/en/docs/build-with-claude/structured-outputs
 */
export function fitsStrictMode(schema: JsonValue, depth = 0): boolean {
  if (!isMapping(schema) || depth > mostDepth) return false;
  if (!Object.keys(schema).every((name) => known.has(name))) return false;
  const { type, anyOf, items, properties = {}, required = [], additionalProperties } = schema;
  if (Array.isArray(anyOf)) return depth > 0 && anyOf.every((each) => fitsStrictMode(each, depth + 1));
  if (typeof type !== 'string') return false;
  if (type === 'array') return fitsStrictMode(items ?? null, depth + 1);
  if (type !== 'object') return true;
  if (additionalProperties !== false || !isMapping(properties) || !Array.isArray(required)) return false;
  return Object.entries(properties).every(
    ([name, each]) => required.includes(name) && fitsStrictMode(each ?? null, depth + 1),
  );
}

function isMapping(value: JsonValue): value is { readonly [key: string]: JsonValue | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
