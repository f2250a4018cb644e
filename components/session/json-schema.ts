import type { AnySchema, Options, SchemaValidateFunction } from 'ajv';
import { canonicalJson, type JsonValue } from '../kernel/canonical.ts';
import { checkSchema, type SchemaIssue, type SchemaValidator } from '../kernel/schema.ts';

export type CompiledSchema =
  | { readonly ok: true; readonly check: (value: JsonValue) => readonly SchemaIssue[] }
  | { readonly ok: false; readonly reason: string };

/** Characters of a value of which every mistake is told; of a larger one the first, since there could be a million. */
const mostExplained = 100_000;

/**
 * Compiles the JSON Schema of a manifest or a tool (draft-07). Ajv is loaded here and only here, since that takes as long
 * as a whole command. What a stranger's value could make slow is replaced: regular expressions are RE2's, and items are
 * compared by their canonical text.
 */
export async function compileSchema(schema: unknown): Promise<CompiledSchema> {
  const { createAjv } = await import('./ajv.ts');
  const compile = (allErrors: boolean): SchemaValidator => {
    const ajv = createAjv({ ...options, allErrors });
    ajv.addVocabulary(['example']);
    ajv.removeKeyword('uniqueItems');
    ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', validate: uniqueItems });
    const validator = ajv.compile(schema as AnySchema);
    // Its answer would be a promise, which is true.
    if ('$async' in validator) throw new Error('$async is not for a schema of a manifest');
    return validator as SchemaValidator;
  };
  try {
    const first = compile(false);
    let all: SchemaValidator | undefined;
    return {
      ok: true,
      check: (value) => {
        if (first(value)) return [];
        if (canonicalJson(value).length > mostExplained) return checkSchema(first, value);
        all ??= compile(true);
        return checkSchema(all, value);
      },
    };
  } catch (error) {
    // Ajv's words, and RE2's; a schema that nests without end overflows the stack.
    return { ok: false, reason: (error as Error).message };
  }
}

const options: Options = {
  verbose: true,
  // A misspelt keyword would check nothing.
  strictSchema: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  allowUnionTypes: true,
  logger: false,
};

const uniqueItems: SchemaValidateFunction = (isWanted: boolean, items: readonly JsonValue[]) => {
  if (!isWanted) return true;
  const seen = new Map<string, number>();
  for (const [i, item] of items.entries()) {
    const text = canonicalJson(item);
    const j = seen.get(text);
    if (j !== undefined) {
      uniqueItems.errors = [{ keyword: 'uniqueItems', params: { i, j } }];
      return false;
    }
    seen.set(text, i);
  }
  return true;
};
