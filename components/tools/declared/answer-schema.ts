import { RE2JS } from 're2js';
import { canonicalJson, type JsonValue } from '../../kernel/canonical.ts';
import type { DataPath } from '../../kernel/place.ts';
import { quote } from '../../kernel/schema-terms.ts';
import { nearest } from '../../kernel/suggest.ts';
import { largestProgram } from '../matching/lines.ts';

/** Bytes of the canonical JSON of a schema: each request says it again. */
const mostBytes = 16 * 1024;

/** What keeps a schema from being used, at its place in the schema. */
export interface SchemaMistake {
  readonly path: DataPath;
  readonly message: string;
  readonly expected: string;
  readonly suggestion?: string;
}

/** A schema of `extensions.pipewright.answer`, as far as its own schema has let it through. */
export interface AnswerSchemaLike {
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, AnswerSchemaLike>>;
  readonly required?: readonly string[];
  readonly items?: AnswerSchemaLike;
  readonly anyOf?: readonly AnswerSchemaLike[];
}

/** What schemas/agent-extension.schema.json cannot say of an answer's schema. */
export function findSchemaMistakes(schema: AnswerSchemaLike): readonly SchemaMistake[] {
  const bytes = Buffer.byteLength(canonicalJson(schema as JsonValue));
  if (bytes > mostBytes)
    return [
      { path: [], message: `the schema has ${bytes} bytes of JSON`, expected: `at most ${mostBytes} bytes` },
    ];
  return mistakesIn(schema, []);
}

function mistakesIn(schema: AnswerSchemaLike, path: DataPath): readonly SchemaMistake[] {
  const { pattern, properties = {}, required = [], items, anyOf = [] } = schema;
  const wrong = pattern === undefined ? undefined : whyNoPattern(pattern);
  return [
    ...(wrong === undefined
      ? []
      : [
          {
            path: [...path, 'pattern'],
            message: `the pattern ${quote(pattern ?? '')} cannot be used: ${wrong}`,
            expected: `a regular expression of RE2, of at most ${largestProgram} steps`,
          },
        ]),
    ...required.flatMap((name, index) => {
      if (Object.hasOwn(properties, name)) return [];
      const names = Object.keys(properties);
      const near = nearest(name, names);
      return [
        {
          path: [...path, 'required', index],
          message: `the field ${quote(name)} is required, and no field of \`properties\``,
          expected: `one of: ${names.join(', ')}`,
          ...(near === undefined ? {} : { suggestion: near }),
        },
      ];
    }),
    ...Object.entries(properties).flatMap(([name, each]) => mistakesIn(each, [...path, 'properties', name])),
    ...(items === undefined ? [] : mistakesIn(items, [...path, 'items'])),
    ...anyOf.flatMap((each, index) => mistakesIn(each, [...path, 'anyOf', index])),
  ];
}

/** As it is compiled for the answers: of ECMAScript's forms those that RE2 has. */
function whyNoPattern(pattern: string): string | undefined {
  try {
    const steps = RE2JS.compile(RE2JS.translateRegExp(pattern)).programSize();
    return steps > largestProgram ? `it has ${steps} steps` : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
