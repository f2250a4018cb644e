import { meantBy, type OssaSchemas, type Schema, type SchemaObject } from './ossa-schemas.ts';
import { bothOf, conjunction, type Form, ownForm, whenKeyword } from './schema-form.ts';

const anything: Form = { fields: new Map(), required: new Set(), requiredWhen: [], references: new Set() };
/** More ways than this say nothing to a person; what is common to them is kept. */
const mostForms = 24;

type Documents = OssaSchemas['documents'];

/** The ways a value can be. None where nothing is allowed. */
export function formsOf(schema: Schema, documents: Documents): readonly Form[] {
  if (schema === true) return [anything];
  if (schema === false) return [];
  const { $ref, allOf = [], anyOf, oneOf } = schema as SchemaObject & Readonly<Record<string, Schema[]>>;
  let forms: readonly Form[] = [ownForm(schema)];
  const both = (other: readonly Form[]) => {
    forms = forms.flatMap((a) => other.flatMap((b) => conjunction(a, b)));
    forms = forms.length > mostForms ? forms.slice(0, mostForms) : forms;
  };
  if ($ref !== undefined) both(referredForms(String($ref), documents));
  for (const part of allOf) both(formsOf(part, documents));
  for (const parts of [anyOf, oneOf])
    if (parts !== undefined) both(parts.flatMap((part) => formsOf(part, documents)));
  return schema.if === undefined ? forms : forms.flatMap((form) => underCondition(form, schema, documents));
}

function referredForms(reference: string, documents: Documents): readonly Form[] {
  return formsOf(meantBy(reference, documents), documents).map((form) => ({
    ...form,
    references: new Set([reference, ...form.references]),
  }));
}

/**
 * A condition on the value itself gives two ways; one on fields beside says what those fields are like and need then, or
 * a mapping told apart by nineteen values would be as many ways.
 */
function underCondition(form: Form, schema: SchemaObject, documents: Documents): readonly Form[] {
  const condition = schema.if as SchemaObject;
  const branches = [schema.then, schema.else] as readonly (Schema | undefined)[];
  if (isOfFields(condition)) {
    const words = conditionInWords(condition);
    return branches.reduce<readonly Form[]>(
      (forms, branch, index) =>
        branch === undefined
          ? forms
          : forms.map((one) => withBranch(one, branch, index === 0 ? words : `not ${words}`, documents)),
      [form],
    );
  }
  const [then = true, otherwise = true] = branches;
  const met = formsOf({ allOf: [condition, then] }, documents).flatMap((one) => conjunction(form, one));
  const rest = formsOf(otherwise, documents).flatMap((one) =>
    conjunction(withoutTypes(form, condition), one),
  );
  return [...rest, ...met];
}

function isOfFields(condition: SchemaObject): boolean {
  return 'properties' in condition || 'required' in condition;
}

function withoutTypes(form: Form, { type }: SchemaObject): Form {
  if (type === undefined || form.types === undefined) return form;
  return { ...form, types: form.types.filter((one) => ![type].flat().includes(one)) };
}

/** Fields of a branch are alternatives to what stands there already, each with the words of its condition. */
function withBranch(form: Form, branch: Schema, when: string, documents: Documents): Form {
  const fields = new Map(form.fields);
  const requiredWhen = [...form.requiredWhen];
  for (const part of formsOf(branch, documents)) {
    requiredWhen.push(...[...part.required].map((name) => [name, when] as const));
    for (const [name, schema] of part.fields) {
      if (schema === true || form.names?.has(name) === false) continue;
      fields.set(name, bothOf(fields.get(name), { anyOf: [{ [whenKeyword]: when, allOf: [schema] }] }));
    }
  }
  return { ...form, fields, requiredWhen };
}

/** `type is http`, `handler is there`. */
function conditionInWords({ properties = {}, required = [] }: SchemaObject): string {
  const asked = Object.entries(properties as Readonly<Record<string, SchemaObject | boolean>>).map(
    ([name, schema]) => {
      if (typeof schema === 'boolean') return `${name} is there`;
      const values = 'const' in schema ? [schema.const] : schema.enum;
      return Array.isArray(values) ? `${name} is ${values.join(' or ')}` : `${name} is as the schema says`;
    },
  );
  if (asked.length > 0) return asked.join(' and ');
  return (required as readonly string[]).map((name) => `${name} is there`).join(' and ');
}
