import type { FindingCode } from '../kernel/finding.ts';
import { checkSchema, type SchemaIssue, type SchemaKeyword } from '../kernel/schema.ts';
import { shown } from '../kernel/schema-terms.ts';
import { nearest } from '../kernel/suggest.ts';
import { structureFindings as codes } from './findings.ts';
import { isData } from './read-data.ts';
import type { RuleIssue } from './rule.ts';
import { type Kind, kinds, type ManifestDocument } from './types.ts';
import { isCheckedVersion, isKnownVersion, knownVersions, schemasFor } from './versions.ts';

/** A finding whose place is not yet a line and column. */
export interface PlacedIssue extends RuleIssue {
  readonly code: FindingCode;
}

export interface StructureResult {
  readonly issues: readonly PlacedIssue[];
  /** What rules may look at: a document whose kind is known. */
  readonly document: ManifestDocument | undefined;
}

/** Checks one document against the OSSA version and kind it declares. */
export async function checkStructure(value: unknown, index: number): Promise<StructureResult> {
  if (!isData(value)) {
    const got = value === null ? 'nothing' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
    return {
      issues: [
        {
          code: codes.NOT_A_MANIFEST,
          path: [],
          message: `the document is ${got}, no OSSA manifest`,
          expected: 'a mapping with apiVersion and kind',
          got,
        },
      ],
      document: undefined,
    };
  }
  const kind = kinds.find((known) => known === value.kind);
  const document = kind === undefined ? undefined : { index, data: value, kind };
  const issues = [...checkVersion(value.apiVersion), ...checkKind(value.kind)];
  if (issues.length > 0 || kind === undefined) return { issues, document };
  const schemas = await schemasFor(
    String(value.apiVersion),
    kind,
    isData(value.extensions) ? Object.keys(value.extensions) : [],
  );
  if (schemas === undefined) return { issues: [unsupported(value.apiVersion, kind)], document };
  return { issues: schemas.flatMap((schema) => checkSchema(schema, value)).map(toIssue), document };
}

function checkVersion(version: unknown): readonly PlacedIssue[] {
  if (typeof version === 'string' && isKnownVersion(version)) return [];
  return [notOneOf('apiVersion', version, 'version', codes.VERSION, knownVersions)];
}

function checkKind(kind: unknown): readonly PlacedIssue[] {
  if (kinds.some((known) => known === kind)) return [];
  return [notOneOf('kind', kind, 'kind', codes.KIND, kinds)];
}

function notOneOf(
  field: string,
  value: unknown,
  noun: string,
  code: FindingCode,
  known: readonly string[],
): PlacedIssue {
  const expected = `one of: ${known.join(', ')}`;
  if (value === undefined) return { code, path: [], message: `${field} is missing`, expected };
  const got = shown(value);
  const near = typeof value === 'string' ? nearest(value, known) : undefined;
  const message = `${field} is ${got}, which is no OSSA ${noun}`;
  return { code, path: [field], message, expected, got, ...(near === undefined ? {} : { suggestion: near }) };
}

function unsupported(version: unknown, kind: Kind): PlacedIssue {
  const versionKnown = isCheckedVersion(String(version));
  return {
    code: versionKnown ? codes.KIND_UNSUPPORTED : codes.VERSION_UNSUPPORTED,
    path: [versionKnown ? 'kind' : 'apiVersion'],
    message: `the structure of ${kind} in ${String(version)} is not checked by this version of pipewright`,
    expected: 'Agent, Task or Workflow in ossa/v0.3.x or ossa/v0.4.x',
    got: `${kind} in ${String(version)}`,
  };
}

const codeOf: Readonly<Record<SchemaKeyword, FindingCode>> = {
  type: codes.TYPE,
  enum: codes.ENUM,
  const: codes.ENUM,
  required: codes.REQUIRED,
  dependencies: codes.REQUIRED,
  additionalProperties: codes.UNKNOWN_FIELD,
  pattern: codes.FORMAT,
  format: codes.FORMAT,
  minimum: codes.RANGE,
  maximum: codes.RANGE,
  exclusiveMinimum: codes.RANGE,
  exclusiveMaximum: codes.RANGE,
  minLength: codes.RANGE,
  maxLength: codes.RANGE,
  minItems: codes.RANGE,
  maxItems: codes.RANGE,
  uniqueItems: codes.STRUCTURE,
  other: codes.STRUCTURE,
};

function toIssue({ keyword, ...issue }: SchemaIssue): PlacedIssue {
  return { code: codeOf[keyword], ...issue };
}
