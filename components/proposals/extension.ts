import { validate } from '#validators/agent-extension';
import { type DataPath, valueAt } from '../kernel/place.ts';
import { checkSchema, type SchemaIssue } from '../kernel/schema.ts';
import type { AgentExtension } from './extension.gen.ts';

export interface ReadExtension {
  /** Without the mistakes: where there are some, nothing can be proposed. */
  readonly extension: AgentExtension;
  /** Paths begin at the document. */
  readonly issues: readonly SchemaIssue[];
}

const places: readonly DataPath[] = [
  ['extensions', 'pipewright'],
  ['spec', 'extensions', 'pipewright'],
];

/** Reads `extensions.pipewright` of a manifest, at both places OSSA knows for extensions; of two the first counts. */
export function readExtension(manifest: unknown): ReadExtension {
  const place = places.find((path) => valueAt(manifest, path) !== undefined);
  if (place === undefined) return { extension: {}, issues: [] };
  const value = valueAt(manifest, place);
  const issues = checkSchema(validate, value).map((issue) => ({ ...issue, path: [...place, ...issue.path] }));
  return { extension: issues.length === 0 ? (value as AgentExtension) : {}, issues };
}
