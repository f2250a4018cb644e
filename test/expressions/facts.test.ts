import { describe, expect, test } from 'vitest';
import { createEvaluator } from '../../components/expressions/compile.ts';
import { environments } from '../../components/expressions/registry.ts';
import type { FactValue, FactValues } from '../../components/expressions/types.ts';
import { condition, evaluate, expression, sample, signal } from './evaluators.ts';

describe('every fact an expression names is asked for before it runs', () => {
  test.each([
    'target > 1.0',
    'target == 1.0 && false',
    'false && target == 1.0',
    'true || target > 1.0',
    'cost_usd > 1.0 ? true : target > 1.0',
    '[1].exists(n, n == 2 && target > 1.0)',
  ])('%s with an absent target is an error', (source) => {
    expect(evaluate(signal, source, { cost_usd: 2 })).toEqual({
      kind: 'absent',
      fact: 'target',
      message: 'the fact target is absent',
    });
  });

  test('undefined is absent', () => {
    expect(evaluate(signal, 'cost_usd > 1.0', { cost_usd: undefined })).toMatchObject({ kind: 'absent' });
  });

  test('an absent fact that is not named does not matter', () => {
    expect(evaluate(signal, 'cost_usd > 1.0', { cost_usd: 2 })).toBe(true);
  });
});

describe('a value of the wrong type is an error of each expression that names it', () => {
  const wholeNumber = 'is not a whole number';
  const bits = 'is beyond the 64 bits of an int';
  const finite = 'is not a finite number';
  const texts = 'is not a list of strings';
  const json = 'is not a JSON value';
  class Special {
    readonly key = 1;
  }
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['i', '3', wholeNumber],
    ['i', 1.5, wholeNumber],
    ['i', Number.NaN, wholeNumber],
    ['i', Number.POSITIVE_INFINITY, wholeNumber],
    ['i', 2 ** 63, bits],
    ['i', 2n ** 63n, bits],
    ['i', -(2n ** 63n) - 1n, bits],
    ['i', null, wholeNumber],
    ['x', Number.NaN, finite],
    ['x', Number.NEGATIVE_INFINITY, finite],
    ['x', 3n, finite],
    ['x', '0.5', finite],
    ['s', 3, 'is not a string'],
    ['s', ['a'], 'is not a string'],
    ['b', 'true', 'is not a bool'],
    ['b', 1, 'is not a bool'],
    ['l', 'read', texts],
    ['l', ['read', 1], texts],
    ['l', new Array(3), texts],
    ['l', { 0: 'read', length: 1 }, texts],
    ['d', [1, Number.NaN], json],
    ['d', { a: { b: 3n } }, json],
    ['d', { a: () => true }, json],
    ['d', new Date(0), json],
    ['d', { a: new Map() }, json],
    ['d', [new Special()], json],
    ['d', [undefined], json],
  ];
  test.each(wrong)('%s as %o %s', (name, value, says) => {
    const facts = { [name]: value as FactValue };
    // Each expression names the fact and would not need it.
    expect(evaluate(sample, `true || ${name} == ${name}`, facts)).toEqual({
      kind: 'type',
      fact: name,
      message: `the fact ${name} ${says}`,
    });
    expect(evaluate(sample, '1 + 1 == 2', facts)).toBe(true);
  });

  test.each<readonly [string, FactValue]>([
    ['i == 3', 3],
    ['i == 3', 3n],
    ['i == 9223372036854775807', 2n ** 63n - 1n],
    ['i < 0', -(2 ** 63)],
    ['i == 0', -0],
  ])('%s takes %o', (source, i) => {
    expect(evaluate(sample, source, { i })).toBe(true);
  });
});

describe('limits of facts', () => {
  const text = 'a'.repeat(1_048_577);
  let deep: unknown = 1;
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  const circle: unknown[] = [];
  circle.push({ circle });
  test.each<readonly [string, unknown]>([
    ['s', text],
    ['l', new Array(10_001).fill('a')],
    ['l', [text]],
    ['d', text],
    ['d', new Array(100_001).fill(0)],
    ['d', { [text]: 1 }],
    ['d', deep],
    ['d', circle],
  ])('%s beyond them is an error', (name, value) => {
    expect(evaluate(sample, `${name} == ${name}`, { [name]: value as FactValue })).toEqual({
      kind: 'limit',
      fact: name,
      message: `the fact ${name} is too large for an expression`,
    });
  });

  test('at the limit a fact is fine', () => {
    const facts = { s: text.slice(1), l: new Array(10_000).fill('a'), d: new Array(99_999).fill(0) };
    expect(evaluate(sample, 'size(s) == 1048576 && size(l) == 10000 && size(d) == 99999', facts)).toBe(true);
  });
});

test('an unknown fact is our bug', () => {
  expect(() => signal.check({ confidense: 0.5 })).toThrow(new TypeError('signal has no fact "confidense"'));
  expect(() => signal.check({ constructor: 'x' } as unknown as FactValues)).toThrow(TypeError);
  expect(() => signal.check(JSON.parse('{"__proto__": 1}'))).toThrow(TypeError);
});

test('inherited values are not facts', () => {
  const facts: FactValues = Object.create({ cost_usd: 5 });
  expect(evaluate(signal, 'cost_usd > 1.0', facts)).toMatchObject({ kind: 'absent' });
  const beside = Object.assign(Object.create({ cost_usd: 5, toast: 1 }), { confidence: 0.5 });
  expect(evaluate(signal, 'cost_usd > 1.0', beside)).toMatchObject({ kind: 'absent' });
  expect(evaluate(signal, 'confidence > 0.4', beside)).toBe(true);
});

test('facts may be given in any order, another one each time', () => {
  const given = Object.entries({ i: 1, s: 'a', b: true, x: 0.5, t: undefined, l: ['a'] });
  const compiled = expression(sample, 'i == 1 && s == "a" && b && x < 1.0 && l == ["a"]');
  for (let turn = 0; turn < 2 * given.length; turn += 1) {
    const turned = [...given.slice(turn % given.length), ...given.slice(0, turn % given.length)];
    const facts = Object.fromEntries(turn < given.length ? turned : turned.reverse());
    expect(compiled.evaluate(sample.check(facts))).toBe(true);
    expect(evaluate(sample, 't == ""', facts)).toMatchObject({ kind: 'absent', fact: 't' });
  }
});

test('what was checked is what is evaluated, whatever happens to the values afterwards', () => {
  const values = { l: ['read'], d: { items: [1], name: 'a' } };
  const facts = sample.check(values);
  values.l.push('admin');
  values.d.items.push(2);
  values.d.name = 'b';
  expect(expression(sample, 'l == ["read"] && d.items == [1] && d.name == "a"').evaluate(facts)).toBe(true);
});

test('facts belong to the environment they were checked against', () => {
  const other = expression(condition, 'attempt == 1');
  expect(() => other.evaluate(signal.check({}))).toThrow(TypeError);
  expect(() => other.evaluate({ environment: 'condition' })).toThrow(TypeError);
  const twin = createEvaluator(environments.condition);
  expect(other.evaluate(twin.check({ attempt: 1 }))).toBe(true);
  expect(signal.check({}).environment).toBe('signal');
});

test('no message holds a value', () => {
  const secret = 'glpat-0123456789';
  const facts = {
    s: secret,
    l: [secret],
    d: { [secret]: secret, list: [secret] },
    i: 7_777_777,
    x: 7_777_777.5,
  };
  for (const source of [
    's == d.missing',
    'd[s] > 1',
    'd[s].a == 1',
    'd.list[i] == ""',
    'l[i] == ""',
    'd.list.all(v, v)',
    'd[s]',
    'd.list > 1',
    'i * 9223372036854775807 == i',
    'x / 0.0 > x',
    'x * 1e308 > x',
    'd.list.exists(v, v.startsWith(d))',
    'd[s].exists(v, true)',
    '-d[s] == 1',
    's in d[s]',
  ]) {
    const result = evaluate(sample, source, facts);
    expect(result, source).toMatchObject({ kind: 'evaluation' });
    expect(JSON.stringify(result), source).not.toMatch(/glpat|0123|777/);
  }
  for (const name of ['s', 'i', 'x', 'b', 'l', 'd']) {
    const bad = {
      [name]: (name === 's' ? [secret] : name === 'd' ? new Map([[secret, 1]]) : secret) as FactValue,
    };
    expect(JSON.stringify(evaluate(sample, `${name} == ${name}`, bad)), name).not.toContain('glpat');
  }
});
