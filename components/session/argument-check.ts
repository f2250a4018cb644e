import type { JsonValue } from '../kernel/canonical.ts';
import { listed } from '../kernel/suggest.ts';
import { type CompiledSchema, compileSchema } from './json-schema.ts';

/** What the model is told of arguments that do not fit. */
export interface WrongArguments {
  readonly text: string;
  readonly failed: true;
}

export type ArgumentCheck = (
  name: string,
  parameters: JsonValue,
  input: JsonValue,
) => Promise<WrongArguments | undefined>;

/** Holds arguments against the schema of a tool, compiled at its first call; gives what the model is told of them. */
export function createArgumentCheck(): ArgumentCheck {
  const schemas = new Map<string, Promise<CompiledSchema>>();
  return async (name, parameters, input) => {
    const compiling = schemas.get(name) ?? compileSchema(parameters);
    schemas.set(name, compiling);
    const compiled = await compiling;
    if (!compiled.ok) throw new TypeError(`the parameters of ${name} are no JSON Schema: ${compiled.reason}`);
    const issues = compiled.check(input);
    if (issues.length === 0) return undefined;
    const texts = issues.map(({ message, expected }) =>
      expected === undefined ? message : `${message}, expected ${expected}`,
    );
    return { text: `The arguments do not fit: ${listed(texts, 10)}.`, failed: true };
  };
}
