import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/flow-nodes-exist.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test('RULE_FLOW_NODES_EXIST: both ends of an edge', () => {
  expect(rule.code).toBe('RULE_FLOW_NODES_EXIST');
  const yaml = 'kind: Flow\nspec: {nodes: [{id: a}, {id: b}], edges: [{from: a, to: b}, {from: c, to: d}]}';
  expect(apply(rule, yaml)).toEqual([
    'spec.edges[1].from: spec.edges[1].from is "c", which is no node of this flow',
    'spec.edges[1].to: spec.edges[1].to is "d", which is no node of this flow',
  ]);
  expect(apply(rule, yaml.replace('Flow', 'Agent'))).toEqual([]);
});

test('without nodes nobody knows what edges are between', () => {
  expect(apply(rule, 'kind: Flow\nspec: {edges: [{from: c, to: d}]}')).toEqual([]);
});

test.each(wrongTypes.filter((value) => value !== 'text'))('%s where nodes and edges stand', (value) => {
  expect(apply(rule, `kind: Flow\nspec: {nodes: ${value}, edges: ${value}}`)).toEqual([]);
  expect(
    apply(rule, `kind: Flow\nspec: {nodes: [{id: a}], edges: [{from: ${value}, to: ${value}}]}`),
  ).toEqual([]);
});
