import { type FieldForm, limitKeywords } from '../../../components/manifest/explain/types.ts';
import type { Schema, SchemaObject } from './ossa-schemas.ts';

/** One way a value can be, with `allOf`, `$ref` and conditions worked in. */
export interface Form extends FieldForm {
  /** Named fields of a mapping. */
  readonly fields: ReadonlyMap<string, Schema>;
  /** Fields of any other name, and items of a list. */
  readonly others?: Schema;
  readonly items?: Schema;
  readonly required: ReadonlySet<string>;
  /** Fields that must be there at times, with when, in words. */
  readonly requiredWhen: readonly (readonly [field: string, when: string])[];
  /** The only names a mapping takes. */
  readonly names?: ReadonlySet<string>;
  readonly description?: string;
  /** References that were followed. */
  readonly references: ReadonlySet<string>;
}

/** A synthetic keyword of ours: alternatives that came of a condition keep its words. */
export const whenKeyword = 'x-when';

interface Keywords {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema | readonly Schema[];
  readonly required?: readonly string[];
  readonly dependencies?: Readonly<Record<string, Schema | readonly string[]>>;
  readonly description?: string;
}

/** What the keywords of one schema say, without those that combine schemas. */
export function ownForm(schema: SchemaObject): Form {
  const keywords = schema as Keywords;
  const { type, items, properties = {}, additionalProperties: others, description } = keywords;
  const limits = limitKeywords
    .filter((keyword) => keyword in schema)
    .map((keyword) => [keyword, schema[keyword]]);
  const values = 'const' in schema ? [schema.const] : keywords.enum;
  const elsewhere = Object.values(keywords.patternProperties ?? {});
  if (typeof others === 'object') elsewhere.push(others);
  const isClosed = others === false && elsewhere.length === 0;
  return {
    fields: new Map(Object.entries(properties)),
    required: new Set(keywords.required),
    requiredWhen: Object.entries(keywords.dependencies ?? {}).flatMap(([field, needed]) =>
      Array.isArray(needed) ? needed.map((name: string) => [name, `${field} is there`] as const) : [],
    ),
    references: new Set(),
    ...(type === undefined ? {} : { types: [type].flat() }),
    ...(values === undefined ? {} : { values }),
    ...(limits.length === 0 ? {} : { limits: Object.fromEntries(limits) }),
    ...(items === undefined ? {} : { items: anyOf([items].flat()) }),
    ...(elsewhere.length === 0 ? {} : { others: anyOf(elsewhere) }),
    ...(isClosed ? { names: new Set(Object.keys(properties)) } : {}),
    ...(description === undefined ? {} : { description }),
    ...(schema[whenKeyword] === undefined ? {} : { when: String(schema[whenKeyword]) }),
  };
}

/** A schema that holds where one of these does. */
export function anyOf(schemas: readonly Schema[]): Schema {
  const different = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  return different.length === 1 ? (different[0] ?? true) : { anyOf: different };
}

/** What holds where both hold; nothing where they have no type in common. */
export function conjunction(a: Form, b: Form): readonly Form[] {
  const types = commonTypes(a.types, b.types);
  const values =
    a.values === undefined ? b.values : a.values.filter((one) => b.values?.includes(one) ?? true);
  if (types?.length === 0 || values?.length === 0) return [];
  const names = common(a.names, b.names);
  const fields = new Map(a.fields);
  for (const [name, schema] of b.fields) fields.set(name, bothOf(fields.get(name), schema));
  for (const name of [...fields.keys()]) if (names?.has(name) === false) fields.delete(name);
  const limits = { ...a.limits, ...b.limits };
  const when = [a.when, b.when].filter((words) => words !== undefined).join(', and ');
  const description = a.description ?? b.description;
  const items = b.items === undefined ? a.items : bothOf(a.items, b.items);
  const others = b.others === undefined ? a.others : bothOf(a.others, b.others);
  return [
    {
      fields,
      required: new Set([...a.required, ...b.required]),
      requiredWhen: [...a.requiredWhen, ...b.requiredWhen],
      references: new Set([...a.references, ...b.references]),
      ...(types === undefined ? {} : { types }),
      ...(values === undefined ? {} : { values }),
      ...(Object.keys(limits).length === 0 ? {} : { limits }),
      ...(names === undefined ? {} : { names }),
      ...(items === undefined ? {} : { items }),
      ...(others === undefined ? {} : { others }),
      ...(description === undefined ? {} : { description }),
      ...(when === '' ? {} : { when }),
    },
  ];
}

/** A schema that holds where both do. Of alternatives that came of conditions each stays one: two conditions add up. */
export function bothOf(a: Schema | undefined, b: Schema): Schema {
  const [before, after] = [splitConditions(a), splitConditions(b)];
  const always = plainBothOf(before.always, after.always);
  const apart = [...before.apart, ...after.apart];
  if (apart.length === 0) return always ?? true;
  if (always === undefined) return { anyOf: apart };
  const within = apart.map((one) => ({ ...one, allOf: [...(one.allOf as readonly Schema[]), always] }));
  return { anyOf: [always, ...within] };
}

interface Split {
  readonly always: Schema | undefined;
  readonly apart: readonly SchemaObject[];
}

function splitConditions(schema: Schema | undefined): Split {
  const { anyOf } = Object(schema) as { readonly anyOf?: readonly Schema[] };
  const apart = (anyOf ?? []).filter((one): one is SchemaObject => whenKeyword in Object(one));
  if (apart.length === 0) return { always: schema, apart };
  return { always: anyOf?.find((one) => !(whenKeyword in Object(one))), apart };
}

function plainBothOf(a: Schema | undefined, b: Schema | undefined): Schema | undefined {
  if (a === undefined || a === true) return b ?? a;
  return b === undefined || b === true || JSON.stringify(a) === JSON.stringify(b) ? a : { allOf: [a, b] };
}

function commonTypes(a: readonly string[] | undefined, b: readonly string[] | undefined) {
  if (a === undefined || b === undefined) return a ?? b;
  const isWhole = (types: readonly string[]) => types.includes('integer');
  // A whole number is a number.
  const wide = (types: readonly string[]) => (types.includes('number') ? [...types, 'integer'] : types);
  const found = wide(a).filter((type) => wide(b).includes(type));
  return found.includes('number') && !isWhole(a) && !isWhole(b)
    ? found.filter((type) => type !== 'integer')
    : found;
}

function common<T>(a: ReadonlySet<T> | undefined, b: ReadonlySet<T> | undefined): ReadonlySet<T> | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a.intersection(b);
}
