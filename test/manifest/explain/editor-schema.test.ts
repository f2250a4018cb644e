// Editors are given one schema for everything. It must say of every document what the schema of its version and kind says.
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import { meanings } from '../../../components/manifest/explain/meanings.ts';
import { isData } from '../../../components/manifest/read-data.ts';
import { knownVersions } from '../../../components/manifest/versions.ts';
import { bundleSchemas } from '../../../scripts/dev/build/editor-schema.ts';
import { readOssaSchemas } from '../../../scripts/dev/build/ossa-schemas.ts';

const schemas = await readOssaSchemas();
const bundle = bundleSchemas(schemas, knownVersions);
const options = { strict: false, discriminator: true } as const;

const withFormats = (ajv: Ajv) => {
  formats.default(ajv);
  return ajv;
};
const whole = withFormats(new Ajv(options)).compile(bundle);
const split = withFormats(new Ajv({ ...options, schemas: [...schemas.documents.values()] }));
const entries = schemas.entries.map(({ schema }) => split.getSchema(String(schema.$id)));

/** Each entry checks apiVersion and kind itself, so of all at most the right one holds. */
const holdsApart = (document: unknown) => entries.some((validate) => validate?.(document) === true);

function documentsIn(file: string): readonly unknown[] {
  const parsed = parseYaml(readFileSync(file, 'utf8'), 'manifest');
  return parsed.ok ? parsed.documents.filter(isData) : [];
}

/** The same document with one place changed, for every place and change. */
function* changed(document: unknown): Generator<unknown> {
  for (const path of placesIn(document)) {
    for (const value of [undefined, null, 7, 'x', [], {}, true]) {
      const copy = structuredClone(document);
      const holder = path
        .slice(0, -1)
        .reduce<Record<string | number, unknown>>(
          (inside, step) => inside[step] as Record<string | number, unknown>,
          copy as Record<string, unknown>,
        );
      const last = path.at(-1) ?? '';
      if (value === undefined) delete holder[last];
      else holder[last] = value;
      yield copy;
    }
  }
}

function placesIn(value: unknown): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const steps: readonly (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return steps.flatMap((step) => [
    [step],
    ...placesIn((value as Record<string | number, unknown>)[step]).map((path) => [step, ...path]),
  ]);
}

const upstream = resolve('../shared/data/ossa/manifests');
const isHere = existsSync(upstream);

describe('one schema for all', () => {
  const own = globSync('test/**/*.ossa.yaml').flatMap(documentsIn);

  test('judges our own documents, and every change of one place in them, as the schemas apart do', () => {
    let changes = 0;
    for (const document of own) {
      expect(whole(document), JSON.stringify(document)).toBe(holdsApart(document));
      for (const other of changed(document)) {
        changes += 1;
        if (whole(other) !== holdsApart(other)) expect.fail(JSON.stringify(other));
      }
    }
    expect(own.some(holdsApart)).toBe(true);
    expect(changes).toBeGreaterThan(2000);
  });

  describe.skipIf(!isHere)('real manifests (skipped where ../shared/data/ossa is absent)', () => {
    test.each(isHere ? readdirSync(upstream) : [''])('%s', (file) => {
      for (const document of documentsIn(join(upstream, file))) {
        expect(whole(document)).toBe(holdsApart(document));
        let index = 0;
        // Each kind of change is made at a seventeenth of the places.
        for (const other of changed(document))
          if (index++ % 17 === 0 && whole(other) !== holdsApart(other)) expect.fail(JSON.stringify(other));
      }
    });
  });

  test.each([
    ['no version', { kind: 'Agent', metadata: { name: 'a' }, spec: {} }],
    ['no kind', { apiVersion: 'ossa/v0.4', metadata: { name: 'a' }, spec: {} }],
    ['an unknown version', { apiVersion: 'ossa/v0.9', kind: 'Agent', metadata: { name: 'a' }, spec: {} }],
    ['an unknown kind', { apiVersion: 'ossa/v0.4', kind: 'Banana', metadata: { name: 'a' }, spec: {} }],
    [
      'a kind its version does not have',
      { apiVersion: 'ossa/v0.3.0', kind: 'Flow', metadata: { name: 'a' }, spec: {} },
    ],
    ['a list', []],
  ])('%s is refused', (_, document) => expect(whole(document)).toBe(false));
});

describe('for editors', () => {
  test('there is no reference to another file', () => {
    const text = JSON.stringify(bundle);
    const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference = '']) => reference);
    expect(references.length).toBeGreaterThan(500);
    const definitions = bundle.definitions as Readonly<Record<string, unknown>>;
    const lost = references.filter((one) => definitions[one.replace('#/definitions/', '')] === undefined);
    expect(lost).toEqual([]);
    expect(text).not.toMatch(/"\$id":"[^"]*\/(parts|extensions)\//);
  });

  test('versions and kinds are offered, and only those it judges', () => {
    const { apiVersion, kind } = bundle.properties as Readonly<
      Record<string, { anyOf: { enum?: string[] }[]; enum?: string[] }>
    >;
    const offered = apiVersion?.anyOf[0]?.enum ?? [];
    expect(offered).toContain('ossa/v0.3.5');
    expect(offered).toContain('ossa/v0.4');
    expect(kind?.enum).toContain('Workflow');
    for (const version of offered)
      expect(
        entries.length > 0 &&
          schemas.entries.some(({ schema }) => {
            const { apiVersion: taken } = schema.properties as { apiVersion: object };
            return new Ajv({ strict: false }).validate(taken, version);
          }),
        version,
      ).toBe(true);
  });

  test('fields are described by what they are for', () => {
    const text = JSON.stringify(bundle);
    const silent = Object.entries(meanings).flatMap(([path, { means = '' }]) =>
      text.includes(JSON.stringify(means).slice(1, -1)) ? [] : [path],
    );
    // These have documents of their own, which no schema of OSSA's versions takes in.
    const apart = /^extensions\.(experts|moe|bat|capabilities|feedback|pipewright)\b/;
    expect(silent.filter((path) => !apart.test(path))).toEqual([]);
    expect(silent.length).toBeLessThan(Object.keys(meanings).length / 5);
  });
});
