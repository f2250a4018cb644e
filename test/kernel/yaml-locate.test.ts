import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type DataPath, renderPath } from '../../components/kernel/place.ts';
import { parseYaml } from '../../components/kernel/yaml.ts';
import { locateManifest } from '../../components/kernel/yaml-locate.ts';
import { locate } from '../../components/kernel/yaml-positions.ts';

/** Every path of a text, and some that lead nowhere, are at the same place for both. */
function expectSame(text: string): number {
  const parsed = parseYaml(text, 'manifest');
  if (!parsed.ok) return 0;
  const [ours, theirs] = [locateManifest(text), locate(text, 'manifest')];
  let asked = 0;
  const visit = (document: number, value: unknown, path: DataPath): void => {
    for (const target of ['key', 'value'] as const) {
      asked += 1;
      const place = `${document} ${renderPath(path)} ${target}`;
      expect({ place, ...ours(document, path, target) }).toEqual({
        place,
        ...theirs(document, path, target),
      });
    }
    if (path.length > 12 || typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      visit(document, item, [...path, Array.isArray(value) ? Number(key) : key]);
    }
    visit(document, undefined, [...path, 'not there', 7]);
  };
  for (const [document, value] of parsed.documents.entries()) visit(document, value, []);
  return asked;
}

const leaf = fc.oneof(
  fc.constantFrom(
    'x',
    'a: b',
    '# no',
    '- x',
    '',
    "it's",
    'line\nline\n',
    '\nline',
    'a | b',
    '> x\ny',
    'ünï😀',
    '*a',
  ),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b c', '7', '|', 'true', 'a: b'), tie('tree'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
}));
const style = fc.record({
  collectionStyle: fc.constantFrom('any' as const, 'flow' as const, 'block' as const),
  indent: fc.integer({ min: 1, max: 4 }),
  lineWidth: fc.constantFrom(0, 20, 80),
  defaultStringType: fc.constantFrom(
    'PLAIN' as const,
    'QUOTE_DOUBLE' as const,
    'QUOTE_SINGLE' as const,
    'BLOCK_LITERAL' as const,
  ),
});

describe('locateManifest says what locate says', () => {
  test('of documents written by yaml', () => {
    fc.assert(
      fc.property(tree, style, (value, options) => {
        expectSame(stringify(value, options));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['comments and empty values', '# top\na: # why\n  b:\n  c: ~ # null\n  d: !!str 5\n'],
    ['texts of several lines', 'a: | # c | d\n\n  x\nb: >-\n  y\n- z\n'],
    ['lists of lists', 'a:\n- - 1\n  - { b: [1, 2] }\n-\n  c: 1\n'],
    ['items that are left empty', 'a:\n  -\n  - 1\n  -\n  - b:\n'],
    ['anchors and aliases', 'a: &x { b: 1, c: [1] }\nd: *x\ne: [*x, &y 2, *y]\nf: &x 7\ng: *x\n'],
    ['documents', 'a: 1\n---\n- b\n---\n---\nc: { d: 1 }\n...\n'],
    ['line ends', 'a: 1\r\nb:\r\n  - c: |\r\n      x\r\n'],
    ['a byte order mark', '\ufeffa:\n  b: 1\n'],
    ['quoted and odd keys', '"a b": 1\n? c\n: d\n1: { true: x }\n'],
    ['JSON', '{\n  "a": [1, {"b": null}],\n  "c": "d"\n}\n'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expectSame(text);
  });

  const data = resolve('../shared/data/ossa/manifests');
  test.skipIf(!existsSync(data))('of real manifests (skipped where ../shared/data/ossa is absent)', () => {
    const asked = readdirSync(data).map((file) => expectSame(readFileSync(join(data, file), 'utf8')));
    expect(asked.reduce((sum, count) => sum + count)).toBeGreaterThan(10_000);
  });
});

test('a text that cannot be read is all at its beginning', () => {
  expect(locateManifest('a: [')(0, ['a'])).toEqual({ line: 1, column: 1 });
});
