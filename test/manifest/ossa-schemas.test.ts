// The schemas in schemas/ossa are ours; upstream's are the truth they are measured against (ossa-upstream.ts). Where
// upstream's are absent, only our own documents are checked.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { deviationOf } from '../../components/manifest/deviations.ts';
import { legacyShape } from '../../components/manifest/legacy.ts';
import { type Kind, kinds } from '../../components/manifest/types.ts';
import { kindsOf, knownVersions, schemaName } from '../../components/manifest/versions.ts';
import {
  changes,
  type Document,
  filled,
  interestingValues,
  isObject,
  type Json,
  type JsonObject,
  minimal,
  pointer,
  readJson,
  resolve,
  type Schema,
} from './ossa-documents.ts';
import {
  needsUpstream,
  readVerdicts,
  UPSTREAM,
  upstreamIsHere,
  upstreamJudge,
  upstreamSpec,
} from './ossa-upstream.ts';

const OURS = join(import.meta.dirname, '../../schemas/ossa');
const OTHER_SPELLINGS = [
  'ossa/v0.2.3-dev',
  'ossa/v0.3',
  'ossa/v0.3.4-rc.1',
  'ossa/v0.4.10-beta',
  'ossa/v0.5.1',
];

const schemaFiles = readdirSync(OURS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.schema.json'))
  .sort();
const entries = schemaFiles.filter((file) => !/[\\/]/.test(file));
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

/** The schema that judges a document here; undefined where its version or kind is refused before any schema. */
function ourJudge({ apiVersion, kind }: JsonObject): ValidateFunction | undefined {
  const known = kinds.find((one) => one === kind);
  if (known === undefined || typeof apiVersion !== 'string') return undefined;
  const name = schemaName(apiVersion, known);
  return name === undefined ? undefined : ours.getSchema(idOf(`${name}.schema.json`));
}

function isTaken(doc: JsonObject): boolean {
  return legacyShape(doc) === undefined && ourJudge(doc)?.(doc) === true;
}

function isJudged(doc: Json): doc is Document {
  return isObject(doc) && ourJudge(doc) !== undefined;
}

/** A minimal document of every version and kind; of Skill and Validator, which have one schema, one. */
const everyMinimal = [
  ...[...knownVersions, ...OTHER_SPELLINGS].flatMap((version) =>
    kindsOf(version)
      .filter((kind) => !hasOwnSchema(kind))
      .map((kind) => minimal(version, kind)),
  ),
  minimal('ossa/v1', 'Skill'),
  minimal('ossa/v0.2.9', 'Skill'),
  minimal('ossa/v0.4.4', 'Validator'),
];

/** Where OSSA takes a variable in place of a value, and where it does not. */
const VARIABLES: readonly (readonly [version: string, llm: JsonObject, taken: boolean])[] = [
  ['ossa/v0.2.9', { model: '\u0024{LLM_MODEL}' }, true],
  ['ossa/v0.2.9', { provider: '\u0024{LLM_PROVIDER}' }, false],
  ['ossa/v0.3.0', { provider: '\u0024{LLM_PROVIDER}' }, true],
  ['ossa/v0.3.0', { profile: '\u0024{LLM_PROFILE:-deep}' }, true],
  ['ossa/v0.3.0', { temperature: '\u0024{LLM_TEMPERATURE}' }, false],
  ['ossa/v0.3.3', { temperature: '\u0024{LLM_TEMPERATURE:-0.2}' }, true],
  ['ossa/v0.3.3', { maxTokens: '\u0024{LLM_TOKENS:-4096}' }, true],
  ['ossa/v0.3.3', { maxTokens: '\u0024{LLM_TOKENS:-many}' }, false],
  [
    'ossa/v0.4',
    { provider: '\u0024{LLM_PROVIDER:-anthropic}', model: '\u0024{LLM_MODEL:-claude-sonnet}' },
    true,
  ],
  ['ossa/v0.4', { provider: '\u0024{1PROVIDER}' }, false],
  ['ossa/v0.4', { provider: '\u0024PROVIDER' }, false],
  [
    'ossa/v0.4',
    { fallback_models: [{ provider: '\u0024{NEXT:-openai}', model: '\u0024{NEXT_MODEL}' }] },
    true,
  ],
];

function withModel(version: string, llm: JsonObject): Document {
  const doc = minimal(version, 'Agent');
  return { ...doc, spec: { role: 'x', llm: { provider: 'openai', model: 'm', ...llm } } };
}

describe('the schemas', () => {
  it.each(schemaFiles)('%s compiles under its own $id', (file) => {
    expect(schemas.get(idOf(file))?.$id).toBe(idOf(file));
    expect(ours.getSchema(idOf(file))).toBeTypeOf('function');
  });

  it('every entry is chosen for something, and everything chosen is an entry', () => {
    const chosen = knownVersions.flatMap((version) => kinds.map((kind) => schemaName(version, kind)));
    const names = [...new Set(chosen)].filter((name) => name !== undefined);
    expect(names.map((name) => `${name}.schema.json`).sort()).toEqual(entries);
  });

  it.each(everyMinimal)('a minimal $kind of $apiVersion is valid', (doc) => {
    const validate = ourJudge(doc);
    expect(validate?.(doc), JSON.stringify(validate?.errors)).toBe(true);
  });

  it.each([
    ['no spec', { spec: null }],
    ['an unknown key in metadata', { metadata: { name: 'x', owner: 'us' } }],
    ['a tool without a type', { spec: { tools: [{ name: 'search' }] } }],
    ['a capability that is a bare name', { spec: { tools: [{ type: 'http', capabilities: ['search'] }] } }],
    ['an unknown signal', { spec: { completion: { signals: [{ signal: 'escalated' }] } } }],
    ['a provider that is neither known nor a variable', { spec: { llm: { provider: 'acme', model: 'm' } } }],
    ['guardrails as a list', { spec: { safety: { guardrails: [] } } }],
  ])('%s is refused', (_, change) => {
    expect(isTaken({ ...minimal('ossa/v0.4', 'Agent'), ...change })).toBe(false);
  });

  it.each(entries)('%s refuses a version and a kind that it is not for', (file) => {
    const validate = ours.getSchema(idOf(file));
    const own = everyMinimal.find((doc) => ourJudge(doc) === validate);
    expect(validate?.(own)).toBe(true);
    expect(validate?.({ ...own, apiVersion: 'ossa/v0.1.9!' })).toBe(false);
    expect(validate?.({ ...own, kind: 'Banana' })).toBe(false);
  });

  it.each(VARIABLES)('of %s, %j is taken: %s', (version, llm, taken) => {
    expect(isTaken(withModel(version, llm))).toBe(taken);
  });
});

describe.skipIf(!upstreamIsHere)(`against upstream${needsUpstream}`, () => {
  it.each(everyMinimal)('upstream takes the minimal $kind of $apiVersion too', (doc) => {
    expect(upstreamJudge(doc).validate(doc)).toBe(true);
  });

  it.each(VARIABLES)('upstream says the same of %s, %j', (version, llm, taken) => {
    const doc = withModel(version, llm);
    expect(upstreamJudge(doc).validate(doc)).toBe(taken);
  });

  it.each(readManifests())('%s is %s', (_, verdict, docs) => {
    expect(docs.every((doc) => isObject(doc) && isTaken(doc)) ? 'valid' : 'invalid').toBe(verdict);
  });

  it.each(everyMinimal)('names no field that upstream does not: $kind of $apiVersion', (doc) => {
    const { schema } = upstreamJudge(doc);
    const theirs = { ...schema, properties: { ...schema.properties, spec: upstreamSpec(doc) } };
    const known = new Set(fieldPaths(theirs));
    const named = fieldPaths(ourJudge(doc)?.schema as Schema);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !known.has(path))).toEqual([]);
  });

  it('agrees on small changes to valid manifests', () => {
    const valid = readManifests().flatMap(([, verdict, docs]) => (verdict === 'valid' ? docs : []));
    const result = compare([...valid.filter(isJudged), ...everyMinimal]);
    expect(result.agreement, report('manifests', result)).toBe(1);
  }, 60_000);

  it.each(kindsBySchema())(
    'agrees on every field of %s: %s',
    (version, theirs) => {
      const result = compare(theirs.flatMap((kind) => samples(version, kind, theirs[0])));
      expect(result.agreement, report(`${version} ${theirs.join(', ')}`, result)).toBe(1);
    },
    60_000,
  );
});

/** Versions with the kinds that one schema of upstream judges together, each schema once. */
function kindsBySchema(): readonly (readonly [version: string, kinds: readonly Kind[]])[] {
  const byVersion = knownVersions
    .filter((version) => !version.endsWith('/v1')) // other names of 0.4
    .map((version) => [version, kindsOf(version).filter((kind) => !hasOwnSchema(kind))] as const);
  return [...byVersion, ['ossa/v0.4.4', ['Skill']], ['ossa/v0.4.4', ['Validator']]];
}

function hasOwnSchema(kind: Kind): boolean {
  return kind === 'Skill' || kind === 'Validator';
}

/** The manifests with their verdicts; without those that the parser refuses. */
function readManifests() {
  return readVerdicts().flatMap(([file, verdict]) => {
    const parsed = [parseAllDocuments(readFileSync(join(UPSTREAM, 'manifests', file), 'utf8'))].flat();
    if (parsed.some((doc) => doc.errors.length > 0)) return [];
    const docs = parsed.map((doc): Json => doc.toJS());
    return [[file, verdict, docs] as const];
  });
}

/** All of them take minutes, and were asked when the schemas were written; a prime meets every kind of change. */
const everyNth = 61;

/** Makes small changes to every document, one at a time, and asks both validators about each sixty-first. */
function compare(docs: readonly Document[]) {
  let turn = 0;
  let made = 0;
  let accepted = 0;
  let deviating = 0;
  const differing: string[] = [];
  for (const original of docs) {
    const doc: Document = structuredClone(original);
    const what = `${original.apiVersion} ${original.kind}`;
    if (!isTaken(doc))
      differing.push(`${what} before any change: ${JSON.stringify(ourJudge(doc)?.errors?.[0])}`);
    for (const { path, value } of changes(doc, '', interestingValues(upstreamJudge(original).schema))) {
      turn += 1;
      if (turn % everyNth !== 0) continue;
      made += 1;
      // The changed document chooses its schemas anew: the choice is compared with the rest.
      const verdict = isTaken(doc);
      if (verdict) accepted += 1;
      if (verdict === upstreamJudge(doc).validate(doc)) continue;
      if (!verdict && deviationOf(doc) !== undefined) deviating += 1;
      else differing.push(`${what} ${path} ${value}: we say ${verdict}`);
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
function samples(apiVersion: string, kind: Kind, first: Kind | undefined): Document[] {
  const base = minimal(apiVersion, kind) as Document & { metadata: JsonObject; spec: JsonObject };
  const { schema } = upstreamJudge(base);
  const fieldsOf = (s: Schema | undefined) => Object.entries((s && resolve(s, schema).properties) ?? {});
  const inSpec = fieldsOf(upstreamSpec(base)).map(([name, s]) => ({
    ...base,
    spec: { ...base.spec, [name]: filled(s, schema) },
  }));
  if (kind !== first) return inSpec as Document[]; // the rest does not depend on the kind
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
