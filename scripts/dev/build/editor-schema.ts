import { meanings } from '../../../components/manifest/explain/meanings.ts';
import { describeFields } from './editor-descriptions.ts';
import {
  type Entry,
  mapSchemas,
  type OssaSchemas,
  type Schema,
  type SchemaObject,
  splitReference,
} from './ossa-schemas.ts';

export const editorSchemaId = 'https://pipewright.dev/schemas/ossa.schema.json';

/**
 * One schema for all versions and kinds, without references to other files: what an editor is given. It holds for a manifest
 * that the schema of its own version and kind holds for, and for no other.
 *
 * @param versions - as people write them, offered for apiVersion
 */
export function bundleSchemas(
  { entries, documents }: OssaSchemas,
  versions: readonly string[],
): SchemaObject {
  const kinds = [...new Set(entries.map(({ kind }) => kind))];
  // A kind with a version it is not in is a mistake in apiVersion.
  const perKind = kinds.map((kind) => {
    const apiVersion = versionsOf(entries.filter((entry) => entry.kind === kind));
    return choice({ kind: { const: kind } }, { properties: { apiVersion } });
  });
  const perEntry = entries.map(({ name, kind, schema }) => {
    const asked = { apiVersion: apiVersionOf(schema), kind: { const: kind } };
    return choice(asked, { $ref: `#/definitions/${name}` });
  });
  const offered = versions.filter((version) =>
    entries.some(({ schema }) => takes(apiVersionOf(schema), version)),
  );
  const known = { type: 'string', anyOf: [{ enum: offered }, ...versionsOf(entries).anyOf] };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: editorSchemaId,
    title: 'An OSSA manifest',
    description: 'Which fields there are depends on apiVersion and kind.',
    type: 'object',
    required: ['apiVersion', 'kind'],
    properties: {
      apiVersion: { description: meanings.apiVersion?.means, ...known },
      kind: { description: meanings.kind?.means, type: 'string', enum: kinds },
    },
    allOf: [...perKind, ...perEntry],
    definitions: describeFields(
      definitionsOf(documents),
      entries.map(({ name }) => name),
    ),
  };
}

function definitionsOf(documents: OssaSchemas['documents']): Readonly<Record<string, Schema>> {
  const definitions = new Map<string, Schema>();
  for (const [id, document] of documents) {
    const { definitions: inside = {}, $schema, $id, ...whole } = document;
    const name = nameOf(id);
    if (Object.keys(whole).some((keyword) => keyword !== 'title')) add(definitions, name, local(whole));
    for (const [part, schema] of Object.entries(inside as Readonly<Record<string, Schema>>))
      add(definitions, `${name}.${part}`, local(schema));
  }
  return Object.fromEntries(definitions);
}

function choice(asked: Readonly<Record<string, Schema>>, met: Schema): SchemaObject {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  return { if: { properties: asked, required: Object.keys(asked) }, then: met };
}

function versionsOf(entries: readonly Entry[]): { readonly anyOf: readonly Schema[] } {
  const all = entries.map(({ schema }) => apiVersionOf(schema));
  return { anyOf: [...new Map(all.map((one) => [JSON.stringify(one), one])).values()] };
}

function apiVersionOf(schema: SchemaObject): SchemaObject {
  const { description: _, ...apiVersion } = (schema.properties as { apiVersion: SchemaObject }).apiVersion;
  return apiVersion;
}

function takes({ pattern, enum: values, const: value }: SchemaObject, version: string): boolean {
  if (typeof pattern === 'string') return new RegExp(pattern).test(version);
  return Array.isArray(values) ? values.includes(version) : value === version;
}

function add(definitions: Map<string, Schema>, name: string, schema: Schema): void {
  if (definitions.has(name)) throw new Error(`two schemas would be called ${name}`);
  definitions.set(name, schema);
}

/** `…/schemas/ossa/parts/agent.schema.json` is called `parts.agent`. */
function nameOf(id: string): string {
  return id
    .replace(/^.*\/schemas\/ossa\//, '')
    .replace(/\.schema\.json$/, '')
    .replaceAll('/', '.');
}

/** The same with references into the bundle. */
function local(schema: Schema): Schema {
  const inside = mapSchemas(schema, local);
  if (typeof inside === 'boolean' || typeof inside.$ref !== 'string') return inside;
  const { document, definition } = splitReference(inside.$ref);
  const $ref = `#/definitions/${[nameOf(document), ...(definition === undefined ? [] : [definition])].join('.')}`;
  // Draft-07 ignores what stands beside a reference; Ajv, and so our verdict, does not.
  const { $ref: _, ...beside } = inside;
  return Object.keys(beside).length === 0
    ? { $ref }
    : { ...beside, allOf: [...((beside.allOf as Schema[]) ?? []), { $ref }] };
}
