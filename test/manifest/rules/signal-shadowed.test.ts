import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/signal-shadowed.ts';
import { processorTime } from '../../support/processor-time.ts';
import { apply, wrongTypes } from '../../support/rule.ts';
import { applyAll } from '../apply-further.ts';

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
  const spent = processorTime();
  expect(rule.check({ index: 0, data, kind: 'Agent' })).toEqual([]);
  expect(spent()).toBeLessThan(5_000);
});

test('a checkpoint is noted and hides nothing; it is hidden like the others', () => {
  const yaml = signals(
    '{signal: checkpoint, condition: "true", priority: 9}',
    '{signal: blocked, condition: a, priority: 8}',
    '{signal: checkpoint, condition: a, priority: 7}',
    '{signal: complete, condition: a, priority: 6}',
  );
  expect(apply(rule, yaml).map((said) => said.split(':')[0])).toEqual([
    'spec.completion.signals[2].signal',
    'spec.completion.signals[3].signal',
  ]);
});

test('RULE_SIGNAL_SHADOWED: what always fires is also told by reading its condition, and told once', async () => {
  expect(rule.code).toBe('RULE_SIGNAL_SHADOWED');
  const yaml = signals(
    '{signal: continue, condition: "iteration_count <= max_iterations", priority: 2}',
    '{signal: complete, condition: "confidence > 0.9", priority: 1}',
  );
  expect(apply(rule, yaml)).toEqual([]);
  expect(await applyAll(rule, yaml)).toEqual([
    'spec.completion.signals[1].signal: signal "complete" (priority 1) can never be raised: ' +
      '"continue" (priority 2) is tried first and always fires',
  ]);
  const literal = yaml.replace('iteration_count <= max_iterations', 'true');
  expect(await applyAll(rule, literal)).toHaveLength(1);
  const reported = yaml.replace('iteration_count <= max_iterations', 'confidence <= 1');
  expect(await applyAll(rule, reported)).toEqual([]);
});
