import type { DataPath } from './place.ts';

/** What a value broke; `other` is every keyword that has no wording of its own (not, contains, multipleOf, ...). */
export type SchemaKeyword =
  | 'type'
  | 'enum'
  | 'const'
  | 'required'
  | 'dependencies'
  | 'additionalProperties'
  | 'pattern'
  | 'format'
  | 'minimum'
  | 'maximum'
  | 'exclusiveMinimum'
  | 'exclusiveMaximum'
  | 'minLength'
  | 'maxLength'
  | 'minItems'
  | 'maxItems'
  | 'uniqueItems'
  | 'other';

export interface SchemaIssue {
  readonly keyword: SchemaKeyword;
  readonly path: DataPath;
  /** Whether the key or the value is at fault. */
  readonly target: 'key' | 'value';
  readonly message: string;
  readonly expected?: string;
  readonly got?: string;
  /** The value, or for a key the name, that was most likely meant. */
  readonly suggestion?: string;
}

/** The same with what would have been right, for who mends it. */
export interface MendableIssue extends SchemaIssue {
  readonly wants?: Wanted;
}

/** What a place takes, as data: JSON types, a closed list of values, or the names of a mapping's fields. */
export interface Wanted {
  readonly types?: readonly string[];
  readonly values?: readonly unknown[];
  readonly names?: readonly string[];
}
