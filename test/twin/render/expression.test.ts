import { expect, test } from 'vitest';
import { parseExpression } from '../../../components/twin/render/expression.ts';

const facts = {
  variables: { A: 'a', EMPTY: '', BLANK: ' ', PATTERN: '/^A$/i', BROKEN: 'a', NUMBER: '1' },
  inputs: { kind: 'aws', flag: true, job_prefix: 'x', count: 2 },
};

test.each([
  ['$A', true],
  ['$UNKNOWN', false],
  ['$EMPTY', false],
  ['$BLANK', false],
  ['!$UNKNOWN', true],
  ['$A == "a"', true],
  ["$A == 'b'", false],
  ['$A != "b"', true],
  ['$UNKNOWN == null', true],
  ['$EMPTY == null', false],
  ['$EMPTY != ""', false],
  ['$A == $A', true],
  ['$A =~ /^A$/', false],
  ['$A =~ /^A$/i', true],
  ['$A =~ $PATTERN', true],
  ['$A =~ $BROKEN', false],
  ['$A !~ /b/', true],
  ['$UNKNOWN =~ /^$/', true],
  ['"a/b" =~ /^a\\/b$/', true],
  ['$A == "a" && $UNKNOWN', false],
  ['$UNKNOWN || $A == "a"', true],
  ['$UNKNOWN && $UNKNOWN || $A', true],
  ['$A || $UNKNOWN && $UNKNOWN', true],
  ['($A || $UNKNOWN) && $UNKNOWN', false],
  ['$[[ inputs.kind ]] == "aws"', true],
  ['$[[inputs.flag]] == true', true],
  ['$[[ inputs.flag ]] == "true"', false],
  ['$[[ inputs.job_prefix ]] == "x"', true],
  ['$[[ inputs.nothing ]] == null', true],
  ['false', false],
])('%s is %s', (text, expected) => {
  expect(parseExpression(text)?.holds(facts)).toBe(expected);
});

test.each([
  '',
  '$A =',
  '$A ==',
  '== $A',
  '$A $A',
  '($A',
  '$A)',
  '$A =~ /(/',
  '$A & $A',
  '"open',
  '$[[ inputs.job-prefix ]] == "x"',
  Array(101).fill('!').join(''),
])('%j is no expression', (text) => {
  expect(parseExpression(text)).toBeUndefined();
});

test('an expression knows the inputs it reads', () => {
  expect(parseExpression('$[[ inputs.a ]] == $[[ inputs.b_c ]]')?.inputs).toEqual(['a', 'b_c']);
});
