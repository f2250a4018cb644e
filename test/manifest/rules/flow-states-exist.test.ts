import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/flow-states-exist.ts';
import { apply, wrongTypes } from '../../support/rule.ts';
import { issuesOf } from '../apply-further.ts';

const flow = (initial: string, from: string, to: string) =>
  `kind: Flow\nspec: {flow_schema: {initial_state: ${initial}, states: [{name: ready}, {name: done}]}, transitions: [{from: ${from}, to: ${to}}]}`;

test('RULE_FLOW_STATES_EXIST: where it begins, and both ends of a transition', async () => {
  expect(rule.code).toBe('RULE_FLOW_STATES_EXIST');
  expect(apply(rule, flow('ready', 'ready', 'done'))).toEqual([]);
  const initial = 'spec.flow_schema.initial_state';
  expect(apply(rule, flow('raedy', 'redy', 'gone'))).toEqual([
    `${initial}: ${initial} is "raedy", which is no state of this flow`,
    'spec.transitions[0].from: spec.transitions[0].from is "redy", which is no state of this flow',
    'spec.transitions[0].to: spec.transitions[0].to is "gone", which is no state of this flow',
  ]);
  const issues = await issuesOf(rule, flow('raedy', 'redy', 'gone'));
  expect(issues.map(({ suggestion }) => suggestion)).toEqual(['ready', 'ready', 'done']);
});

test('only flows have states', () => {
  expect(apply(rule, flow('a', 'b', 'c').replace('Flow', 'Agent'))).toEqual([]);
});

test.each(wrongTypes.filter((value) => value !== 'text'))('%s where states stand', (value) => {
  expect(apply(rule, `kind: Flow\nspec: {flow_schema: ${value}, transitions: ${value}}`)).toEqual([]);
  expect(apply(rule, `kind: Flow\nspec: {flow_schema: {initial_state: ${value}, states: ${value}}}`)).toEqual(
    [],
  );
  expect(apply(rule, flow('ready', value, value))).toEqual([]);
});
