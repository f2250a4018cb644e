import { Ajv, type Options } from 'ajv';
import ajvFormats from 'ajv-formats';
import { RE2JS } from 're2js';

const regExp = Object.assign((pattern: string) => RE2JS.compile(RE2JS.translateRegExp(pattern)), {
  code: 're2',
});

/** Ajv with formats, whose regular expressions are RE2's. A module of its own, so that it can be loaded where it is needed. */
export function createAjv(options: Options): Ajv {
  const ajv = new Ajv({ ...options, code: { regExp } });
  ajvFormats.default(ajv);
  return ajv;
}
