import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/signal-shadowed.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

function signals(...rows: string[]): string {
  return `kind: Agent\nspec: {completion: {signals: [${rows.join(', ')}]}}`;
}

test('a higher priority that always fires hides all below', () => {
  const yaml = signals(
    '{signal: blocked, condition: a, priority: 1}',
    '{signal: complete, condition: "true", priority: 9}',
    '{signal: escalate, condition: b, priority: 10}',
  );
  expect(apply(rule, yaml)).toEqual([
    'spec.completion.signals[0].signal: signal "blocked" (priority 1) can never be raised: ' +
      '"complete" (priority 9) is tried first and always fires',
  ]);
});

test('the same condition hides, whatever its layout; a quoted text keeps its spaces', () => {
  const same = signals(
    '{signal: a, condition: "x > 1", priority: 2}',
    '{signal: b, condition: " x>1 ", priority: 1}',
  );
  expect(apply(rule, same)).toHaveLength(1);
  const other = signals(`{signal: a, condition: "x == 'a b'"}`, `{signal: b, condition: "x == 'ab'"}`);
  expect(apply(rule, other)).toEqual([]);
});

test('of equal priorities the first in the document is tried first', () => {
  const yaml = signals('{signal: a, condition: "true"}', '{signal: b, condition: x}');
  expect(apply(rule, yaml)).toHaveLength(1);
});

test('a signal without a condition is the agent’s to raise and hides nothing', () => {
  expect(
    apply(rule, signals('{signal: a, priority: 9}', '{signal: b, condition: x}', '{signal: c}')),
  ).toEqual([]);
});

test.each(wrongTypes)('%s where signals stand', (value) => {
  expect(apply(rule, `kind: Agent\nspec: {completion: {signals: ${value}}}`)).toEqual([]);
  expect(apply(rule, signals(`{signal: ${value}, condition: ${value}, priority: ${value}}`))).toEqual([]);
});

test('20,000 signals end at once', () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => ({
    signal: 'continue',
    condition: `a == ${index}`,
  }));
  const data = { kind: 'Agent', spec: { completion: { signals: rows } } };
  const started = performance.now();
  expect(rule.check({ index: 0, data, kind: 'Agent' })).toEqual([]);
  expect(performance.now() - started).toBeLessThan(5_000);
});
