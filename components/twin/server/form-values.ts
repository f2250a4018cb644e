import { isRecord, type JsonSchema } from './request-schema.ts';

const flags: Readonly<Record<string, boolean>> = {
  ...{ true: true, t: true, '1': true, yes: true, on: true },
  ...{ false: false, f: false, '0': false, no: false, off: false },
};

/**
 * A copy of what was sent in the types its schema wants, as Grape coerces it: words are flags, `a,b` is a list; whatever
 * does not fit stays as it is. Numbers are left to the validator.
 */
export function fitToSchema(value: unknown, schema: unknown): unknown {
  if (value instanceof File) return value.name;
  if (!isRecord(schema)) return value;
  switch (schema.type) {
    case 'array':
      return listOf(value)?.map((item) => fitToSchema(item, schema.items)) ?? value;
    case 'boolean':
      return typeof value === 'string' ? (flags[value.toLowerCase()] ?? value) : value;
    case 'object':
      return isRecord(value) ? fitRecord(value, schema) : value;
    default:
      return isRecord(value) || Array.isArray(value) ? structuredClone(value) : value;
  }
}

function fitRecord(value: Readonly<Record<string, unknown>>, schema: JsonSchema): Record<string, unknown> {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, fitToSchema(one, properties[name])]),
  );
}

function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value === '' ? [] : value.split(',');
  return typeof value === 'number' ? [value] : undefined;
}
