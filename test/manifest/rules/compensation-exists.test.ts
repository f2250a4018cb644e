import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/compensation-exists.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

function workflow(onError: object, handling: object = {}): string {
  const spec = { steps: [{ id: 'a', on_error: onError }], error_handling: handling };
  return JSON.stringify({ kind: 'Workflow', spec });
}

test('RULE_COMPENSATION_EXISTS: a step that is to be made good says by what', () => {
  expect(rule.code).toBe('RULE_COMPENSATION_EXISTS');
  expect(apply(rule, workflow({ action: 'compensate' }))).toEqual([
    'spec.steps[0].on_error.action: a failure is to be made good, and on_error.compensation does not say by what',
  ]);
  expect(apply(rule, workflow({ action: 'compensate', compensation: { id: 'undo' } }))).toEqual([]);
  expect(apply(rule, workflow({ action: 'fail' }))).toEqual([]);
});

test.each(['rollback', 'compensate', 'compensation'])('so does a workflow that answers with %s', (word) => {
  const path = 'spec.error_handling.on_failure';
  expect(apply(rule, workflow({}, { on_failure: word }))).toEqual([
    `${path}: a failure is to be answered with "${word}", and there is no step that would do it`,
  ]);
  expect(apply(rule, workflow({}, { on_failure: word, compensation_steps: [{ id: 'undo' }] }))).toEqual([]);
  expect(apply(rule, workflow({ compensation: { id: 'undo' } }, { on_failure: word }))).toEqual([]);
});

test('halting needs nothing', () => {
  expect(apply(rule, workflow({}, { on_failure: 'halt' }))).toEqual([]);
});

test.each(wrongTypes)('%s where failures are handled', (value) => {
  expect(apply(rule, `kind: Workflow\nspec: {steps: ${value}, error_handling: ${value}}`)).toEqual([]);
  expect(apply(rule, `kind: Workflow\nspec: {error_handling: {on_failure: ${value}}}`)).toEqual([]);
  expect(apply(rule, `kind: Workflow\nspec: {steps: [{on_error: {action: ${value}}}]}`)).toEqual([]);
});
