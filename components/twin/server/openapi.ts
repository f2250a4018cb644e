import { load } from 'js-yaml';
import { isRecord, type JsonSchema, type RequestSchema } from './request-schema.ts';

/** One method of one address, as GitLab's OpenAPI document describes its request. */
export interface Operation extends RequestSchema {
  readonly method: string;
  /** Below `/api/v4`: `/projects/{id}/labels`. */
  readonly path: string;
}

/** The requests of GitLab's OpenAPI document. Answers are described too loosely to be checked. */
export interface ApiDescription {
  readonly operations: readonly Operation[];
  /** Of a route's pattern; its parameters may be called otherwise. */
  readonly find: (method: string, pattern: string) => Operation | undefined;
  /** How the document writes a path as it is sent; undefined where it has no such method there. */
  readonly pathOf: (method: string, path: string) => string | undefined;
}

/** Reads an OpenAPI 3.0 document in YAML or JSON. */
export function parseOpenApi(text: string): ApiDescription {
  const document = load(text);
  const paths = Object.entries(recordIn(document, 'paths'));
  const operations = paths.flatMap(([path, item]) => operationsOf(document, path, item));
  const known = new Map(operations.map((one) => [keyOf(one.method, one.path), one]));
  return {
    operations,
    find: (method, pattern) => known.get(keyOf(method, pattern)),
    pathOf: (method, path) =>
      operations.find((one) => one.method === method && matchesTemplate(one.path, path))?.path,
  };
}

/** Without the names of parameters: GitLab calls the number of a merge request `noteable_id` for notes. */
function keyOf(method: string, pattern: string): string {
  return `${method} ${pattern.replace(/\{[^}]+\}|(?<=\/):[^/]+/g, '{}')}`;
}

function matchesTemplate(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith('{') || part === given[index])
  );
}

function operationsOf(document: unknown, fullPath: string, item: unknown): Operation[] {
  if (!fullPath.startsWith('/api/v4/') || !isRecord(item)) return [];
  return Object.entries(item).flatMap(([method, operation]) =>
    variantsOf(fullPath.slice('/api/v4'.length)).map((path) => ({
      ...requestOf(document, path, operation),
      method: method.toUpperCase(),
      path,
    })),
  );
}

/** GitLab's generator leaves Grape's optional part of a path in it: `(ref/{ref}/)trigger/pipeline`. */
function variantsOf(path: string): string[] {
  const match = /^(.*)\(([^)]*)\)(.*)$/.exec(path);
  if (match === null) return [path];
  const [, before = '', optional = '', after = ''] = match;
  return [`${before}${after}`, `${before}${optional}${after}`];
}

function requestOf(document: unknown, path: string, operation: unknown): RequestSchema {
  const parameters = listIn(operation, 'parameters').filter(isRecord);
  const named = parameters.map((parameter) => ({
    name: String(parameter.name),
    inPath: path.includes(`{${parameter.name}}`),
    required: parameter.required === true,
    schema: resolve(document, parameter.schema),
  }));
  const order = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
  const body = bodyOf(document, operation);
  const others = named.filter(({ inPath }) => !inPath);
  const required = others.filter((one) => one.required).map(({ name }) => name);
  return {
    pathSchemas: order.map((name) => named.find((one) => one.name === name)?.schema ?? {}),
    properties: {
      ...Object.fromEntries(others.map(({ name, schema }) => [name, schema])),
      ...body.properties,
    },
    required: [...required, ...body.required],
  };
}

function bodyOf(document: unknown, operation: unknown): Pick<RequestSchema, 'properties' | 'required'> {
  const [content] = Object.values(recordIn(recordIn(operation, 'requestBody'), 'content'));
  const schema = isRecord(content) ? resolve(document, content.schema) : {};
  const properties = Object.entries(recordIn(schema, 'properties'));
  return {
    properties: Object.fromEntries(
      properties.map(([name, property]) => [name, isRecord(property) ? property : {}]),
    ),
    required: listIn(schema, 'required').map(String),
  };
}

/** A schema with what it refers to in it, and closed: objects take what they name, free ones anything. */
function resolve(document: unknown, schema: unknown): JsonSchema {
  if (!isRecord(schema)) return {};
  if (typeof schema.$ref === 'string') return resolve(document, lookUp(document, schema.$ref));
  const inner = (value: unknown) => resolve(document, value);
  const resolved: Record<string, unknown> = { ...schema };
  if (schema.items !== undefined) resolved.items = inner(schema.items);
  // Text that is a number fits both of `string` and `integer`.
  if (Array.isArray(schema.oneOf)) resolved.anyOf = schema.oneOf.map(inner);
  delete resolved.oneOf;
  if (isRecord(schema.properties)) {
    const properties = Object.entries(schema.properties);
    resolved.properties = Object.fromEntries(properties.map(([name, value]) => [name, inner(value)]));
    resolved.additionalProperties = false;
  }
  return resolved;
}

function lookUp(document: unknown, reference: string): unknown {
  const keys = reference.split('/').slice(1);
  return keys.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), document);
}

function recordIn(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const found = isRecord(value) ? value[key] : undefined;
  return isRecord(found) ? found : {};
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const found = isRecord(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}
