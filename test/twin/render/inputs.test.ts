import { describe, expect, test } from 'vitest';
import { unresolved } from '../../../components/twin/render/block.ts';
import { parseHeader } from '../../../components/twin/render/header.ts';
import { resolveInputs } from '../../../components/twin/render/inputs.ts';

type Spec = Readonly<Record<string, unknown>> | null;

function resolve(spec: Spec, given?: unknown) {
  const { values, mistakes } = resolveInputs({ x: spec }, given === undefined ? {} : { x: given });
  return { value: values.x, messages: mistakes.map((mistake) => mistake.message) };
}

describe('a value is brought to its type', () => {
  test.each<[Spec, unknown, unknown]>([
    [null, 'a', 'a'],
    [null, 7, '7'],
    [null, true, 'true'],
    [null, ['a', 1], '["a", 1]'],
    [{ type: 'string' }, '', ''],
    [{ type: 'number' }, 7, 7],
    [{ type: 'number' }, '7.5', 7.5],
    [{ type: 'number' }, '-1e3', -1000],
    [{ type: 'boolean' }, 'true', true],
    [{ type: 'boolean' }, false, false],
    [{ type: 'array' }, '["a", {"b": 1}]', ['a', { b: 1 }]],
    [{ type: 'array' }, [], []],
    [{ default: null }, undefined, ''],
    [{ default: 5 }, undefined, '5'],
    [{ type: 'number', default: '5' }, undefined, 5],
    [{ default: 'd' }, null, 'd'],
    [{ options: [1, 'b'] }, '1', '1'],
    [{ type: 'number', options: [1, 2.5] }, '2.5', 2.5],
    [{ type: 'array', options: ['a', 'b'] }, ['b'], ['b']],
    [{ regex: '^v\\d+$' }, 'v12', 'v12'],
    [{ regex: '\\d' }, 'a1b', 'a1b'],
    [{ regex: '^$' }, '', ''],
  ])('%j given %j is %j', (spec, given, expected) => {
    expect(resolve(spec, given)).toEqual({ value: expected, messages: [] });
  });
});

describe('a value that is not allowed is said in the words of GitLab', () => {
  const options = 'cannot be used because it is not in the list of';
  test.each<[Spec, unknown, readonly string[]]>([
    [null, undefined, ['required value has not been provided']],
    [{ type: 'number' }, null, ['required value has not been provided']],
    [{ type: 'number' }, '0777', ['provided value is not a number']],
    [{ type: 'number' }, 'null', ['provided value is not a number']],
    [{ type: 'number', default: 'a' }, 1, ['default value is not a number']],
    [{ type: 'boolean' }, 'yes', ['provided value is not a boolean']],
    [{ type: 'boolean' }, 1, ['provided value is not a boolean']],
    [{ type: 'array' }, 'a', ['provided value is not an array']],
    [{ type: 'array', default: null }, undefined, ['default value is not an array']],
    [{ options: ['a'] }, 'b', [`\`b\` ${options} allowed options`]],
    [{ options: ['a'], default: null }, 'a', [`\`\` ${options} allowed options`]],
    [{ type: 'number', options: [1] }, 2, [`\`2\` ${options} the allowed options`]],
    [{ type: 'array', options: ['a'] }, ['b', 'a', 'c'], [`b, c ${options} allowed options`]],
    [{ type: 'boolean', options: [true] }, true, ['Options can only be used with string and number inputs']],
    [{ regex: '^a$' }, 'b', ['provided value does not match required RegEx pattern']],
    [{ regex: '^a$', default: 'b' }, 'a', ['default value does not match required RegEx pattern']],
    [{ regex: '(?=a)' }, 'a', ['invalid regular expression']],
    [{ type: 'number', regex: '1' }, 1, ['RegEx validation can only be used with string inputs']],
  ])('%j given %j', (spec, given, texts) => {
    const messages = texts.map((text) => `\`x\` input: ${text}`);
    expect(resolve(spec, given)).toEqual({ value: unresolved, messages });
  });

  test('inputs nobody declares are named together', () => {
    const { mistakes } = resolveInputs({ x: null }, { x: 'a', y: 1, z: 2 });
    expect(mistakes.map((mistake) => mistake.message)).toEqual(['unknown input arguments: y, z']);
  });
});

describe('rules', () => {
  const specs = {
    kind: { default: 'a' },
    size: {
      rules: [
        { if: "$[[ inputs.kind ]] == 'a'", options: ['s', 'm'], default: 's' },
        { if: "$[[ inputs.kind ]] == 'free'", default: null },
        { options: ['l'], default: 'l' },
      ],
    },
  };
  test.each([
    [{}, 's'],
    [{ kind: 'b' }, 'l'],
    [{ kind: 'a', size: 'm' }, 'm'],
    [{ kind: 'free', size: 'anything' }, 'anything'],
    [{ kind: 'free' }, ''],
  ])('%j', (given, size) => {
    const { values, mistakes } = resolveInputs(specs, given);
    expect(mistakes).toEqual([]);
    expect(values.size).toBe(size);
  });

  test('an input without default in any rule is required', () => {
    const rules = [{ if: "$[[ inputs.kind ]] == 'a'", options: ['s'] }];
    const { mistakes } = resolveInputs({ kind: { default: 'b' }, size: { rules } }, {});
    expect(mistakes.map((mistake) => mistake.code.code)).toEqual(['RENDER_INPUT_REQUIRED']);
  });
});

test('a header may say as much as GitLab knows', () => {
  const inputs = {
    a: null,
    b: { type: 'array', description: 'd', default: [] },
    c: { options: ['x'], regex: 'x' },
  };
  const header = parseHeader({ spec: { description: 'd', component: ['name', 'version'], inputs } });
  expect(header).toEqual({ inputs, component: ['name', 'version'], mistakes: [] });
});

test.each([
  [{ spec: [] }, 'header:spec config should be a hash'],
  [{ spec: { inputs: [] } }, 'header:spec:inputs config should be a hash'],
  [{ spec: { component: 'name' } }, 'header:spec:component config should be an array of strings'],
  [{ spec: { include: [] } }, 'header:spec:include is not supported by the twin'],
  [
    { spec: { inputs: { a: { options: [null] } } } },
    'header:spec:inputs:a config options array cannot contain null values',
  ],
  [
    { spec: { inputs: { a: { options: Array(51).fill('x') } } } },
    'header:spec:inputs:a config cannot define more than 50 options',
  ],
  [{ spec: { inputs: { a: { rules: 'x' } } } }, 'header:spec:inputs:a:rules config should be a array'],
  [{ spec: { inputs: { a: { rules: [5] } } } }, '`a` input: should be a hash'],
])('header %j', (header, message) => {
  expect(parseHeader(header).mistakes.map((mistake) => mistake.message)).toEqual([message]);
});
