import { expect, test } from 'vitest';
import { listed, nearest } from '../../components/kernel/suggest.ts';
import { processorTime } from '../support/processor-time.ts';

test.each([
  ['escalated', ['continue', 'escalate'], 'escalate'],
  ['hihg', ['low', 'high'], 'high'],
  ['agent', ['Agent', 'Task'], 'Agent'],
  ['ossa/v0.4.6!!garbage', ['ossa/v0.3.6', 'ossa/v0.4.6'], 'ossa/v0.4.6'],
  ['banana', ['Agent', 'Task'], undefined],
  ['x', [], undefined],
])('%s among %j means %s', (name, known, meant) => {
  expect(nearest(name, known)).toBe(meant);
});

test('a hostile name costs no time', () => {
  const spent = processorTime();
  nearest('a'.repeat(1_000_000), ['a'.repeat(50)]);
  expect(spent()).toBeLessThan(5_000);
});

test('long lists are cut with the count of the rest', () => {
  expect(listed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  expect(listed(['a', 'b'], 2)).toBe('a, b');
});
