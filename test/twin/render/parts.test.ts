import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import { deepMerge, isMapping, type Mapping } from '../../../components/twin/render/merge.ts';
import { renderYaml } from '../../../components/twin/render/render-yaml.ts';
import { versionFor } from '../../../components/twin/render/versions.ts';
import { filesMatching } from '../../../components/twin/render/wildcard.ts';

describe('catalog versions', () => {
  const versions = ['1.0.0', '1.2.0', '1.10.1', '2.0.0-rc.1', 'v0.9.0', 'latest'];
  test.each([
    ['~latest', '1.10.1'],
    ['1', '1.10.1'],
    ['1.2', '1.2.0'],
    ['0', 'v0.9.0'],
    ['2', undefined],
    ['1.2.0', undefined],
    ['main', undefined],
  ])('%s is %s', (reference, expected) => {
    expect(versionFor(reference, versions)).toBe(expected);
  });
});

describe('wildcards of local includes', () => {
  const paths = ['a.yml', 'ci/a.yml', 'ci/b.yaml', 'ci/deep/c.yml', 'ci/deep/er/d.yml', 'ciXa.yml'];
  test.each([
    ['ci/*.yml', ['ci/a.yml']],
    ['ci/**.yml', ['ci/a.yml', 'ci/deep/c.yml', 'ci/deep/er/d.yml']],
    ['ci/**/*.yml', ['ci/deep/c.yml', 'ci/deep/er/d.yml']],
    ['ci/*/*.yml', ['ci/deep/c.yml']],
    ['ci.*', []],
  ])('%s', (pattern, expected) => {
    expect(filesMatching(pattern, paths)).toEqual(expected);
  });
});

describe('merge', () => {
  const mappings = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
  test('nothing merged over a configuration, or below it, leaves it', () => {
    fc.assert(
      fc.property(mappings, (config) => {
        expect(deepMerge(config, {})).toEqual(config);
        expect(deepMerge({}, config)).toEqual(config);
        expect(deepMerge(config, config)).toEqual(config);
      }),
    );
  });

  test('the later configuration is all there', () => {
    const within = (part: Mapping, whole: Mapping): boolean =>
      Object.entries(part).every(([key, value]) => {
        const found = whole[key];
        return isMapping(value) && isMapping(found) ? within(value, found) : found === value;
      });
    fc.assert(fc.property(mappings, mappings, (a, b) => within(b, deepMerge(a, b))));
  });
});

test('the YAML written is read alike by 1.1 and 1.2', () => {
  const traps = [
    'on',
    'y',
    'no',
    '~',
    '',
    '0777',
    '0o7',
    '0x1f',
    '1:30',
    '1,000',
    '1_000',
    '.5',
    '1e3',
    '-',
    '=',
    '<<',
  ];
  const more = [
    '2020-01-01',
    '2020-01-01 10:00:00',
    ' a',
    'a: b',
    '# c',
    "it's",
    '"',
    '!x',
    '&a',
    '*a',
    'a\nb',
    '\t',
    '.inf',
    'a\ufffe',
    '\u007f\u0085\u009f\n\uffff',
  ];
  const texts = fc.oneof(fc.constantFrom(...traps, ...more), fc.string(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(fc.dictionary(texts, fc.array(texts)), (config) => {
      const yaml = renderYaml(config);
      const parsed = parseYaml(yaml, 'gitlab');
      expect(parsed.ok && parsed.documents).toEqual([config]);
      expect(parse(yaml, { version: '1.2' })).toEqual(config);
      expect(parse(yaml, { version: '1.1' })).toEqual(config);
    }),
  );
});
