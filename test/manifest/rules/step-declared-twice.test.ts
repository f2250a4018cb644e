import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/step-declared-twice.ts';
import { processorTime } from '../../support/processor-time.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test('RULE_STEP_DECLARED_TWICE: ids are unique in the whole workflow', () => {
  expect(rule.code).toBe('RULE_STEP_DECLARED_TWICE');
  const steps = [
    { id: 'a', parallel: [{ id: 'b' }, { id: 'c' }] },
    { id: 'd', branches: [{ condition: 'x', steps: [{ id: 'b' }] }], else: [{ id: 'd' }] },
  ];
  expect(apply(rule, JSON.stringify({ kind: 'Workflow', spec: { steps } }))).toEqual([
    'spec.steps[1].else[0].id: the step "d" is declared already at spec.steps[1]',
    'spec.steps[1].branches[0].steps[0].id: the step "b" is declared already at spec.steps[0].parallel[0]',
  ]);
  expect(apply(rule, JSON.stringify({ kind: 'Agent', spec: { steps: [{ id: 'a' }, { id: 'a' }] } }))).toEqual(
    [],
  );
});

test.each(wrongTypes)('%s where steps stand', (value) => {
  expect(apply(rule, `kind: Workflow\nspec: {steps: ${value}, error_handling: ${value}}`)).toEqual([]);
  const step = `{id: ${value}, parallel: ${value}, steps: ${value}, else: ${value}, branches: ${value}, on_error: ${value}}`;
  expect(apply(rule, `kind: Workflow\nspec: {steps: [${step}]}`)).toEqual([]);
});

test('50,000 steps end at once', () => {
  const steps = Array.from({ length: 50_000 }, (_, index) => ({ id: `s${index}` }));
  const spent = processorTime();
  expect(rule.check({ index: 0, data: { spec: { steps: [{ id: 'a', steps }] } }, kind: 'Workflow' })).toEqual(
    [],
  );
  expect(spent()).toBeLessThan(5_000);
});
