// What upstream published: its schemas are the truth that ours are measured against, its manifests real ones. Both
// lie beside the repository and are no part of it; where they are absent, tests that need them are skipped.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { type Document, type Json, readJson, type Schema } from './ossa-documents.ts';

export const UPSTREAM = join(import.meta.dirname, '../../../shared/data/ossa');
export const upstreamIsHere = existsSync(join(UPSTREAM, 'verdicts.csv'));
export const needsUpstream = upstreamIsHere ? '' : ' (skipped: upstream data is not beside the repository)';

const BY_VERSION: readonly (readonly [declared: RegExp, file: string])[] = [
  [/^ossa\/v0\.2\./, 'v0.2.9_spec_v0.2.9_ossa-0.2.9'],
  [/^ossa\/v0\.3\.0(?!\d)/, 'v0.3.0_spec_v0.3.0_ossa-0.3.0'],
  [/^ossa\/v0\.3\.1(?!\d)/, 'v0.3.1_spec_v0.3.1_ossa-0.3.1'],
  [/^ossa\/v0\.3\.2(?!\d)/, 'v0.3.3_spec_v0.3.2_ossa-0.3.2'],
  [/^ossa\/v0\.3\.3(?!\d)/, 'v0.3.3_spec_v0.3.3_ossa-0.3.3'],
  [/^ossa\/v0\.3\.4(?!\d)/, 'branch_spec_v0.3.4_ossa-0.3.4'],
  [/^ossa\/v0\.3\.5(?!\d)/, 'v0.3.5_spec_v0.3_ossa-0.3.5'],
  [/^ossa\/v0\.3(\.6(?!\d)|(?!\.\d))/, 'v0.3.6_spec_v0.3_ossa-0.3.6'],
  [/^ossa\/v0\.5/, 'main_spec_v0.5_agent'],
];

/** The rule of the data's README: Skill and Validator have their own, all without one of their version have that of 0.4. */
function fileFor({ apiVersion, kind }: { readonly apiVersion?: Json; readonly kind?: Json }): string {
  if (kind === 'Skill') return 'main_spec_v0.4_skill';
  if (kind === 'Validator') return 'main_spec_v0.4_validator';
  return BY_VERSION.find(([declared]) => declared.test(String(apiVersion)))?.[1] ?? 'main_spec_v0.4_agent';
}

export interface Judge {
  readonly schema: Schema;
  readonly validate: ValidateFunction;
}

const judges = new Map<string, Judge>();

/** Upstream's schema for what a document declares; it stops at the first mistake, or tells them all. */
export function upstreamJudge(
  document: { readonly apiVersion?: Json; readonly kind?: Json },
  allErrors = false,
): Judge {
  const file = fileFor(document);
  const key = `${file} ${allErrors}`;
  const known = judges.get(key);
  if (known) return known;
  const ajv = new Ajv({ allErrors, strict: false, logger: false });
  formats.default(ajv);
  const schema = readJson(join(UPSTREAM, `schemas/${file}.schema.json`));
  const made = { schema, validate: ajv.compile(schema) };
  judges.set(key, made);
  return made;
}

/** What upstream's schema says of spec in a document of that kind; one that says nothing where it says nothing. */
export function upstreamSpec({ apiVersion, kind }: Document): Schema {
  const { schema } = upstreamJudge({ apiVersion, kind });
  const definitions = schema.definitions as Record<string, Schema>;
  return definitions[`${kind}Spec`] ?? schema.properties?.spec ?? {};
}

/** The rows of verdicts.csv; none where the data is absent. */
export function readVerdicts(): readonly (readonly [file: string, verdict: string])[] {
  if (!upstreamIsHere) return [];
  const [, ...lines] = readFileSync(join(UPSTREAM, 'verdicts.csv'), 'utf8').trim().split('\n');
  return lines.map((line) => [line.split(',')[0] ?? '', line.split(',')[5] ?? ''] as const);
}
