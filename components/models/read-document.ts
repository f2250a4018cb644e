import { once } from '../kernel/once.ts';
import type { DataPath, Position } from '../kernel/place.ts';
import { checkSchema, type SchemaValidator } from '../kernel/schema.ts';
import { parseYaml } from '../kernel/yaml.ts';
import { locateManifest } from '../kernel/yaml-locate.ts';

export interface Mistake extends Position {
  readonly reason: string;
}

export type ReadDocument =
  | { readonly ok: true; readonly data: unknown; readonly locate: (path: DataPath) => Position }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Reads a file of one YAML document that a schema describes; every mistake with its place. */
export async function readDocument(text: string, validate: SchemaValidator): Promise<ReadDocument> {
  const parsed = parseYaml(text, 'manifest');
  if (!parsed.ok) {
    const { explainYaml } = await import('../kernel/yaml-positions.ts');
    const problems = explainYaml(text, 'manifest', parsed.problems);
    return {
      ok: false,
      mistakes: problems.map(({ line, column, message }) => ({ line, column, reason: message })),
    };
  }
  const [data] = parsed.documents;
  const locator = once(() => locateManifest(text));
  const mistakes: Mistake[] = checkSchema(validate, data ?? null).map(
    ({ path, target, message, expected }) => ({
      ...locator()(0, path, target),
      reason: expected === undefined ? message : `${message}, expected ${expected}`,
    }),
  );
  if (parsed.documents.length > 1)
    mistakes.push({ line: 1, column: 1, reason: 'it holds several documents, expected one' });
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, data, locate: (path) => locator()(0, path) };
}
