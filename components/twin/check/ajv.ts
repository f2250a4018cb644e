// Imported lazily: Ajv and its formats take as long to load as a whole command. A file of their own, since both are
// CommonJS, whose names a bundle keeps only for a static import.
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';

/** An Ajv for a schema of somebody else: every error, with the schema it comes from. */
export function createAjv(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true });
  ajvFormats.default(ajv);
  return ajv;
}
