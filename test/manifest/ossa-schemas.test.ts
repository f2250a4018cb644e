// The schemas in schemas/ossa are ours; upstream's are the truth they are measured against. Upstream's schemas and
// manifests are data beside the repository, not part of it: where they are absent, only our own documents are checked.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import {
  changes,
  type Document,
  filled,
  interestingValues,
  isObject,
  type Json,
  type JsonObject,
  pointer,
  resolve,
  type Schema,
} from './ossa-documents.ts';

const OURS = join(import.meta.dirname, '../../schemas/ossa');
const UPSTREAM = join(import.meta.dirname, '../../../shared/data/ossa');
const upstreamIsHere = existsSync(join(UPSTREAM, 'verdicts.csv'));
const needsUpstream = upstreamIsHere ? '' : ' (skipped: upstream data is not beside the repository)';

/** The table of schemas/ossa/README.md: what a manifest declares, and the file of its kind that judges it. */
const KINDS = ['Agent', 'Task', 'Workflow'] as const;
const FILES: readonly (readonly [declared: RegExp, ours: string, upstream: string])[] = [
  [/^ossa\/v0\.3\.0(-|$)/, 'v0.3.0', 'v0.3.0_spec_v0.3.0_ossa-0.3.0'],
  [/^ossa\/v0\.3\.1(-|$)/, 'v0.3.1', 'v0.3.1_spec_v0.3.1_ossa-0.3.1'],
  [/^ossa\/v0\.3\.2(-|$)/, 'v0.3.2', 'v0.3.3_spec_v0.3.2_ossa-0.3.2'],
  [/^ossa\/v0\.3\.3(-|$)/, 'v0.3.3', 'v0.3.3_spec_v0.3.3_ossa-0.3.3'],
  [/^ossa\/v0\.3\.4(-|$)/, 'v0.3.4', 'branch_spec_v0.3.4_ossa-0.3.4'],
  [/^ossa\/v0\.3\.5(-|$)/, 'v0.3.5', 'v0.3.5_spec_v0.3_ossa-0.3.5'],
  [/^ossa\/v0\.3(\.6(-|$)|$)/, 'v0.3.6', 'v0.3.6_spec_v0.3_ossa-0.3.6'],
  [/^ossa\/v0\.4(\.|$)/, 'v0.4', 'main_spec_v0.4_agent'],
];
const VERSIONS = '0.3.0 0.3.1 0.3.2 0.3.3 0.3.4 0.3.5 0.3.6 0.4'
  .split(' ')
  .map((version) => `ossa/v${version}`);
const OTHER_SPELLINGS = ['ossa/v0.3', 'ossa/v0.3.4-rc.1', 'ossa/v0.4.6', 'ossa/v0.4.10-beta'];

const row = (apiVersion: unknown) => FILES.find(([declared]) => declared.test(String(apiVersion)));
const isCovered = (doc: Json): doc is Document =>
  isObject(doc) && row(doc.apiVersion) !== undefined && KINDS.some((kind) => kind === doc.kind);

const schemaFiles = readdirSync(OURS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.schema.json'))
  .sort();
const readJson = (path: string): Schema => JSON.parse(readFileSync(path, 'utf8'));
const ours = new Ajv({
  allErrors: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allowUnionTypes: true,
});
formats.default(ours);
const schemas = new Map(schemaFiles.map((file) => [idOf(file), readJson(join(OURS, file))]));
for (const schema of schemas.values()) ours.addSchema(schema);

function idOf(file: string): string {
  return `https://pipewright.dev/schemas/ossa/${file.replaceAll('\\', '/')}`;
}

function ourValidator(doc: Document): ValidateFunction {
  const file = `${row(doc.apiVersion)?.[1]}.${doc.kind.toLowerCase()}.schema.json`;
  const validate = ours.getSchema(idOf(file));
  if (!validate) throw new Error(`no schema ${file}`);
  return validate;
}

const upstreamByFile = new Map<string, { schema: Schema; validate: ValidateFunction }>();
function upstream(apiVersion: string) {
  const file = row(apiVersion)?.[2] ?? '';
  const known = upstreamByFile.get(file);
  if (known) return known;
  const ajv = new Ajv({ allErrors: false, strict: false, logger: false });
  formats.default(ajv);
  const schema = readJson(join(UPSTREAM, `schemas/${file}.schema.json`));
  const made = { schema, validate: ajv.compile(schema) };
  upstreamByFile.set(file, made);
  return made;
}

const minimalSpec = {
  Agent: { role: 'You summarise merge requests.' },
  Task: { execution: { type: 'deterministic' } },
  Workflow: { steps: [{ id: 'summarise', kind: 'Agent', ref: 'mr-summariser' }] },
};
const minimal = (apiVersion: string, kind: keyof typeof minimalSpec): Document => ({
  apiVersion,
  kind,
  metadata: { name: 'mr-summariser', version: '1.0.0' },
  spec: minimalSpec[kind],
});
const everyMinimal = [...VERSIONS, ...OTHER_SPELLINGS].flatMap((version) =>
  KINDS.map((kind) => minimal(version, kind)),
);

describe('the schemas', () => {
  it.each(schemaFiles)('%s compiles under its own $id', (file) => {
    expect(schemas.get(idOf(file))?.$id).toBe(idOf(file));
    expect(ours.getSchema(idOf(file))).toBeTypeOf('function');
  });

  it.each(everyMinimal)('a minimal $kind of $apiVersion is valid', (doc) => {
    const validate = ourValidator(doc);
    expect(validate(doc), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    ['a version with anything after it', { apiVersion: 'ossa/v0.4.6!!' }],
    ['another kind', { kind: 'Flow' }],
    ['no spec', { spec: null }],
    ['an unknown key in metadata', { metadata: { name: 'x', owner: 'us' } }],
    ['a tool without a type', { spec: { tools: [{ name: 'search' }] } }],
    ['a capability that is a bare name', { spec: { tools: [{ type: 'http', capabilities: ['search'] }] } }],
    ['an unknown signal', { spec: { completion: { signals: [{ signal: 'escalated' }] } } }],
    ['a provider that is neither known nor a variable', { spec: { llm: { provider: 'acme', model: 'm' } } }],
    ['guardrails as a list', { spec: { safety: { guardrails: [] } } }],
  ])('%s is refused', (_, change) => {
    const validate = ourValidator(minimal('ossa/v0.4', 'Agent'));
    expect(validate({ ...minimal('ossa/v0.4', 'Agent'), ...change })).toBe(false);
  });
});

/** Where we differ from upstream on purpose, by the place of the change; each is checked below to be a difference. */
const DEVIATIONS = [
  {
    why: 'apiVersion must be one that this schema is for: upstream also takes ossa/v1 and ossa/v0.2.x, and in 0.4 any text that starts or ends like a version',
    example: { ...minimal('ossa/v0.4', 'Agent'), apiVersion: 'ossa/v0.4.6!!garbage' },
    path: '/apiVersion',
  },
  {
    why: 'kind must be the one that this schema is for: upstream has one schema for all kinds',
    example: {
      ...minimal('ossa/v0.4', 'Flow' as 'Agent'),
      spec: { flow_schema: { initial_state: 'a', states: [] }, transitions: [] },
    },
    path: '/kind',
  },
];

describe.skipIf(!upstreamIsHere)(`against upstream${needsUpstream}`, () => {
  it.each(everyMinimal)('upstream takes the minimal $kind of $apiVersion too', (doc) => {
    expect(upstream(doc.apiVersion).validate(doc)).toBe(true);
  });

  it.each(DEVIATIONS)('we refuse what upstream takes: $why', ({ example }) => {
    expect(upstream(example.apiVersion).validate(example)).toBe(true);
    const judge = ourValidator({ ...example, kind: example.kind === 'Flow' ? 'Agent' : example.kind });
    expect(judge(example)).toBe(false);
  });

  it.each(coveredManifests())('%s is %s', (_, verdict, docs) => {
    expect(docs.every((doc) => ourValidator(doc)(doc)) ? 'valid' : 'invalid').toBe(verdict);
  });

  it.each(everyMinimal)(
    'names no field that upstream does not: $kind of $apiVersion',
    ({ apiVersion, kind }) => {
      const { schema } = upstream(apiVersion);
      const definitions = schema.definitions as Record<string, Schema>;
      const theirs = {
        ...schema,
        properties: { ...schema.properties, spec: definitions[`${kind}Spec`] as Schema },
      };
      const validate = ourValidator(minimal(apiVersion, kind as 'Agent'));
      const known = new Set(fieldPaths(theirs));
      expect(fieldPaths(validate.schema as Schema).filter((path) => !known.has(path))).toEqual([]);
    },
  );

  it('agrees on small changes to valid manifests', () => {
    const valid = coveredManifests().flatMap(([, verdict, docs]) => (verdict === 'valid' ? docs : []));
    const result = compare([...valid, ...everyMinimal]);
    expect(result.agreement, report('manifests', result)).toBe(1);
  });

  it.each(VERSIONS)(
    'agrees on every field of %s',
    (version) => {
      const result = compare(KINDS.flatMap((kind) => samples(version, kind)));
      expect(result.agreement, report(version, result)).toBe(1);
    },
    60_000,
  );
});

function coveredManifests() {
  if (!upstreamIsHere) return [];
  return readFileSync(join(UPSTREAM, 'verdicts.csv'), 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => ({ file: line.split(',')[0] ?? '', verdict: /,(valid|invalid),/.exec(line)?.[1] ?? '' }))
    .filter(({ file }) => file !== '')
    .flatMap(({ file, verdict }) => {
      const parsed = [
        parseAllDocuments(readFileSync(join(UPSTREAM, 'manifests', basename(file)), 'utf8')),
      ].flat();
      if (parsed.some((doc) => doc.errors.length > 0)) return []; // the parser's verdict, not a schema's
      const docs = parsed.map((doc): Json => doc.toJS());
      return docs.every(isCovered) ? [[file, verdict, docs] as const] : [];
    });
}

/** All of them take a minute, and were asked when the schemas were written; a prime meets every kind of change. */
const everyNth = 5;

/** Makes small changes to every document, one at a time, and asks both validators about each fifth. */
function compare(docs: readonly Document[]) {
  let turn = 0;
  let made = 0;
  let accepted = 0;
  let deviating = 0;
  const differing: string[] = [];
  for (const original of docs) {
    const doc: Document = structuredClone(original);
    const validate = ourValidator(original);
    const { schema, validate: upstreamValidate } = upstream(original.apiVersion);
    const interesting = interestingValues(schema);
    if (!validate(doc))
      differing.push(
        `${original.apiVersion} ${original.kind} before any change: ${JSON.stringify(validate.errors?.[0])}`,
      );
    for (const { path, value } of changes(doc, '', interesting)) {
      turn += 1;
      if (turn % everyNth !== 0) continue;
      made += 1;
      const verdict = validate(doc);
      if (verdict) accepted += 1;
      if (verdict === upstreamValidate(doc)) continue;
      if (!verdict && DEVIATIONS.some((deviation) => deviation.path === path)) deviating += 1;
      else differing.push(`${original.apiVersion} ${original.kind} ${path} ${value}: we say ${verdict}`);
    }
  }
  return { made, accepted, deviating, differing, agreement: 1 - differing.length / made };
}

function report(
  what: string,
  { made, accepted, deviating, differing, agreement }: ReturnType<typeof compare>,
): string {
  const line = `${what}: ${(agreement * 100).toFixed(2)} % of ${made} changes judged alike (${accepted} taken); ${deviating} deviate on purpose`;
  // biome-ignore lint/suspicious/noConsole: the number is what this test is for
  console.info(line);
  return [line, ...differing.slice(0, 40)].join('\n');
}

/** Every path of property names a schema spells out (`*` for items and free keys), each name once in a path. */
function fieldPaths(schema: Schema): string[] {
  const paths = new Set<string>();
  const visit = (given: Schema | boolean | undefined, base: string, path: readonly string[]): void => {
    if (typeof given !== 'object') return;
    const at = String(given.$id ?? base);
    if (given.$ref) {
      const to = new URL(given.$ref, at);
      const file = to.href.slice(0, to.href.length - to.hash.length);
      visit(pointer(schemas.get(file) ?? schema, to.hash), file, path);
    }
    for (const branch of [given.allOf, given.oneOf, given.anyOf].flat()) visit(branch as Schema, at, path);
    visit(given.items, at, [...path, '*']);
    visit(given.additionalProperties, at, [...path, '*']);
    for (const [name, sub] of Object.entries(given.properties ?? {})) {
      if (path.includes(name)) continue;
      paths.add(`/${[...path, name].join('/')}`);
      visit(sub, at, [...path, name]);
    }
  };
  visit(schema, 'https://upstream.example/', []);
  return [...paths].sort();
}

/** One document per field of metadata, spec, extensions and root: minimal, and that field filled in completely. */
function samples(apiVersion: string, kind: keyof typeof minimalSpec): Document[] {
  const { schema } = upstream(apiVersion);
  const definitions = schema.definitions as Record<string, Schema>;
  const fieldsOf = (s: Schema | undefined) => Object.entries((s && resolve(s, schema).properties) ?? {});
  const base = minimal(apiVersion, kind) as Document & { metadata: JsonObject; spec: JsonObject };
  const inSpec = fieldsOf(definitions[`${kind}Spec`]).map(([name, s]) => ({
    ...base,
    spec: { ...base.spec, [name]: filled(s, schema) },
  }));
  if (kind !== 'Agent') return inSpec as Document[]; // the rest does not depend on the kind
  const inDocument = ['metadata', 'extensions'].flatMap((part) =>
    fieldsOf(schema.properties?.[part]).map(([name, s]) => ({
      ...base,
      [part]: { ...(base[part] as JsonObject), [name]: filled(s, schema) },
    })),
  );
  const atRoot = fieldsOf(schema)
    .filter(([name]) => !(name in base || name === 'extensions'))
    .map(([name, s]) => ({ ...base, [name]: filled(s, schema) }));
  return [...inSpec, ...inDocument, ...atRoot] as Document[];
}
