// Imported lazily, as check/ajv.ts is: Ajv takes as long to load as a whole command.
import { Ajv } from 'ajv';

/** An Ajv that takes `"7"` for a number, as a form sends it, and knows the formats GitLab's API names. */
export function createFormAjv(): Ajv {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    coerceTypes: true,
    validateFormats: true,
    code: { optimize: false },
  });
  const isTime = (value: string) => !Number.isNaN(Date.parse(value));
  ajv.addFormat('date-time', { type: 'string', validate: isTime });
  ajv.addFormat('date', { type: 'string', validate: isTime });
  for (const name of ['int32', 'int64', 'float', 'double', 'binary', 'uri', 'email', 'byte'])
    ajv.addFormat(name, true);
  return ajv;
}
