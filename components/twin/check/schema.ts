import type { Context } from '../../kernel/context.ts';
import { readTextFile } from '../../kernel/files.ts';
import { checkSchema, type SchemaIssue, type SchemaValidator } from '../../kernel/schema.ts';
import { isMapping, type Mapping } from '../config.ts';
import type { FlatConfig } from '../types.ts';

const maxBytes = 4 * 1024 * 1024;

/** GitLab's schema of CI configuration, compiled when it is first asked for; undefined where it is not at hand. */
export type CiSchema = (() => Promise<SchemaValidator>) | undefined;

/** The schema of a file of JSON Schema draft 7. Compiling it takes a tenth of a second, and happens once. */
export function ciSchemaOf(context: Context, file: string | undefined): CiSchema {
  if (file === undefined) return undefined;
  let compiled: Promise<SchemaValidator> | undefined;
  return () => {
    compiled ??= compile(context, file);
    return compiled;
  };
}

/** Undefined where there is no schema. */
export async function checkCiSchema(
  config: FlatConfig,
  schema: CiSchema,
): Promise<readonly SchemaIssue[] | undefined> {
  return schema && checkSchema(await schema(), config);
}

async function compile(context: Context, file: string): Promise<SchemaValidator> {
  const schema = JSON.parse(await readTextFile(context, file, { maxBytes })) as Mapping;
  const { createAjv } = await import('./ajv.ts');
  const validate = createAjv().compile(withoutHeader(schema));
  const validator: SchemaValidator = (data) => {
    const valid = validate(data) === true;
    validator.errors = validate.errors ?? null;
    return valid;
  };
  return validator;
}

/** The schema knows no `spec:component`, and a flat configuration has no header anyway. */
function withoutHeader(schema: Mapping): Mapping {
  const properties = isMapping(schema.properties) ? schema.properties : {};
  return { ...schema, properties: { ...properties, spec: { type: 'object' } } };
}
