/** What a value of a field may be. A field with several of these takes a value that fits one of them. */
export interface FieldForm {
  /** JSON Schema types; any without. */
  readonly types?: readonly string[];
  /** The only values there are. */
  readonly values?: readonly unknown[];
  /** Keywords of JSON Schema with their numbers and texts. */
  readonly limits?: Readonly<Partial<Record<LimitKeyword, number | string | boolean>>>;
  /** In words, where the form holds only beside certain values of other fields. */
  readonly when?: string;
}

export const limitKeywords = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'uniqueItems',
  'pattern',
  'format',
] as const;
export type LimitKeyword = (typeof limitKeywords)[number];

/** What a field looks like in some versions and kinds. */
export interface FieldShape {
  /** Position in `sets` of the table. */
  readonly in: number;
  readonly forms: readonly FieldForm[];
  /** Whether it must stand wherever the mapping around it does. */
  readonly required?: true;
  /** In words, when it must. */
  readonly requiredWhen?: readonly string[];
  /** Whether a mapping takes no other fields than those known. */
  readonly closed?: true;
  /** Path of the field around it whose fields it repeats. */
  readonly like?: string;
}

export interface Field {
  /** `spec.tools[].type`; `*` stands for any name. */
  readonly path: string;
  /** What it is for. */
  readonly means?: string;
  /** What a person who has written it wrongly should know: the description in the schema. */
  readonly note?: string;
  readonly example?: unknown;
  readonly shapes: readonly FieldShape[];
}

/** A version and kind that has a schema. */
export interface FieldEntry {
  /** As its file is called: `v0.3.5`. */
  readonly version: string;
  readonly kind: string;
  /** Whether a manifest has no other fields at its root than those known. */
  readonly closed?: true;
  /** Values of apiVersion that mean it, as JSON Schema. */
  readonly apiVersion: {
    readonly pattern?: string;
    readonly enum?: readonly string[];
    readonly const?: string;
  };
}

/** All fields of all schemas in schemas/ossa, made when the program is built (scripts/dev/build/fields.ts). */
export interface FieldTable {
  /** From the oldest version to the newest. */
  readonly entries: readonly FieldEntry[];
  /** Positions in `entries`; many fields have the same. */
  readonly sets: readonly (readonly number[])[];
  readonly fields: readonly Field[];
}

interface CodeBase {
  readonly code: string;
  /** The page that lists it, with the place in it where it has one. */
  readonly page: string;
}

/** What docs/errors.md and docs/rules.md say of a code. */
export type CodeEntry =
  | (CodeBase & {
      readonly is: 'failure';
      readonly kind: string;
      readonly exitCode: number;
      /** With `<fact>` where a fact stands. */
      readonly message: string;
      readonly fix: string;
    })
  | (CodeBase & {
      readonly is: 'finding';
      readonly severity: string;
      readonly about: string;
      /** Its id, where it is a rule. */
      readonly rule?: string;
    });

/** All that can be explained. */
export interface Knowledge {
  readonly table: FieldTable;
  readonly codes: readonly CodeEntry[];
}
