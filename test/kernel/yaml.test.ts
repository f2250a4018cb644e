import { describe, expect, test } from 'vitest';
import { parseYaml, Reference, type YamlProfile } from '../../components/kernel/yaml.ts';
import { processorTime } from '../support/processor-time.ts';

function documents(text: string, profile: YamlProfile = 'manifest'): readonly unknown[] {
  const parsed = parseYaml(text, profile);
  if (!parsed.ok) throw new Error(parsed.problems.map((problem) => problem.message).join('\n'));
  return parsed.documents;
}

/** `CODE line:column` of each problem. */
function problems(text: string, profile: YamlProfile = 'manifest', limits = {}): readonly string[] {
  const parsed = parseYaml(text, profile, limits);
  return parsed.ok ? [] : parsed.problems.map(({ code, line, column }) => `${code.code} ${line}:${column}`);
}

function milliseconds(work: () => unknown): number {
  const spent = processorTime();
  work();
  return spent();
}

describe('documents', () => {
  test.each([
    ['', []],
    ['# a comment\n\n  # only\n', []],
    ['---\n---', [null, null]],
    ['---\n', [null]],
    ['a: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['\ufeffa: 1\n', [{ a: 1 }]],
    ['a: 1\r\nb: [x, y]\r\n', [{ a: 1, b: ['x', 'y'] }]],
    ['{\n\t"a": [\n\t\t1,\n\t\t{"b":null}\n\t]\n}\n', [{ a: [1, { b: null }] }]],
    ['{"a":"\\ud83d\\ude00\\u0000\\/"}', [{ a: '😀\u0000/' }]],
  ])('%j', (text, expected) => {
    expect(documents(text)).toEqual(expected);
  });

  test('__proto__ is a property like others', () => {
    const [value] = documents('{"__proto__": {"admin": true}, "a": 1}') as [object];
    expect(Object.keys(value)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect((value as { admin?: unknown }).admin).toBeUndefined();
  });
});

describe('scalars', () => {
  // Core: YAML 1.2.2 §10.3.2. Psych: lib/psych/scalar_scanner.rb.
  test.each([
    ['', null, null],
    ['~', null, null],
    ['Null', null, null],
    ['nULL', 'nULL', null],
    ['true', true, true],
    ['tRUE', 'tRUE', true],
    ['yes', 'yes', true],
    ['off', 'off', false],
    ['y', 'y', 'y'],
    ['017', 17, 15],
    ['0o17', 15, '0o17'],
    ['0x1F', 31, 31],
    ['0b11', '0b11', 3],
    ['1_000', '1_000', 1000],
    ['1,000', '1,000', 1000],
    ['089', 89, '089'],
    ['1:30', '1:30', 90],
    ['-1:30.5', '-1:30.5', -90.5],
    ['1.5', 1.5, 1.5],
    ['1e3', 1000, '1e3'],
    ['1.e+3', 1000, 1000],
    ['.5', 0.5, 0.5],
    ['.', '.', '.'],
    ['.inf', Infinity, Infinity],
    ['-.INF', -Infinity, -Infinity],
    ['.nan', Number.NaN, Number.NaN],
    ['1.2.3', '1.2.3', '1.2.3'],
    ['2026-01-31', '2026-01-31', '2026-01-31'],
    ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00Z', '2026-01-31T10:00:00Z'],
    ['!!str 12', '12', '12'],
    ['!!int "12"', 12, 12],
    ['!!float 1', 1, 1],
    ['!!bool true', true, true],
    ['!!null ""', null, null],
    ['! 12', '12', '12'],
    ['"12"', '12', '12'],
    [`1${'0'.repeat(400)}`, `1${'0'.repeat(400)}`, `1${'0'.repeat(400)}`],
  ])('%s', (text, core, psych) => {
    expect(documents(`a: ${text}\n`)).toEqual([{ a: core }]);
    expect(documents(`a: ${text}\n`, 'gitlab')).toEqual([{ a: psych }]);
  });

  test('a key is its text in a manifest, and what Ruby makes of it for GitLab', () => {
    const text = 'on: 1\n1: 2\n01: 3\nnull: 4\n';
    expect(documents(text)).toEqual([{ on: 1, '1': 2, '01': 3, null: 4 }]);
    expect(documents(text, 'gitlab')).toEqual([{ true: 1, '1': 3, '': 4 }]);
  });
});

describe('manifest', () => {
  test.each([
    ['a: 1\nb: 2\na: 3\nb: 4\n', ['YAML_DUPLICATE_KEY 3:1', 'YAML_DUPLICATE_KEY 4:1']],
    ['{"a": 1,\n "a": 2}', ['YAML_DUPLICATE_KEY 2:2']],
    ['a: 1\n"a": 2\n', ['YAML_DUPLICATE_KEY 2:1']],
    ['a: !secret x\nb: !!binary aGk=\n', ['YAML_TAG 1:4', 'YAML_TAG 2:4']],
    ['a: !!int x\nb: !!set {x: 1}\n', ['YAML_TAG 1:4', 'YAML_TAG 2:4']],
    ['a: !reference [b]\n', ['YAML_TAG 1:4']],
    ['a: !!js/function "x"\n', ['YAML_TAG 1:4']],
    ['%TAG !! tag:evil.org,2002:\n---\na: !!str x\n', ['YAML_TAG 3:4']],
    ['? [a]\n: 1\n', ['YAML_KEY 1:3']],
    ['{a: b}: c\n', ['YAML_KEY 1:1']],
    ['a: &x {k: 1}\n<<: *x\n', ['YAML_KEY 2:1']],
    ['a: *nowhere\n', ['YAML_SYNTAX 1:4']],
    ['&a [*a]\n', ['YAML_ALIASES 1:5']],
    ['a: [1\nb: 2\n', ['YAML_SYNTAX 2:1']],
    ['a: "\\ud800"\n', ['YAML_SYNTAX 1:4']],
    ['a: \ud800\n', ['YAML_SYNTAX 1:4']],
    ['a: b\0\n', ['YAML_SYNTAX 1:5']],
    ['\ufeffa: 1\na: 2', ['YAML_DUPLICATE_KEY 2:1']],
    ['a:\r\n  b: 1\r\n  b: 2\r\n', ['YAML_DUPLICATE_KEY 3:3']],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('a quoted << is a name', () => {
    expect(documents('"<<": 1\n')).toEqual([{ '<<': 1 }]);
  });

  test('at most 100 problems', () => {
    expect(problems('a: 1\n'.repeat(500))).toHaveLength(100);
  });

  test('a duplicate key says where the first one stands', () => {
    expect(parseYaml('x:\n  name: a\n  name: b\n', 'manifest')).toMatchObject({
      problems: [{ message: 'the key "name" is given again, first in line 2' }],
    });
  });
});

describe('gitlab', () => {
  test('merges in the order of the text, as Psych does', () => {
    const text = [
      '.a: &a {x: 1, y: 1}',
      '.b: &b {y: 2, z: 2}',
      'one: {<<: *a, y: 9}',
      'two: {y: 9, <<: *a}',
      'list: {<<: [*a, *b]}',
      'none: {<<: 5}',
      '',
    ].join('\n');
    expect(documents(text, 'gitlab')[0]).toMatchObject({
      one: { x: 1, y: 9 },
      two: { x: 1, y: 1 },
      list: { x: 1, y: 1, z: 2 },
      none: { '<<': 5 },
    });
  });

  test('the last of equal keys wins', () => {
    expect(documents('a: 1\na: 2\n', 'gitlab')).toEqual([{ a: 2 }]);
  });

  test('!reference is kept', () => {
    expect(documents('script: [!reference [.a, script], ls]\n', 'gitlab')).toEqual([
      { script: [new Reference(['.a', 'script']), 'ls'] },
    ]);
    expect(problems('a: !reference x\nb: !reference {c: d}\n', 'gitlab')).toEqual([
      'YAML_TAG 1:4',
      'YAML_TAG 2:4',
    ]);
    expect(problems('a: !unknown [x]\n', 'gitlab')).toEqual(['YAML_TAG 1:4']);
  });
});

describe('limits', () => {
  const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 30; level += 1) {
    laughs.push(
      `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  }

  test.each<[string, string, readonly string[], object?]>([
    ['billion laughs', laughs.join('\n'), ['YAML_ALIASES 6:10']],
    ['100,000 open brackets', '['.repeat(100_000), ['YAML_DEPTH 1:101']],
    ['100,000 open braces', '{a: '.repeat(100_000), ['YAML_DEPTH 1:398']],
    ['100,000 list dashes', '- '.repeat(100_000), ['YAML_DEPTH 1:203']],
    ['depth the stack cannot hold', '['.repeat(100_000), ['YAML_DEPTH 1:1'], { depth: 1_000_000 }],
    ['too many bytes', `a: ${'é'.repeat(600_000)}`, ['YAML_TOO_LARGE 1:1']],
    ['too many values', `[${'1,'.repeat(200_000)}]`, ['YAML_TOO_LARGE 1:200000']],
    ['too many aliases', `a: &a 1\nb: [${'*a,'.repeat(1_001)}]`, ['YAML_ALIASES 2:3005']],
  ])('%s is refused at once', (_, text, expected, limits) => {
    const took = milliseconds(() => expect(problems(text, 'manifest', limits)).toEqual(expected));
    expect(took).toBeLessThan(5_000);
  });

  test('depth is exact, and counts what aliases add', () => {
    expect(problems(`${'['.repeat(100)}${']'.repeat(100)}`)).toEqual([]);
    expect(problems(`${'['.repeat(101)}${']'.repeat(101)}`)).toEqual(['YAML_DEPTH 1:101']);
    const chain = ['a0: &a0 [x]'];
    for (let level = 1; level < 200; level += 1) chain.push(`a${level}: &a${level} [*a${level - 1}]`);
    expect(problems(chain.join('\n'))).toEqual(['YAML_DEPTH 100:12']);
  });

  test('an alias used often gives one object', () => {
    const [value] = documents('a: &x {k: 1}\nb: *x\n') as [{ a: object; b: object }];
    expect(value.a).toBe(value.b);
  });
});
