import { describe, expect, test } from 'vitest';
import { functionNames } from '../../components/expressions/language.ts';
import type { Evaluator } from '../../components/expressions/types.ts';
import { condition, mistakes, policy, sample, signal } from './evaluators.ts';

/** Text, part that is wrong, message, and what else is said about it. */
type Row = readonly [source: string, part: string, message: string, more?: object];

function table(evaluator: Evaluator, rows: readonly Row[]): void {
  const cases = rows.map(([source, part, message, more]) => ({ source, issue: { part, message, ...more } }));
  test.each(cases)('$source', ({ source, issue }) => {
    expect(mistakes(evaluator, source)).toEqual([expect.objectContaining(issue)]);
  });
}

describe('names', () => {
  table(signal, [
    [
      'confidense < 0.4',
      'confidense',
      'there is no "confidense" here',
      { suggestion: 'confidence', got: 'confidense' },
    ],
    [
      'true || foo',
      'foo',
      'there is no "foo" here',
      { expected: expect.stringContaining('one of: iteration_count,') },
    ],
    ['confidence.value > 1.0', 'confidence.value', '"confidence" is a double and has no parts'],
    ['confidence["x"] > 1.0', 'confidence["x"]', 'double has no parts'],
    ['constructor == 1', 'constructor', 'there is no "constructor" here'],
    ['toString', 'toString', 'there is no "toString" here'],
    ['cost_usd.constructor == 1', 'cost_usd.constructor', '"cost_usd" is a double and has no parts'],
    ['__proto__ == 1', '__proto__', 'reserved identifier: __proto__'],
    ['int == int', 'int', 'there is no "int" here'],
  ]);
  table(policy, [
    ['agent.teir == ""', 'agent.teir', 'there is no "agent.teir" here', { suggestion: 'agent.tier' }],
    ['agnt.tier == ""', 'agnt.tier', 'there is no "agnt.tier" here', { suggestion: 'agent.tier' }],
    ['tier == ""', 'tier', 'there is no "tier" here'],
    ['agent == ""', 'agent', '"agent" is not a fact but a group of facts'],
    ['agent["tier"] == ""', 'agent', '"agent" is not a fact but a group of facts'],
    ['agent.constructor == ""', 'agent.constructor', 'there is no "agent.constructor" here'],
    ['agent.tier.length == 1', 'agent.tier.length', '"agent.tier" is a string and has no parts'],
  ]);
  table(condition, [
    ['inptu.name == ""', 'inptu', 'there is no "inptu" here', { suggestion: 'input' }],
    ['has(inptu.name)', 'inptu', 'there is no "inptu" here', { suggestion: 'input' }],
    ['input.all(x, y > 1)', 'y', 'there is no "y" here'],
    ['input.all(x, true) && x', 'x', 'there is no "x" here'],
    ['input.all(input, true)', 'input', '"input" is a fact; the variable needs another name'],
  ]);
});

describe('functions', () => {
  const expected = `one of: ${functionNames.join(', ')}`;
  table(sample, [
    [
      's.startWith("a")',
      'startWith',
      'there is no function "startWith" here',
      { suggestion: 'startsWith', expected },
    ],
    ['s.split("a") == []', 'split', 'there is no function "split" here', { expected }],
    ['s.toString() == ""', 'toString', 'there is no function "toString" here'],
    ['s.constructor("") == ""', 'constructor', 'there is no function "constructor" here'],
    ['type(s) == type(t)', 'type', 'there is no function "type" here'],
    ['int(x) == 1', 'int', expect.stringContaining('no function "int" here: numbers need no conversion')],
    ['timestamp(s) == timestamp(t)', 'timestamp', expect.stringContaining('there are no times here')],
    [
      'startsWith(s, "a")',
      'startsWith',
      'startsWith() is not called like this',
      { expected: 'text.startsWith("start")' },
    ],
    ['s.startsWith()', 'startsWith', 'startsWith() is not called like this'],
    ['size(s, t) == 1', 'size', 'size() is not called like this', { expected: 'size(list) or list.size()' }],
    ['l.all(p)', 'all', 'all() is not called like this', { expected: 'list.all(x, condition)' }],
    ['l.all(1, true)', '1', 'the first part of all() must be a new name'],
    ['l.exists(a, d.all(c, a == c))', 'all', 'all() stands inside of another one; only one level is allowed'],
    ['s.all(c, true)', 's', 'string has no items to visit'],
    ['s.startsWith(1)', 's.startsWith(1)', 'startsWith() has no meaning for string and int'],
    ['size(i) == 1', 'size(i)', 'size() has no meaning for int'],
    ['s.matches(t)', 't', 'the pattern of matches() must be a text in quotes'],
    ['s.matches("a" + "b")', '"a" + "b"', 'the pattern of matches() must be a text in quotes'],
    ['s.matches("(")', '"("', 'the regular expression is wrong: missing closing ): `(`'],
    [
      's.matches("(?=a)")',
      '"(?=a)"',
      'the regular expression is wrong: invalid or unsupported Perl syntax: `(?=`',
    ],
    ['s.matches("(a)\\\\1")', '"(a)\\\\1"', expect.stringContaining('the regular expression is wrong')],
    ['s.matches("\\\\pL{999}b")', '"\\\\pL{999}b"', 'the regular expression is too large'],
  ]);
  table(condition, [
    ['has(input)', 'input', 'has() is not for facts: an absent fact is an error'],
    ['has(exit_code)', 'exit_code', 'has() is not for facts: an absent fact is an error'],
    [
      'has(input["key"])',
      'input["key"]',
      'has() takes a key of a JSON value',
      { expected: 'has(input.key)' },
    ],
    ['has(1)', '1', 'has() takes a key of a JSON value'],
  ]);
  table(policy, [['has(agent.role)', 'agent.role', 'has() is not for facts: an absent fact is an error']]);
});

describe('types', () => {
  table(sample, [
    ['i', 'i', 'the result is neither true nor false', { expected: 'bool', got: 'int' }],
    ['l.map(p, p)', 'l.map(p, p)', 'the result is neither true nor false', { got: 'list<string>' }],
    ['b ? 1 : 2', 'b ? 1 : 2', 'the result is neither true nor false', { got: 'int' }],
    ['i == "a"', 'i == "a"', '"==" has no meaning between int and string'],
    ['x % 2 == 0', 'x % 2', '"%" has no meaning between double and int'],
    ['i in l', 'i in l', '"in" has no meaning between int and list<string>'],
    ['s in "abc"', 's in "abc"', '"in" has no meaning between string and string'],
    ['!i', '!i', '"!" has no meaning for int'],
    ['-s == ""', '-s', '"-" has no meaning for string'],
    ['b && i', 'b && i', '"&&" and "||" need bool on both sides', { expected: 'bool', got: 'int' }],
    ['i ? b : b', 'i', 'the condition is not a bool', { got: 'int' }],
    ['l.all(p, p)', 'p', 'the condition is not a bool', { got: 'string' }],
    ['(b ? 1 : "a") == 1', 'b ? 1 : "a"', '"?" gives int or string; both must be of one type'],
    ['s in ["a", 1]', '1', 'all items must be of the type of the first', { expected: 'string', got: 'int' }],
    ['l["a"] == ""', 'l["a"]', 'an index of a list is an int', { got: 'string' }],
    ['9223372036854775808 > 0', '9223372036854775808', 'the number is beyond the 64 bits of an int'],
    ['0xffffffffffffffff > 0', '0xffffffffffffffff', 'the number is beyond the 64 bits of an int'],
    ['i == 1u', '1u', 'there are no unsigned numbers here'],
    ['b"a" == b', 'b"a"', 'there are no bytes here'],
    ['{s: 1} == {}', 's', 'a key of a map must be a text in quotes'],
    ['{1: 1} == {}', '1', 'a key of a map must be a text in quotes'],
    ['{"a": 1, "a": 2} == {}', '"a"', 'the key is there twice'],
  ]);
});

describe('syntax', () => {
  table(sample, [
    ['', '', 'the expression is empty'],
    ['  ', '  ', 'the expression is empty'],
    ['i >', '', 'the expression ends too early'],
    ['(b', '', 'the expression ends too early'],
    ['s == "abc', '"abc', 'unterminated string'],
    ['i = 1', '=', '"=" cannot stand here', { suggestion: '==' }],
    ['i === 1', '===', '"===" cannot stand here', { suggestion: '==' }],
    ['i !== 1', '!==', '"!==" cannot stand here', { suggestion: '!=' }],
    ['i <> 1', '<>', '"<>" cannot stand here', { suggestion: '!=' }],
    ['i == ) 1', ')', '")" cannot stand here'],
    ['b &&) b', ')', '")" cannot stand here'],
    ['b and b', 'and', '"and" cannot stand here', { suggestion: '&&' }],
    ['b OR b', 'OR', '"OR" cannot stand here', { suggestion: '||' }],
    ['b & b', '&', '"&" cannot stand here', { suggestion: '&&' }],
    ['not b', 'not', '"not" cannot stand here', { suggestion: '!' }],
    ['b || not  b', 'not', '"not" cannot stand here', { suggestion: '!' }],
    ['i == 1;', ';', '";" cannot stand here'],
    ['b 🦊', '🦊', '"🦊" cannot stand here'],
    ['x > 1e999', '1e999', 'invalid number: Infinity'],
    [`${'('.repeat(40)}b${')'.repeat(40)}`, '', 'the expression is too deep', { expected: 'at most 24' }],
    [`${'b&&'.repeat(300)}b`, '', 'the expression is too large', { expected: 'at most 300' }],
    [
      `[${'1,'.repeat(101)}1] == []`,
      '',
      'the expression is too long at this place',
      { expected: 'at most 100' },
    ],
  ]);

  test('the longest expression has 1,000 characters', () => {
    expect(mistakes(sample, `b${' '.repeat(999)}`)).toEqual([]);
    expect(mistakes(sample, `b${' '.repeat(1000)}`)).toEqual([
      expect.objectContaining({
        message: 'the expression is too long',
        expected: 'at most 1000 characters',
        got: '1001 characters',
      }),
    ]);
  });
});

describe('all of them at once', () => {
  test('names, functions and literals are told apart and all reported, a name once', () => {
    const source = 'confidense < 0.4 && cofidence > 1u && cost.split("") == target.foo && confidense > 1.0';
    expect(mistakes(signal, source).map(({ part, message }) => [part, message])).toEqual([
      ['confidense', 'there is no "confidense" here'],
      ['cofidence', 'there is no "cofidence" here'],
      ['1u', 'there are no unsigned numbers here'],
      ['split', 'there is no function "split" here'],
      ['cost', 'there is no "cost" here'],
      ['target.foo', '"target" is a double and has no parts'],
    ]);
  });

  test('also inside of quantifiers that nest', () => {
    const source = 'input.all(x, output.all(y, y == x && foo) && bar)';
    expect(mistakes(condition, source).map(({ part }) => part)).toEqual(['all', 'foo', 'bar']);
  });

  test('more than eight regular expressions are refused before they are compiled', () => {
    const source = Array.from({ length: 10 }, (_, n) => `s.matches("a{${n + 1}}")`).join(' || ');
    expect(mistakes(sample, source).map(({ part, message }) => [part, message])).toEqual([
      ['matches', 'more than 8 regular expressions; join them with "|"'],
      ['matches', 'more than 8 regular expressions; join them with "|"'],
    ]);
  });
});
