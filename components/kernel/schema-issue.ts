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
