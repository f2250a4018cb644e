import type { OwnSchema } from './types.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a request may say: GitLab does not care whether a parameter comes in the query or in the body. */
export interface RequestSchema {
  /** Of the path's parameters, in their order. */
  readonly pathSchemas: readonly JsonSchema[];
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

/** What our own schema of a route says; a `raw` body is not looked at. */
export function ownRequestSchema({ query = {}, body }: OwnSchema): RequestSchema {
  const fromBody = isRecord(body) ? body : {};
  const properties = isRecord(fromBody.properties) ? fromBody.properties : {};
  return {
    pathSchemas: [],
    properties: Object.fromEntries(
      Object.entries({ ...query, ...properties }).map(([name, one]) => [name, isRecord(one) ? one : {}]),
    ),
    required: Array.isArray(fromBody.required) ? fromBody.required.map(String) : [],
  };
}

const text = { type: 'string' };

/** What any request may say: who asks, and which page of a list. Source: docs.gitlab.com/api/rest. */
const always: Readonly<Record<string, JsonSchema>> = {
  private_token: text,
  job_token: text,
  page: { type: 'integer' },
  per_page: { type: 'integer' },
  pagination: { type: 'string', enum: ['keyset', 'legacy'] },
  id_after: { type: 'integer' },
  id_before: { type: 'integer' },
  cursor: text,
};

/** The JSON Schema of everything a request says but its path. */
export function closedSchema({ properties, required }: RequestSchema): JsonSchema {
  return { type: 'object', properties: { ...always, ...properties }, required, additionalProperties: false };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
