import type { Context } from '../../kernel/context.ts';
import { readTextFile } from '../../kernel/files.ts';
import { checkSchema, type SchemaIssue, type SchemaValidator } from '../../kernel/schema.ts';
import { isMapping, type Mapping } from '../config.ts';
import type { FlatConfig } from '../types.ts';

const maxBytes = 4 * 1024 * 1024;

/** Checks a flat configuration against GitLab's schema of CI configuration, a file of JSON Schema draft 7. */
export async function checkCiSchema(
  context: Context,
  config: FlatConfig,
  schemaFile: string,
): Promise<readonly SchemaIssue[]> {
  const schema = JSON.parse(await readTextFile(context, schemaFile, { maxBytes })) as Mapping;
  const { createAjv } = await import('./ajv.ts');
  const validate = createAjv().compile(withoutHeader(schema));
  const validator: SchemaValidator = (data) => {
    const valid = validate(data) === true;
    validator.errors = validate.errors ?? null;
    return valid;
  };
  return checkSchema(validator, config);
}

/** The schema knows no `spec:component`, and a flat configuration has no header anyway. */
function withoutHeader(schema: Mapping): Mapping {
  const properties = isMapping(schema.properties) ? schema.properties : {};
  return { ...schema, properties: { ...properties, spec: { type: 'object' } } };
}
