import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/goto-target-exists.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

function workflow(onError: object): string {
  return JSON.stringify({ kind: 'Workflow', spec: { steps: [{ id: 'a', on_error: onError }, { id: 'b' }] } });
}

test('RULE_GOTO_TARGET_EXISTS: a jump leads to a step', () => {
  expect(rule.code).toBe('RULE_GOTO_TARGET_EXISTS');
  expect(apply(rule, workflow({ action: 'goto', goto: 'b' }))).toEqual([]);
  expect(apply(rule, workflow({ action: 'goto', goto: 'c' }))).toEqual([
    'spec.steps[0].on_error.goto: spec.steps[0].on_error.goto is "c", which is no step of this workflow',
  ]);
  expect(apply(rule, workflow({ action: 'goto' }))).toEqual([
    'spec.steps[0].on_error.action: a failure is to jump to another step, and on_error.goto does not say to which',
  ]);
  expect(apply(rule, workflow({ action: 'fail' }))).toEqual([]);
});

test.each(wrongTypes.filter((value) => value !== 'text'))('%s where steps stand', (value) => {
  expect(apply(rule, `kind: Workflow\nspec: {steps: ${value}}`)).toEqual([]);
  expect(apply(rule, `kind: Workflow\nspec: {steps: [{id: a, on_error: ${value}}]}`)).toEqual([]);
  expect(
    apply(rule, `kind: Workflow\nspec: {steps: [{id: a, on_error: {goto: ${value}, action: ${value}}}]}`),
  ).toEqual([]);
});
