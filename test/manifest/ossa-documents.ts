// Documents to compare two schemas by: changes of a document, and values a schema names.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Kind } from '../../components/manifest/types.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };
export type Document = JsonObject & { apiVersion: string; kind: Kind };
export interface Schema extends Record<string, unknown> {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: boolean | Schema;
}

export const readJson = (path: string): Schema => JSON.parse(readFileSync(path, 'utf8'));

const minimalSpec: Readonly<Record<Kind, JsonObject>> = {
  Agent: { role: 'You summarise merge requests.' },
  Task: { execution: { type: 'deterministic' } },
  Workflow: { steps: [{ id: 'summarise', kind: 'Agent', ref: 'mr-summariser' }] },
  Flow: {
    flow_schema: { initial_state: 'waiting', states: [{ name: 'waiting' }, { name: 'done' }] },
    transitions: [{ from: 'waiting', to: 'done', trigger: { type: 'agent_signal', signal: 'complete' } }],
  },
  Skill: { description: 'Use it to summarise a merge request.' },
  Validator: {
    validates: { targetTypes: ['all'], phases: ['semantic'] },
    rules: [
      // biome-ignore lint/suspicious/noThenProperty: OSSA calls it so, and nothing awaits it.
      { id: 'named', when: { path: 'metadata.name' }, then: { enforcement: 'error', message: 'name it' } },
    ],
  },
};

/** As little as a manifest of that version and kind may have. */
export function minimal(apiVersion: string, kind: Kind): Document {
  const marks = kind === 'Validator' ? { agentType: 'validator', agentKind: 'semantic' } : {};
  const metadata = { name: 'mr-summariser', version: '1.0.0', ...marks };
  return { apiVersion, kind, metadata, spec: structuredClone(minimalSpec[kind]) };
}

/** Changes the document in place, yields after each change, and puts back what was there. */
export function* changes(
  at: Json,
  path: string,
  values: Interesting,
): Generator<{ path: string; value: string }> {
  if (Array.isArray(at)) {
    at.push(at[0] ?? 'zzz');
    yield { path, value: 'with its first item twice' };
    const rest = at.splice(0);
    yield { path, value: 'emptied' };
    at.push(...Array.from({ length: 25 }, () => rest[0] ?? 'zzz'));
    yield { path, value: 'with 25 items' };
    at.splice(0, at.length, ...rest.slice(0, -1));
    for (const [index] of at.slice(0, 2).entries()) {
      yield* changesOf(at as unknown as JsonObject, String(index), path, values);
    }
  }
  if (isObject(at)) {
    at.zzz = 'zzz';
    yield { path, value: 'with an unknown key' };
    delete at.zzz;
    for (const key of Object.keys(at)) {
      const old = at[key] as Json;
      delete at[key];
      yield { path: `${path}/${key}`, value: 'dropped' };
      at[key] = old;
      yield* changesOf(at, key, path, values);
    }
  }
}

function* changesOf(holder: JsonObject, key: string, path: string, values: Interesting) {
  const old = holder[key] as Json;
  const name = /^\d+$/.test(key) ? (path.split('/').at(-1) ?? '') : key;
  const tried: Json[] = ['A b!', '', '\u0024{X:-1}', '$', 1, 0.5, true, null, [], {}, [1], [{}], { zzz: 1 }];
  for (const value of [...tried, ...(values.get(name) ?? [])]) {
    holder[key] = value;
    yield { path: `${path}/${key}`, value: JSON.stringify(value).slice(0, 60) };
  }
  holder[key] = old;
  yield* changes(old, `${path}/${key}`, values);
}

/** For each field name: every value of its enumerations, and values at both sides of its limits. */
type Interesting = Map<string, Set<Json>>;
const interestingBySchema = new Map<Schema, Interesting>();
export function interestingValues(root: Schema): Interesting {
  const known = interestingBySchema.get(root);
  if (known) return known;
  const found: Interesting = new Map();
  const visit = (schema: unknown, name: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const s = schema as Record<string, unknown>;
    const add = (...values: Json[]) => found.set(name, new Set([...(found.get(name) ?? []), ...values]));
    if (Array.isArray(s.enum)) add(...(s.enum as Json[]));
    if (typeof s.minimum === 'number') add(s.minimum, s.minimum - 1, s.minimum - 0.01);
    if (typeof s.maximum === 'number') add(s.maximum, s.maximum + 1, s.maximum + 0.01);
    if (typeof s.maxLength === 'number') add('a'.repeat(s.maxLength), 'a'.repeat(s.maxLength + 1));
    if (typeof s.pattern === 'string') add(...matching(s.pattern, 3));
    for (const [key, value] of Object.entries(s)) {
      if (key === 'properties' || key === 'definitions') {
        for (const [property, sub] of Object.entries(value as Record<string, unknown>)) visit(sub, property);
      } else if (key !== 'enum') for (const sub of Array.isArray(value) ? value : [value]) visit(sub, name);
    }
  };
  visit(root, '');
  interestingBySchema.set(root, found);
  return found;
}

const matching = (pattern: string, count: number): string[] =>
  fc.sample(fc.stringMatching(new RegExp(pattern)), { seed: 7, numRuns: count });

const FORMATS: Record<string, string> = {
  uri: 'https://example.org/x',
  uuid: '7f8d5f6e-0c7b-4d0e-9f5a-1f1b2c3d4e5f',
  email: 'a@example.org',
  'date-time': '2026-01-02T03:04:05Z',
};

export const pointer = (root: Schema, hash: string): Schema =>
  hash
    .slice(2)
    .split('/')
    .filter(Boolean)
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[decodeURIComponent(key)], root) as Schema;

export function resolve(schema: Schema, root: Schema): Schema {
  if (!schema.$ref) return schema;
  return resolve(pointer(root, schema.$ref), root);
}

/** A value that has every property the schema names; a definition inside itself is filled twice, then left out. */
export function filled(given: Schema, root: Schema, seen: readonly string[] = []): Json | undefined {
  if (given.$ref && seen.filter((ref) => ref === given.$ref).length >= 2) return undefined;
  const inside = given.$ref ? [...seen, given.$ref] : seen;
  const schema = resolve(given, root);
  const union = (schema.oneOf ?? schema.anyOf) as Schema[] | undefined;
  if (union) return filled(union.find((s) => s.type === 'object') ?? (union[0] as Schema), root, inside);
  if (schema.const !== undefined) return schema.const as Json;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (typeof schema.pattern === 'string') return matching(schema.pattern, 1)[0] ?? '';
  switch ([schema.type].flat()[0]) {
    case 'object': {
      const { properties = {}, additionalProperties: more } = schema;
      const named = Object.entries(typeof more === 'object' ? { ...properties, zzz: more } : properties);
      return Object.fromEntries(
        named.flatMap(([key, s]) => {
          const value = filled(s, root, inside);
          return value === undefined ? [] : [[key, value]];
        }),
      );
    }
    case 'array': {
      const item = filled(schema.items ?? {}, root, inside);
      return item === undefined ? [] : [item];
    }
    case 'integer':
    case 'number':
      return Math.min(
        Math.max(1, Number(schema.minimum ?? 1)),
        Number(schema.maximum ?? Number.POSITIVE_INFINITY),
      );
    case 'boolean':
      return true;
    case 'string':
      return FORMATS[String(schema.format)] ?? 'text';
    default:
      return {};
  }
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
