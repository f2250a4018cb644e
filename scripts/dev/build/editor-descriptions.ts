import { meanings } from '../../../components/manifest/explain/meanings.ts';
import type { Schema, SchemaObject } from './ossa-schemas.ts';

type Definitions = Readonly<Record<string, Schema>>;
type Mutable = { [keyword: string]: unknown };

/** The definitions of a bundle with what their fields are for: an editor shows a description, and `meanings` goes by paths. */
export function describeFields(definitions: Definitions, roots: readonly string[]): Definitions {
  const all = structuredClone(definitions) as Record<string, Schema>;
  const done = new Set<unknown>();
  for (const [path, { means }] of Object.entries(meanings)) {
    if (means === undefined) continue;
    const steps = path.replaceAll('[]', '.[]').split('.');
    const last = steps.pop() ?? '';
    for (const root of roots) {
      const holders = steps.reduce<readonly SchemaObject[]>(
        (schemas, step) => schemas.flatMap((schema) => childrenOf(schema, step, all)),
        wholeOf(all[root] ?? true, all),
      );
      for (const holder of holders) describe(holder, last, means, all, done);
    }
  }
  return all;
}

/** A schema with all that is referred to or combined in it, each as its own object. */
function wholeOf(schema: Schema, all: Definitions): readonly SchemaObject[] {
  if (typeof schema === 'boolean') return [];
  const { $ref, allOf = [] } = schema as { $ref?: string; allOf?: readonly Schema[] };
  const referred = $ref === undefined ? [] : [all[$ref.replace('#/definitions/', '')] ?? true];
  const branches = [schema.then, schema.else].filter((branch) => branch !== undefined) as Schema[];
  return [schema, ...[...referred, ...allOf, ...branches].flatMap((part) => wholeOf(part, all))];
}

function childrenOf(schema: SchemaObject, step: string, all: Definitions): readonly SchemaObject[] {
  const { items, properties } = schema as { items?: Schema; properties?: Definitions };
  const child = step === '[]' ? items : properties?.[step];
  return child === undefined ? [] : wholeOf(child, all);
}

/** What a mapping only names (`true`) has its shape, and its description, elsewhere. */
function describe(
  holder: SchemaObject,
  name: string,
  means: string,
  all: Definitions,
  done: Set<unknown>,
): void {
  const properties = holder.properties as Mutable | undefined;
  const schema = properties?.[name];
  if (properties === undefined || typeof schema !== 'object' || done.has(schema)) return;
  const note = wholeOf(schema as SchemaObject, all).find(
    ({ description }) => description !== undefined,
  )?.description;
  const description = [means, note].filter((words) => words !== undefined).join(' ');
  const { $ref, ...beside } = schema as SchemaObject;
  // Beside a reference it would be ignored.
  properties[name] = $ref === undefined ? { ...beside, description } : { description, allOf: [{ $ref }] };
  done.add(properties[name]);
}
