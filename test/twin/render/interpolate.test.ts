import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Scope } from '../../../components/twin/render/block.ts';
import { interpolate } from '../../../components/twin/render/interpolate.ts';
import { rubyReplaceAll, rubyText } from '../../../components/twin/render/ruby.ts';

function scopeOf(inputs: Readonly<Record<string, unknown>>, variables = {}): Scope {
  return { inputs, component: { name: 'validate' }, variables, maskedVariables: new Set(['SECRET']) };
}

function interpolated(
  text: unknown,
  inputs: Readonly<Record<string, unknown>> = {},
  variables = {},
): unknown {
  return interpolate(text, scopeOf(inputs, variables)).value;
}

function codesOf(text: unknown, inputs: Readonly<Record<string, unknown>> = {}): readonly string[] {
  return interpolate(text, scopeOf(inputs)).mistakes.map((mistake) => mistake.code.code);
}

describe('a text that is nothing but a block becomes the value with its type', () => {
  test.each([
    ['a', 'a'],
    [7, 7],
    [true, true],
    [null, null],
    [
      [1, { a: 'b' }],
      [1, { a: 'b' }],
    ],
  ])('%j', (value, expected) => {
    expect(interpolated({ key: ['$[[ inputs.x ]]'] }, { x: value })).toEqual({ key: [expected] });
    expect(interpolated('$[[inputs.x]]', { x: value })).toEqual(expected);
  });
});

describe("inside a text a value is written with Ruby's to_s", () => {
  test.each([
    ['a', 'a'],
    [7.5, '7.5'],
    [false, 'false'],
    [null, ''],
    [['a', 1, null, true], '["a", 1, nil, true]'],
    [[{ if: '$A', 'b c': 'd' }], '[{:if=>"$A", :"b c"=>"d"}]'],
    [['a"b\\c\n#{d}#e\u0001'], String.raw`["a\"b\\c\n\#{d}#e\x01"]`],
  ])('%j', (value, expected) => {
    expect(rubyText(value)).toBe(expected);
    expect(interpolated('x$[[ inputs.x ]]', { x: expected.replaceAll('\\', '\\\\') })).toBe(`x${expected}`);
  });

  test.each([
    [String.raw`a\\b`, String.raw`<a\b>`],
    [String.raw`a\d`, String.raw`<a\d>`],
    [String.raw`[\0|\&|\1]`, '<[X|X|]>'],
    ["[\\`|\\']", '<[<|>]>'],
  ])('gsub reads the backslashes of %s', (replacement, expected) => {
    expect(rubyReplaceAll('<X>', 'X', replacement)).toBe(expected);
  });
});

describe('what a block is', () => {
  test.each([
    ['$[[ inputs.x | truncate(1,2) ]]', 'bc'],
    ['$[[ inputs.x | truncate( 9 , 2 ) ]]', ''],
    ['$[[\n  inputs.x\n]]', 'abcd'],
    ['$[[ inputs.x ]] $[[ inputs.x ]]', 'abcd abcd'],
    ['$[[ inputs.x | ]]', 'abcd'],
    ['$[[ component.name ]]', 'validate'],
    ['$[[ matrix.X ]] $[[ inputs.x ]]', '$[[ matrix.X ]] abcd'],
  ])('%j is %j', (text, expected) => {
    expect(interpolated(text, { x: 'abcd' })).toBe(expected);
    expect(codesOf(text, { x: 'abcd' })).toEqual([]);
  });

  test.each([
    ['$[[ ]]', ['RENDER_BLOCK_LEFT']],
    ['$[[ x ]]', ['RENDER_BLOCK_LEFT']],
    ['$[[ inputs.\nx ]]', ['RENDER_BLOCK_LEFT']],
    ['$[[ inputs ]]', ['RENDER_ACCESS']],
    ['$[[ | truncate(0,1) ]]', ['RENDER_ACCESS']],
    ['$[[ inputs.y ]]', ['RENDER_KEY_UNKNOWN']],
    ['$[[ inputs.x.y ]]', ['RENDER_KEY_UNKNOWN']],
    ['$[[ inputs.__proto__ ]]', ['RENDER_KEY_UNKNOWN']],
    ['$[[ component.version ]]', ['RENDER_KEY_UNKNOWN']],
    ["$[[ inputs.x | split('|') ]]", ['RENDER_FUNCTION', 'RENDER_FUNCTION']],
    ['$[[ inputs.x | Truncate(0,1) ]]', ['RENDER_FUNCTION']],
    ['$[[ inputs.x | truncate(-1,1) ]]', ['RENDER_FUNCTION']],
    ['$[[ inputs.list | posix_escape ]]', ['RENDER_FUNCTION']],
    ['$[[ inputs.x | a | b | c | d ]]', ['RENDER_TOO_MANY_FUNCTIONS', ...Array(4).fill('RENDER_FUNCTION')]],
    ['a $[[ inputs.list ]]', ['RENDER_ARRAY_IN_TEXT']],
    ['a $[[ inputs.plain ]]', []],
  ])('%j gives %j', (text, codes) => {
    expect(codesOf(text, { x: 'abcd', list: [null], plain: ['a', 1] })).toEqual(codes);
  });
});

describe('functions', () => {
  const variables = { NAME: 'you', SECRET: 's', EMPTY: '' };
  test.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is GitLab's own form.
    ['hello $NAME ${NAME} %NAME%', 'expand_vars', 'hello you you you'],
    ['[$EMPTY] $UNKNOWN $$', 'expand_vars', '[] $UNKNOWN $$'],
    ["it's a\nb", 'posix_escape', "it\\'s\\ a'\n'b"],
    ['', 'posix_escape', "''"],
    ['a-1_.,:+/@', 'posix_escape', 'a-1_.,:+/@'],
    ['é😀', 'posix_escape', '\\é\\😀'],
    ['😀ab', 'truncate(0,2)', '😀a'],
    [' a , b,,', "split(',')", ['a', 'b']],
    ['a b', "split(' ')", ['a', 'b']],
  ])('%j | %s', (text, name, expected) => {
    expect(interpolated(`$[[ inputs.x | ${name} ]]`, { x: text }, variables)).toEqual(expected);
  });

  test('expand_vars refuses a masked variable', () => {
    const { mistakes } = interpolate('$[[ inputs.x | expand_vars ]]', scopeOf({ x: '$SECRET' }, variables));
    expect(mistakes.map((mistake) => mistake.message)).toEqual([
      'error in `expand_vars` function: variable expansion error: masked variables cannot be expanded',
    ]);
  });
});

describe('limits', () => {
  test('an access may have 1024 bytes', () => {
    expect(codesOf(`$[[ inputs.${'x'.repeat(1017)} ]]`)).toEqual(['RENDER_KEY_UNKNOWN']);
    expect(codesOf(`$[[ inputs.${'x'.repeat(1018)} ]]`)).toEqual(['RENDER_ACCESS']);
  });

  test('a file may have 10,000 different blocks', () => {
    const blocks = (count: number) =>
      Array.from({ length: count }, (_, n) => `$[[ inputs.x | truncate(0,${n}) ]]`);
    expect(codesOf([...blocks(10_000), ...blocks(10_000)], { x: 'a' })).toEqual([]);
    expect(codesOf(blocks(10_001), { x: 'a' })).toEqual(['RENDER_TOO_MANY_BLOCKS']);
  });

  test('a text may have 1 MB before it is interpolated', () => {
    expect(codesOf('x'.repeat(1024 * 1024))).toEqual([]);
    expect(codesOf('x'.repeat(1024 * 1024 + 1))).toEqual(['RENDER_NODE_TOO_LARGE']);
    expect(codesOf('ä'.repeat(600 * 1024))).toEqual(['RENDER_NODE_TOO_LARGE']);
    expect(codesOf('$[[ inputs.x ]] $[[ inputs.x ]]', { x: 'x'.repeat(1024 * 1024) })).toEqual([]);
  });
});

describe('properties', () => {
  const trees = fc.jsonValue({ maxDepth: 4 });

  test('what has no block stays as it is', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        fc.pre(!JSON.stringify(tree).includes('$[['));
        expect(interpolate(tree, scopeOf({}))).toEqual({ value: tree, mistakes: [] });
      }),
    );
  });

  test('without header nothing is replaced', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const tree = [text, `${text} $[[ inputs.x ]]`];
        expect(interpolate(tree, undefined).value).toEqual(tree);
      }),
    );
  });

  test('one pass: a block in a value is not replaced', () => {
    const around = fc.stringMatching(/^[a-z ]*$/);
    fc.assert(
      fc.property(around, around, fc.constantFrom('x', 'y', 'typo'), (before, after, name) => {
        const value = `${before}$[[ inputs.${name} ]]${after}`;
        const { value: result, mistakes } = interpolate(`$[[ inputs.x ]]`, scopeOf({ x: value, y: 'no' }));
        expect(result).toBe(value);
        expect(mistakes.map((mistake) => mistake.code.code)).toEqual(['RENDER_BLOCK_LEFT']);
      }),
    );
  });

  test('a text of blocks in a row is the values in a row', () => {
    const values = fc.array(fc.stringMatching(/^[^\\$]*$/), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(values, (parts) => {
        const inputs = Object.fromEntries(parts.map((part, index) => [`i${index}`, part]));
        const text = parts.map((_, index) => `$[[ inputs.i${index} ]]`).join('');
        expect(interpolated(text, inputs)).toBe(parts.join(''));
      }),
    );
  });
});
