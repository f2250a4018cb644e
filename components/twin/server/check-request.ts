import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import { fitToSchema } from './form-values.ts';
import type { ApiDescription } from './openapi.ts';
import {
  closedSchema,
  isRecord,
  type JsonSchema,
  ownRequestSchema,
  type RequestSchema,
} from './request-schema.ts';
import type { Call, Route } from './types.ts';

/** Says what is wrong with a call in GitLab's words, `body is missing, state does not have a valid value`. */
export type RequestCheck = (call: Call, route: Route) => string | undefined;

/**
 * Checks requests against our own schema of a route, else against GitLab's description of its API, and more strictly than
 * GitLab does: what nobody describes is refused. Routes with neither are not checked.
 */
export function createRequestCheck(ajv: Ajv, description: ApiDescription | undefined): RequestCheck {
  const compiled = new Map<Route, Compiled | undefined>();
  return (call, route) => {
    if (!compiled.has(route)) compiled.set(route, compile(ajv, schemaOf(route, description)));
    const checks = compiled.get(route);
    if (checks === undefined) return undefined;
    const problems = [...checkPath(call, route, checks), ...checkParameters(call, checks)];
    return problems.length === 0 ? undefined : [...new Set(problems)].join(', ');
  };
}

/** Names of routes that neither GitLab's description nor a schema of our own describes. */
export function routesWithoutSchema(
  routes: readonly Route[],
  description: ApiDescription,
): readonly string[] {
  return routes
    .filter((route) => schemaOf(route, description) === undefined)
    .map(({ method, path }) => `${method} ${path}`);
}

function schemaOf(route: Route, description: ApiDescription | undefined): RequestSchema | undefined {
  if (route.schema !== undefined) return ownRequestSchema(route.schema);
  return description?.find(route.method === 'HEAD' ? 'GET' : route.method, route.path);
}

interface Compiled {
  readonly path: readonly ValidateFunction[];
  readonly schema: JsonSchema;
  readonly request: ValidateFunction;
}

function compile(ajv: Ajv, schema: RequestSchema | undefined): Compiled | undefined {
  if (schema === undefined) return undefined;
  const closed = closedSchema(schema);
  // In an object, since a value that stands alone cannot be coerced.
  const path = schema.pathSchemas.map((one) => ajv.compile({ type: 'object', properties: { value: one } }));
  return { path, schema: closed, request: ajv.compile(closed) };
}

function checkPath({ params }: Call, route: Route, { path }: Compiled): string[] {
  const names = [...route.path.matchAll(/\/[:*]([^/]+)/g)].map(([, name = '']) => name);
  return names
    .filter((name, index) => path[index]?.({ value: params[name] }) === false)
    .map((name) => `${name} is invalid`);
}

function checkParameters({ query, body }: Call, { schema, request }: Compiled): string[] {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const plain = Object.entries(query).filter(([name]) => !isInside(name, properties));
  // Where `filter[scope]` is described by that name, the `filter` a write's body has of it is not asked for.
  const described = plain.map(([name]) => name).filter((name) => Object.hasOwn(properties, name));
  const nested = new Set(described.filter((name) => name.includes('[')).map(wholeOf));
  const rest = Object.entries(body).filter(([name]) => !nested.has(name) || Object.hasOwn(properties, name));
  const sent = fitToSchema(Object.fromEntries([...plain, ...rest]), schema);
  if (request(sent)) return [];
  return (request.errors ?? []).map(explain);
}

function wholeOf(name: string): string {
  return name.split('[', 1)[0] ?? name;
}

/** `variables[KEY]` of a query belongs to `variables`; a write has it nested in its body. */
function isInside(name: string, properties: Readonly<Record<string, unknown>>): boolean {
  const whole = properties[wholeOf(name)];
  const isOpen = isRecord(whole) && (whole.type === 'object' || whole.type === 'array');
  return name.includes('[') && !Object.hasOwn(properties, name) && isOpen;
}

function explain({ instancePath, keyword, params }: ErrorObject): string {
  const keys = instancePath.split('/').slice(1);
  switch (keyword) {
    case 'required':
      return `${nameOf([...keys, String(params.missingProperty)])} is missing`;
    case 'additionalProperties':
      return `${nameOf([...keys, String(params.additionalProperty)])} is not described for this request`;
    case 'enum':
      return `${nameOf(keys)} does not have a valid value`;
    default:
      return `${nameOf(keys)} is invalid`;
  }
}

function nameOf([first = '', ...rest]: readonly string[]): string {
  return first + rest.map((key) => `[${key}]`).join('');
}
