import type { ErrorObject } from 'ajv';
import { type DataPath, renderPath, valueAt } from './place.ts';
import type { MendableIssue, SchemaKeyword } from './schema-issue.ts';
import {
  cut,
  formats,
  kindInWords,
  limitInWords,
  quote,
  shown,
  sizeInWords,
  typesInWords,
} from './schema-terms.ts';
import { listed, nearest } from './suggest.ts';

type Words = Omit<MendableIssue, 'keyword' | 'path' | 'target'> &
  Partial<Pick<MendableIssue, 'path' | 'target'>>;

/** Words one Ajv error; `path` is its instance path, decoded. */
export function describeError(error: ErrorObject, path: DataPath, data: unknown): MendableIssue {
  if (error.propertyName !== undefined) return wrongName(error, path);
  const value = valueAt(data, path);
  const place: Place = { error, path, value, name: path.length === 0 ? 'the document' : renderPath(path) };
  const keyword = keywords[error.keyword] ?? 'other';
  return { keyword, path, target: 'value', ...words(keyword, place) };
}

const keywords: Readonly<Record<string, SchemaKeyword>> = {
  type: 'type',
  enum: 'enum',
  const: 'const',
  required: 'required',
  dependencies: 'dependencies',
  dependentRequired: 'dependencies',
  additionalProperties: 'additionalProperties',
  unevaluatedProperties: 'additionalProperties',
  pattern: 'pattern',
  format: 'format',
  minimum: 'minimum',
  maximum: 'maximum',
  exclusiveMinimum: 'exclusiveMinimum',
  exclusiveMaximum: 'exclusiveMaximum',
  minLength: 'minLength',
  maxLength: 'maxLength',
  minItems: 'minItems',
  maxItems: 'maxItems',
  uniqueItems: 'uniqueItems',
};

interface Place {
  readonly error: ErrorObject;
  readonly path: DataPath;
  readonly value: unknown;
  readonly name: string;
}

function words(keyword: SchemaKeyword, place: Place): Words {
  const { error, name, value } = place;
  switch (keyword) {
    case 'type':
      return {
        ...isValue(place, typesInWords(error.params.type), kindInWords(value)),
        wants: { types: [error.params.type].flat().map(String), names: propertiesOf(error) },
      };
    case 'enum':
    case 'const':
      return choice(place);
    case 'required':
      return missing(place);
    case 'dependencies': {
      const { property, deps } = error.params;
      return {
        message: `${name} has ${quote(property)}, which needs ${deps} as well`,
        expected: `also: ${deps}`,
      };
    }
    case 'additionalProperties':
      return unknownName(place);
    case 'pattern':
      return isValue(place, aboutSchema(error) ?? `text matching ${error.params.pattern}`);
    case 'format':
      return isValue(place, formats[error.params.format] ?? `text in the format ${error.params.format}`);
    case 'uniqueItems':
      return repeated(place);
    case 'other':
      return { message: `${name} ${otherwise(error)}`, got: shown(value) };
    default:
      return isValue(place, limitInWords(error), sizeInWords(keyword, value));
  }
}

function isValue({ name, value }: Place, expected: string, got = shown(value)): Words {
  return { message: `${name} is ${shown(value)}`, expected, got };
}

function choice(place: Place): Words {
  const { allowedValues, allowedValue } = place.error.params;
  const allowed: readonly unknown[] = Array.isArray(allowedValues) ? allowedValues : [allowedValue];
  const texts = allowed.map((item) => (typeof item === 'string' ? item : shown(item)));
  const near = typeof place.value === 'string' ? meant(place.value, texts) : undefined;
  const expected = texts.length === 1 ? shown(allowed[0]) : `one of: ${listed(texts)}`;
  return withSuggestion({ ...isValue(place, expected), wants: { values: allowed } }, near);
}

function missing({ error, name, value }: Place): Words {
  const { missingAny, missingProperty } = error.params;
  if (Array.isArray(missingAny) && missingAny.length > 1) {
    return {
      message: `${name} lacks one of: ${missingAny.join(', ')}`,
      expected: `one of: ${missingAny.join(', ')}`,
    };
  }
  const wanted = String(missingProperty);
  const known = propertiesOf(error);
  const strangers = keysOf(value)
    .filter((key) => !known.includes(key))
    .slice(0, 200);
  // Without the schema's own names (`required` alone, in a `then`) any field might be a right one.
  const near = known.length === 0 ? undefined : meant(wanted, strangers);
  const message = `${name} lacks ${quote(wanted)}`;
  const base = { expected: `a field ${quote(wanted)}`, wants: { names: [wanted] } };
  if (near === undefined) return { message, ...base };
  return { message: `${message}, but has ${quote(near)}`, ...base, got: quote(near), suggestion: wanted };
}

function unknownName({ error, path, name }: Place): Words {
  const key = String(error.params.additionalProperty ?? error.params.unevaluatedProperty);
  const known = propertiesOf(error);
  const base: Words = {
    path: [...path, key],
    target: 'key',
    message: `${name} has an unknown field ${quote(key)}`,
    got: quote(key),
    ...(known.length === 0 ? {} : { expected: `one of: ${listed(known)}`, wants: { names: known } }),
  };
  return withSuggestion(base, meant(key, known));
}

function wrongName(error: ErrorObject, path: DataPath): MendableIssue {
  const key = String(error.propertyName);
  const name = path.length === 0 ? 'the document' : renderPath(path);
  const place: Place = { error, path, value: key, name: `the name of a field of ${name}` };
  const keyword = keywords[error.keyword] ?? 'other';
  return { keyword, ...words(keyword, place), path: [...path, key], target: 'key' };
}

function repeated({ error, path, name, value }: Place): Words {
  const [first, second] = [Number(error.params.j), Number(error.params.i)].sort((a, b) => a - b);
  const message = `${name} has ${shown(valueAt(value, [second ?? 0]))} twice, at [${first}] and [${second}]`;
  return { path: [...path, second ?? 0], message, expected: 'no item twice' };
}

function otherwise(error: ErrorObject): string {
  if (error.keyword === 'oneOf' && error.params.passingSchemas)
    return 'fits more than one of the alternatives';
  if (error.keyword === 'not') return 'is in a form that is not allowed';
  if (error.keyword === 'false schema') return 'is not allowed here';
  return error.message ?? `breaks the rule ${error.keyword}`;
}

function withSuggestion(words: Words, suggestion: string | undefined): Words {
  return suggestion === undefined ? words : { ...words, suggestion };
}

function propertiesOf(error: ErrorObject): readonly string[] {
  return keysOf((error.parentSchema as { readonly properties?: unknown } | undefined)?.properties);
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function aboutSchema(error: ErrorObject): string | undefined {
  const { description, title } = (error.parentSchema ?? {}) as {
    readonly description?: unknown;
    readonly title?: unknown;
  };
  const about = description ?? title;
  return typeof about === 'string' ? cut(about, 160).replace(/\.$/, '') : undefined;
}

/** The name that was meant: also one with letters swapped, but of one or two letters only another case. */
function meant(name: string, known: readonly string[]): string | undefined {
  if (name.length < 3) return known.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  const near = nearest(name, known);
  if (near !== undefined) return near;
  const wanted = letters(name);
  return known.find((candidate) => candidate.length === name.length && letters(candidate) === wanted);
}

function letters(text: string): string {
  return [...text.slice(0, 64).toLowerCase()].sort().join('');
}
