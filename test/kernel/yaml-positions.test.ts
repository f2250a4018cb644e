import { existsSync, globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { type DataPath, renderPath } from '../../components/kernel/place.ts';
import { parseYaml, type YamlProfile } from '../../components/kernel/yaml.ts';
import { explainYaml, locate } from '../../components/kernel/yaml-positions.ts';
import { processorTime } from '../support/processor-time.ts';

/** The second opinion: what the `yaml` package makes of a text; undefined when it finds it wrong. */
function otherParser(text: string, profile: YamlProfile): readonly unknown[] | undefined {
  const version = profile === 'manifest' ? '1.2' : '1.1';
  const parsed = parseAllDocuments(text, {
    version,
    logLevel: 'silent',
    resolveKnownTags: false,
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:timestamp'),
  });
  if ('empty' in parsed) return [];
  if (parsed.some((document) => document.errors.length + document.warnings.length > 0)) return undefined;
  return parsed.map((document): unknown => document.toJS());
}

function ourParser(text: string, profile: YamlProfile): readonly unknown[] | undefined {
  const parsed = parseYaml(text, profile);
  return parsed.ok ? parsed.documents : undefined;
}

// Texts that both YAML versions and both libraries must read alike; where Psych differs from YAML 1.1 (`y`, `1e3`,
// `1,000`) yaml.test.ts has a table.
// No text begins with white space: as a block scalar, yaml 2.9 writes it with a wrong indentation indicator.
const word = fc.oneof(
  fc
    .stringMatching(/^[a-z][a-zA-Z0-9_./-]{2,12}$/)
    .filter((text) => !/^(yes|off|null|true|false)$/i.test(text)),
  fc.constantFrom(
    'a: b',
    '# no comment',
    '- x',
    '',
    "it's",
    '"q"',
    'line\nline\n',
    'tab\there',
    'ünï😀',
    '*a',
    '&a',
    '!t',
  ),
);
const leaf = fc.oneof(
  word,
  fc.integer({ min: -1e9, max: 1e9 }),
  fc.boolean(),
  fc.constant(null),
  fc.constant(0.25),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(word, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
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

describe.each<YamlProfile>(['manifest', 'gitlab'])('%s: both parsers agree', (profile) => {
  test('on documents written by yaml', () => {
    fc.assert(
      fc.property(fc.array(tree, { minLength: 1, maxLength: 2 }), style, (values, options) => {
        const version = profile === 'manifest' ? '1.2' : '1.1';
        const text = values.map((value) => `---\n${stringify(value, { ...options, version })}`).join('');
        expect(ourParser(text, profile)).toEqual(otherParser(text, profile));
        expect(ourParser(text, profile)).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });
});

test('JSON is read as JSON.parse does, or refused for characters YAML does not allow', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const parsed = ourParser(text, 'manifest');
      if (parsed !== undefined) expect(parsed).toEqual([JSON.parse(text)]);
      else expect(text.isWellFormed() && /[\u007f-\u009f\ufffe\uffff]|\\ud[89a-f]/.test(text)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

const manifests = new URL('../../../shared/data/ossa/manifests/', import.meta.url);

describe.skipIf(!existsSync(manifests))('the OSSA manifests (skipped: ../shared/data is not here)', () => {
  test('40 of 42 are read alike, 2 are rejected by both', () => {
    const files = globSync('*.{yaml,yml,json}', { cwd: manifests }).map((name) => new URL(name, manifests));
    const texts = files.map((file) => readFileSync(file, 'utf8'));
    const ours = texts.map((text) => ourParser(text, 'manifest'));
    expect(ours).toEqual(texts.map((text) => otherParser(text, 'manifest')));
    expect([ours.length, ours.filter((value) => value === undefined).length]).toEqual([42, 2]);
  });
});

describe('locate', () => {
  const text = [
    'metadata:', // 1
    '  name: reviewer', // 2
    '  "odd key": &shared', // 3
    '    deep: [one,', // 4
    '      two]', // 5
    'again: *shared', // 6
    'empty:', // 7
    '---', // 8
    '- {a: 1, b: {c: 2}}', // 9
    '',
  ].join('\n');
  const at = locate(text, 'manifest');

  test.each<[number, DataPath, 'key' | 'value', string]>([
    [0, ['metadata', 'name'], 'value', '2:9'],
    [0, ['metadata', 'name'], 'key', '2:3'],
    [0, ['metadata', 'odd key', 'deep', 1], 'value', '5:7'],
    [0, ['again'], 'value', '6:8'],
    [0, ['again', 'deep', 0], 'value', '4:12'],
    [0, ['empty'], 'key', '7:1'],
    [0, ['metadata', 'nothing', 'here'], 'value', '2:3'],
    [0, ['metadata', 'nothing', 'here'], 'key', '1:1'],
    [0, [], 'value', '1:1'],
    [1, [0, 'b', 'c'], 'value', '9:17'],
    [1, [7], 'value', '9:1'],
    [5, ['a'], 'value', '1:1'],
  ])('document %i, %j (%s) is at %s', (document, path, target, expected) => {
    const { line, column } = at(document, path, target);
    expect(`${line}:${column}`).toBe(expected);
  });

  test('follows merge keys to where the value is written', () => {
    const gitlab = locate('.a: &a\n  image: x\n  tags: [t]\njob:\n  <<: [*a]\n  tags: []\n', 'gitlab');
    expect(gitlab(0, ['job', 'image'])).toEqual({ line: 2, column: 10 });
    expect(gitlab(0, ['job', 'tags'])).toEqual({ line: 6, column: 9 });
  });

  test('a byte order mark does not move the first line', () => {
    expect(locate('\ufeffa: b\n', 'manifest')(0, ['a'])).toEqual({ line: 1, column: 4 });
  });

  test('never throws', () => {
    for (const broken of ['a: [', '['.repeat(50_000), '&a [*a]', 'a: *b', '']) {
      expect(locate(broken, 'manifest')(0, ['a', 'b', 0])).toEqual({
        line: expect.any(Number),
        column: expect.any(Number),
      });
    }
  });

  test('finds the line of a planted value', () => {
    fc.assert(
      fc.property(tree, style, (value, options) => {
        const planted = stringify(
          { before: value, list: [value, { here: 'NEEDLE' }], after: value },
          options,
        );
        const lines = planted.split('\n');
        const { line, column } = locate(planted, 'manifest')(0, ['list', 1, 'here']);
        const found = [lines[line - 1]?.slice(column - 1), lines[line]].join('\n');
        expect(found).toMatch(/^(["']?NEEDLE|\|-?\n\s*NEEDLE)/);
      }),
      { numRuns: 200 },
    );
  });

  test('every path of a generated document has a place', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{3,8}$/), leaf, { minKeys: 1 }), (value) => {
        const written = stringify(value);
        const find = locate(written, 'manifest');
        for (const key of Object.keys(value)) {
          const { line, column } = find(0, [key], 'key');
          expect(written.split('\n')[line - 1]?.slice(column - 1), renderPath([key])).toMatch(/^["']?[a-z]/);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('explainYaml', () => {
  function explained(text: string): readonly string[] {
    const parsed = parseYaml(text, 'manifest');
    if (parsed.ok) throw new Error('there is nothing to explain');
    return explainYaml(text, 'manifest', parsed.problems).map(({ code, line }) => `${code.code} ${line}`);
  }

  test('lists syntax errors and duplicate keys of one text together', () => {
    const text = ['a: 1', 'a: 2', 'b: "\\q"', 'c: 1', 'c: 2', 'd: @x', ''].join('\n');
    expect(explained(text)).toEqual([
      'YAML_DUPLICATE_KEY 2',
      'YAML_SYNTAX 3',
      'YAML_DUPLICATE_KEY 5',
      'YAML_SYNTAX 6',
    ]);
  });

  test('stays bounded and quick on hostile texts', () => {
    expect(explained('['.repeat(100_000))).toEqual(['YAML_DEPTH 1']);
    const spent = processorTime();
    const many = Array.from({ length: 20_000 }, (_, index) => `k${index % 10_000}: 1`).join('\n');
    expect(explained(`${many}\nx: "\\q"\n`).length).toBeLessThanOrEqual(100);
    expect(spent()).toBeLessThan(5_000);
  });
});
