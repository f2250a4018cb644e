import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/flow-state-declared-twice.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test('RULE_FLOW_STATE_DECLARED_TWICE: a name stands for one state', () => {
  expect(rule.code).toBe('RULE_FLOW_STATE_DECLARED_TWICE');
  const yaml = 'kind: Flow\nspec: {flow_schema: {states: [{name: a}, {name: b}, {name: a}]}}';
  expect(apply(rule, yaml)).toEqual([
    'spec.flow_schema.states[2].name: the state "a" is declared already at spec.flow_schema.states[0]',
  ]);
  expect(apply(rule, yaml.replace('Flow', 'Workflow'))).toEqual([]);
});

test.each(wrongTypes)('%s where states stand', (value) => {
  expect(apply(rule, `kind: Flow\nspec: {flow_schema: {states: ${value}}}`)).toEqual([]);
  expect(apply(rule, `kind: Flow\nspec: {flow_schema: {states: [{name: ${value}}]}}`)).toEqual([]);
});
