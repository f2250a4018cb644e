import type { FindingCode } from '../kernel/finding.ts';
import { explainMistakes, type MendableIssue, type SchemaKeyword } from '../kernel/schema.ts';
import { shown } from '../kernel/schema-terms.ts';
import { nearest } from '../kernel/suggest.ts';
import { deviationOf } from './deviations.ts';
import { structureFindings as codes } from './findings.ts';
import { explainLegacy, type LegacyShape, legacyShape } from './legacy.ts';
import { isData } from './read-data.ts';
import type { RuleIssue } from './rule.ts';
import { type Data, type Kind, kinds, type ManifestDocument } from './types.ts';
import {
  isKnownVersion,
  kindsOf,
  loadSchemas,
  nearestVersion,
  respelled,
  schemaName,
  versionsInWords,
  versionsWith,
} from './versions.ts';

/** A finding whose place is not yet a line and column. */
export interface PlacedIssue extends RuleIssue {
  readonly code: FindingCode;
  /** The id of what we refuse here and OSSA's published schema takes (deviations.ts). */
  readonly deviation?: string;
}

export interface StructureResult {
  readonly issues: readonly PlacedIssue[];
  /** What rules may look at: a document whose kind is known. */
  readonly document: ManifestDocument | undefined;
}

/** Checks one document against the OSSA version and kind it declares. */
export async function checkStructure(value: unknown, index: number): Promise<StructureResult> {
  if (!isData(value)) return { issues: [notAManifest(value)], document: undefined };
  const legacy = legacyShape(value);
  if (legacy !== undefined) return { issues: [ofLegacy(value, legacy)], document: undefined };
  const kind = kinds.find((known) => known === value.kind);
  const document = kind === undefined ? undefined : { index, data: value, kind };
  const issues = [...checkVersion(value), ...checkKind(value, kind)];
  const version = versionMeant(value);
  const name = kind === undefined || version === undefined ? undefined : schemaName(version, kind);
  if (name === undefined) return { issues, document };
  const schemas = await loadSchemas(name, isData(value.extensions) ? Object.keys(value.extensions) : []);
  // Written otherwise the version is one mistake, told above, and hides none of the others.
  const judged = issues.length === 0 ? value : { ...value, apiVersion: version };
  const found = schemas.flatMap((schema) => explainMistakes(schema, judged)).map(toIssue);
  return { issues: [...issues, ...found], document };
}

/** The version a document declares, if need be in another spelling or under the name early tools gave it. */
function versionMeant({ apiVersion, ossaVersion }: Data): string | undefined {
  if (apiVersion === undefined && ossaVersion !== undefined) return respelled(String(ossaVersion));
  if (typeof apiVersion !== 'string') return undefined;
  if (isKnownVersion(apiVersion)) return apiVersion;
  return /\$\{|\{\{/.test(apiVersion) ? undefined : respelled(apiVersion);
}

function notAManifest(value: unknown): PlacedIssue {
  const got = value === null ? 'nothing' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return {
    code: codes.NOT_A_MANIFEST,
    path: [],
    message: `the document is ${got}, no OSSA manifest`,
    expected: 'a mapping with apiVersion and kind',
    got,
  };
}

function ofLegacy(document: Data, shape: LegacyShape): PlacedIssue {
  return { code: codes.VERSION_LEGACY, ...explainLegacy(document, shape), ...withDeviation(document) };
}

function checkVersion(document: Data): readonly PlacedIssue[] {
  const version = document.apiVersion;
  const expected = `one of: ${versionsInWords}`;
  if (version === undefined)
    return [{ code: codes.VERSION, path: [], message: 'apiVersion is missing', expected }];
  if (typeof version === 'string' && isKnownVersion(version)) return [];
  const got = shown(version);
  const text = typeof version === 'object' ? '' : String(version).slice(0, 200);
  const place = { path: ['apiVersion'], got, ...withDeviation(document) };
  if (/\$\{|\{\{/.test(text)) {
    const message = `apiVersion is ${got}, with a variable in it: OSSA allows none there`;
    const words = { message, expected: `a version as it is, one of: ${versionsInWords}` };
    const meant = withDefaults(text);
    const suggestion = isKnownVersion(meant) ? { suggestion: meant } : {};
    return [{ code: codes.VERSION_VARIABLE, ...place, ...words, ...suggestion }];
  }
  const message = `apiVersion is ${got}, which is no OSSA version`;
  const near = nearestVersion(text);
  const suggestion = near === undefined ? {} : { suggestion: near };
  return [{ code: codes.VERSION, ...place, message, expected, ...suggestion }];
}

/** `ossa/${VERSION:-v0.4}` as it is read where VERSION is not set. */
function withDefaults(text: string): string {
  return text.replaceAll(/\$\{\w+(?::-([^{}]*))?\}/g, '$1');
}

function withDeviation(document: Data): Pick<PlacedIssue, 'deviation'> {
  const deviation = deviationOf(document);
  return deviation === undefined ? {} : { deviation };
}

function checkKind({ kind: value, apiVersion }: Data, kind: Kind | undefined): readonly PlacedIssue[] {
  if (value === undefined) {
    return [
      { code: codes.KIND, path: [], message: 'kind is missing', expected: `one of: ${kinds.join(', ')}` },
    ];
  }
  const got = shown(value);
  const place = { code: codes.KIND, path: ['kind'], got };
  if (kind === undefined) {
    const near = typeof value === 'string' ? nearest(value, kinds) : undefined;
    const message = `kind is ${got}, which is no OSSA kind`;
    const expected = `one of: ${kinds.join(', ')}`;
    return [{ ...place, message, expected, ...(near === undefined ? {} : { suggestion: near }) }];
  }
  if (typeof apiVersion !== 'string' || !isKnownVersion(apiVersion)) return [];
  if (schemaName(apiVersion, kind) !== undefined) return [];
  const message = `kind is ${got}, which ${shown(apiVersion)} does not have`;
  const expected = `one of: ${kindsOf(apiVersion).join(', ')}; or ${kind} in one of: ${versionsWith(kind)}`;
  return [{ ...place, message, expected }];
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

function toIssue({ keyword, ...issue }: MendableIssue): PlacedIssue {
  return { code: codeOf[keyword], ...issue };
}
