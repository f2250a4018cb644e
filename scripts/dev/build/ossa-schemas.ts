import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const suffix = '.schema.json';

/** A JSON Schema of draft-07, or of a part of one. */
export type Schema = boolean | SchemaObject;
export type SchemaObject = { readonly [keyword: string]: unknown };

/** The schema of one version and kind. */
export interface Entry {
  /** `v0.3.5.agent` */
  readonly name: string;
  readonly version: string;
  readonly kind: string;
  readonly schema: SchemaObject;
}

export interface OssaSchemas {
  /** From the oldest version to the newest. */
  readonly entries: readonly Entry[];
  /** All documents by identity, those of the entries too; each `$ref` in them is absolute. */
  readonly documents: ReadonlyMap<string, SchemaObject>;
}

/** Reads schemas/ossa as its README.md lays it out: entries at the top, what they are made of in folders. */
export async function readOssaSchemas(folder = 'schemas/ossa'): Promise<OssaSchemas> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(suffix)).sort();
  const all = await Promise.all(
    files.map(async (file) => ({ file, schema: await readSchema(join(folder, file)) })),
  );
  const entries = all
    .filter(({ file }) => !file.includes('/'))
    .map(({ file, schema }) => toEntry(file, schema));
  return {
    entries: entries.sort((a, b) => compareVersions(a.version, b.version) || (a.name < b.name ? -1 : 1)),
    documents: new Map(all.map(({ schema }) => [String(schema.$id), schema])),
  };
}

/** Reads one document; each `$ref` in it is made absolute. */
export async function readSchema(path: string): Promise<SchemaObject> {
  const schema = JSON.parse(await readFile(path, 'utf8')) as SchemaObject;
  return withAbsoluteReferences(schema, String(schema.$id)) as SchemaObject;
}

/** What a reference means. Throws where it leads nowhere, or elsewhere than to a document or one of its definitions. */
export function meantBy(reference: string, documents: OssaSchemas['documents']): Schema {
  const { document, definition } = splitReference(reference);
  const found = documents.get(document);
  const meant =
    definition === undefined ? found : (found?.definitions as Readonly<Record<string, Schema>>)?.[definition];
  if (meant === undefined) throw new Error(`${reference} leads nowhere`);
  return meant;
}

export function splitReference(reference: string): { document: string; definition: string | undefined } {
  const [document = '', place] = reference.split('#');
  if (place === undefined || place === '') return { document, definition: undefined };
  const [, definition] = /^\/definitions\/([^/~%]+)$/.exec(place) ?? [];
  if (definition === undefined)
    throw new Error(`${reference} is neither a document nor one of its definitions`);
  return { document, definition };
}

/** The schemas in a schema, each as `change` makes it; everything else as it is. */
export function mapSchemas(schema: Schema, change: (part: Schema) => Schema): Schema {
  if (typeof schema === 'boolean') return schema;
  const table = (value: object) =>
    Object.fromEntries(Object.entries(value).map(([name, part]) => [name, change(part)]));
  const keywords = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (isSchemaTable(keyword)) return [keyword, table(value as object)];
    if (['allOf', 'anyOf', 'oneOf'].includes(keyword)) return [keyword, (value as Schema[]).map(change)];
    if (['if', 'then', 'else', 'not', 'additionalProperties', 'contains', 'propertyNames'].includes(keyword))
      return [keyword, change(value as Schema)];
    if (keyword !== 'items') return [keyword, value];
    return [keyword, Array.isArray(value) ? value.map(change) : change(value as Schema)];
  });
  return Object.fromEntries(keywords);
}

function isSchemaTable(keyword: string): boolean {
  return ['properties', 'patternProperties', 'definitions'].includes(keyword);
}

function withAbsoluteReferences(schema: Schema, base: string): Schema {
  const inside = mapSchemas(schema, (part) => withAbsoluteReferences(part, base));
  if (typeof inside === 'boolean' || typeof inside.$ref !== 'string') return inside;
  return { ...inside, $ref: new URL(inside.$ref, base).href };
}

function toEntry(file: string, schema: SchemaObject): Entry {
  const name = basename(file, suffix);
  const at = name.lastIndexOf('.');
  const { kind } = schema.properties as Readonly<Record<string, { const?: unknown } | undefined>>;
  if (at < 0 || typeof kind?.const !== 'string') throw new Error(`${file} is not of one version and kind`);
  return { name, version: name.slice(0, at), kind: kind.const, schema };
}

/** `v0.3.5` before `v0.4`, numbers as numbers. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
